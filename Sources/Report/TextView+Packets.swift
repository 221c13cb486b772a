internal import LabScript
internal import Timeline

extension TextView {
  /// The row of a packet: `:33226 -> kodos:8080  [S] seq 0 win 64240  SYN`.
  func row(for packet: PacketSample, who: String) -> Row {
    let way =
      switch packet.direction {
      case .out: "\(ownEnd(packet.source))-> \(named(packet.destination))"
      case .in: "\(ownEnd(packet.destination))<- \(named(packet.source))"
      }
    var parts = [way]
    if let flags = packet.flags {
      parts.append("[\(TextView.letters(of: flags))] \(numbers(of: packet))")
      if options.verbosity == .everything, let text = packet.text { parts.append(text) }
    } else {
      parts.append([packet.carried, packet.text].compactMap { $0 }.joined(separator: " "))
    }
    if let meaning = packet.meaning { parts.append(meaning) }
    if packet.fate == .lost { parts.append("LOST " + (packet.cause ?? "")) }
    if options.verbosity == .everything, let took = packet.took {
      parts.append("arrived after \(Duration.nanoseconds(took).text)")
    }
    return Row(who: who, text: parts.joined(separator: "  "), tint: packet.fate == .lost ? .failure : .faint)
  }

  private func numbers(of packet: PacketSample) -> String {
    var words: [String] = []
    if let start = packet.sequence {
      words.append(packet.length > 0 ? "seq \(start):\(start + packet.length)" : "seq \(start)")
    }
    if packet.flags?.contains("ACK") == true, let place = packet.acknowledgment { words.append("ack \(place)") }
    if let window = packet.window { words.append("win \(window)") }
    return words.joined(separator: " ")
  }

  /// The port at the host's own end, and a blank; the host is named in the column before.
  private func ownEnd(_ end: String) -> String {
    guard end.contains("."), let port = SocketSample.port(of: end) else { return "" }
    return ":\(port) "
  }

  /// An address with its host's name in place of the number.
  private func named(_ end: String) -> String {
    for host in script.hosts {
      if end == host.address { return host.name }
      if end.hasPrefix(host.address + ":") { return host.name + end.dropFirst(host.address.count) }
    }
    return end
  }

  /// The flags as tcpdump writes them: `[S.]` for SYN and ACK.
  private static func letters(of flags: String) -> String {
    let letters = ["SYN": "S", "FIN": "F", "RST": "R", "PSH": "P", "URG": "U", "ECE": "E", "CWR": "W", "ACK": "."]
    return flags.split(separator: " ").compactMap { letters[String($0)] }.joined()
  }
}
