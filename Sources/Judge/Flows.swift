internal import Timeline

/// The packets of one TCP connection, seen from one of its ends.
struct Flow {
  /// One packet, and when the end's own interface saw it.
  struct Passage {
    var time: Moment
    var packet: PacketSample

    func has(_ flag: String) -> Bool { packet.flags?.split(separator: " ").contains { $0 == flag } ?? false }
  }

  /// Address and port of this end.
  var local: String
  /// Address and port of the other.
  var remote: String
  /// What this end sent, the earlier first.
  var sent: [Passage] = []
  /// What came in, the earlier first.
  var received: [Passage] = []
}

extension Record {
  /// The TCP connections of a host, as its packets show them, in the order of their first packets.
  ///
  /// A packet whose destination was changed on the way belongs to none.
  func flows(of host: String) -> [Flow] {
    var flows: [Flow] = []
    var places: [String: Int] = [:]
    func place(_ local: String, _ remote: String) -> Int {
      let ends = local + " " + remote
      if let place = places[ends] { return place }
      places[ends] = flows.count
      flows.append(Flow(local: local, remote: remote))
      return flows.count - 1
    }
    var arrivals: [(ends: (String, String), passage: Flow.Passage)] = []
    for event in events {
      guard case .packet(let packet) = event.body, packet.flags != nil else { continue }
      if event.host == host, packet.direction == .out {
        flows[place(packet.source, packet.destination)].sent.append(Flow.Passage(time: event.time, packet: packet))
      } else if event.host == host || packet.fate == .arrived {
        let time = event.host == host ? event.time : event.time + .nanoseconds(packet.took ?? 0)
        arrivals.append(((packet.destination, packet.source), Flow.Passage(time: time, packet: packet)))
      }
    }
    for (ends, passage) in arrivals {
      // What the host never sent anything on is another host's.
      guard let place = places[ends.0 + " " + ends.1] else { continue }
      flows[place].received.append(passage)
    }
    for index in flows.indices { flows[index].received.sort { $0.time < $1.time } }
    return flows
  }
}
