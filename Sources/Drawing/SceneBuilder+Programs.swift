internal import LabScript
internal import Report
internal import Timeline

extension SceneBuilder {
  /// Adds the row of a system call, and its bar where the program was blocked in it.
  mutating func add(_ call: SystemCall, _ event: Event) {
    let lane = lane(of: event)
    let peer = event.peer ?? ""
    if call.phase == .enter {
      blocked[peer] = (call.name, event.time)
    } else {
      var since = event.time + .nanoseconds(-max(0, call.took ?? 0))
      if let entered = blocked.removeValue(forKey: peer), entered.name == call.name {
        since = min(entered.since, event.time)
      }
      addCall(call.name, from: since, until: event.time, peer: peer, lane: lane)
    }
    let name = call.errorName ?? ""
    let tone: Scene.Tone = call.hasFailed && name != "EAGAIN" && name != "EINPROGRESS" ? .failure : .plain
    add(
      peerName(peer) + call.text,
      .call,
      call.phase == .enter ? .faint : tone,
      level: UInt8(call.neededVerbosity.rawValue),
      at: event.time,
      lane: lane
    )
  }

  /// Blocking for less than this is not worth a bar.
  private static let shortest: Duration = .microseconds(200)

  private mutating func addCall(_ name: String, from: Moment, until: Moment, peer: String, lane: Int?) {
    guard let lane, until - from >= SceneBuilder.shortest, let entity = programs["\(lane) \(peer)"] else { return }
    scene.spans.append(
      Scene.Span(kind: .call, from: from, until: until, lane: lane, text: "blocked in \(name)", entity: entity)
    )
  }

  mutating func startProgram(_ event: Event, _ lane: Int?) {
    guard let lane, let peer = event.peer, programs["\(lane) \(peer)"] == nil else { return }
    scene.entities.append(Scene.Entity(name: peer, lane: lane, isProgram: true))
    programs["\(lane) \(peer)"] = scene.entities.count - 1
  }

  /// A program that ends is blocked in nothing any more.
  mutating func endProgram(_ event: Event) {
    guard let peer = event.peer, let entered = blocked.removeValue(forKey: peer) else { return }
    addCall(entered.name, from: entered.since, until: event.time, peer: peer, lane: lane(of: event))
  }

  /// Ends what is still going on at the end of the run.
  mutating func close() {
    closeSockets()
    for (peer, entered) in blocked.sorted(by: { $0.key < $1.key }) {
      let lane = programs.keys.first { $0.hasSuffix(" \(peer)") }.flatMap { Int($0.prefix { $0 != " " }) }
      addCall(entered.name, from: entered.since, until: end, peer: peer, lane: lane)
    }
    for (key, _) in outages.sorted(by: { ($0.value.since, $0.key) < ($1.value.since, $1.key) }) {
      endOutage(key, at: end)
    }
  }

  /// Adds a fault's band, and the outage that it begins or ends.
  mutating func addFault(_ line: Int, _ text: String, _ event: Event) {
    let step = run.script.steps.first { $0.line == line }
    let words = step?.delay == nil ? text : text.split(separator: " ").dropFirst(2).joined(separator: " ")
    add(words, .fault, .deed, at: event.time)
    guard let step else { return }
    switch step.action {
    case .power(.off, let host): begin("power \(host)", "no power", host, event.time)
    case .power(_, let host):
      for kind in ["power", "wire"] { endOutage("\(kind) \(host)", at: event.time) }
    case .wire(let fault, let host):
      switch fault {
      case .restore, .plug: endOutage("wire \(host)", at: event.time)
      case .unplug: begin("wire \(host)", "unplugged", host, event.time)
      case .cut: begin("wire \(host)", "wire cut", host, event.time)
      case .cutInto: begin("wire \(host)", "nothing comes in", host, event.time)
      case .cutOutOf: begin("wire \(host)", "nothing gets out", host, event.time)
      }
    case .signal(.freeze, let peer): begin("peer \(peer)", "\(peer) is frozen", host(of: peer), event.time)
    case .signal(.thaw, let peer), .signal(.kill, let peer): endOutage("peer \(peer)", at: event.time)
    case .firewall: begin("firewall", "firewall", nil, event.time)
    case .clearFirewall: endOutage("firewall", at: event.time)
    default: break
    }
  }

  private func host(of peer: String) -> String { run.script.peers.first { $0.name == peer }?.host ?? "" }

  private mutating func begin(_ key: String, _ text: String, _ host: String?, _ time: Moment) {
    if outages[key] != nil, key == "firewall" { return }
    endOutage(key, at: time)
    outages[key] = Outage(since: time, lane: host.flatMap { lanes[$0] }, text: text)
  }

  private mutating func endOutage(_ key: String, at time: Moment) {
    guard let outage = outages.removeValue(forKey: key) else { return }
    scene.spans.append(
      Scene.Span(
        kind: .outage,
        from: outage.since,
        until: max(outage.since, time),
        lane: outage.lane,
        style: key.hasPrefix("power") ? 0 : 1,
        text: outage.text
      )
    )
  }
}
