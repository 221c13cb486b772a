internal import LabScript
internal import Packets

/// What the lab's statements have done to the ways between the hosts, and when: the reasons why packets die.
///
/// A statement is put in force by tools that take a few milliseconds. Meanwhile both the state before and the state
/// after it may be the reason.
struct FaultHistory {
  /// A statement that packets die of.
  struct Reason: Hashable {
    /// Where and of what: `kodos has no power: power off kodos`.
    var text: String
    /// The statement's line.
    var line: Int
  }

  fileprivate enum WireState {
    case whole
    case off
    case broken(WireFault)
  }

  /// A state that a wire got into by a statement.
  fileprivate struct Change {
    var state: WireState
    var start: Int64
    var end: Int64 = .max
    var statement: (text: String, line: Int)
  }

  private struct Rule {
    var rule: FirewallRule
    var start: Int64
    var inForce: Int64 = .max
    var end: Int64 = .max
    var gone: Int64 = .max
    var used = 0
    var statement: (text: String, line: Int)
  }

  private let kind: NetworkKind
  /// The addresses of each host, those included by which a middle box makes it known.
  private let addresses: [String: Set<IPAddress>]
  private let middlebox: Middlebox?
  private var wires: [String: [Change]] = [:]
  private var rules: [Rule] = []

  init(kind: NetworkKind, addresses: [String: Set<IPAddress>], middlebox: Middlebox? = nil) {
    self.kind = kind
    self.addresses = addresses
    self.middlebox = middlebox
  }

  // MARK: What happens

  /// A statement begins to be put in force at `time` (monotonic clock).
  mutating func begin(_ step: Step, at time: Int64) {
    let statement = (text: step.deedText, line: step.line)
    switch step.action {
    case .power(let fault, let host):
      wires[host, default: []].append(
        Change(state: fault == .on ? .whole : .off, start: time, statement: statement)
      )
    case .wire(let fault, let host):
      let state: WireState = fault == .restore || fault == .plug ? .whole : .broken(fault)
      wires[host, default: []].append(Change(state: state, start: time, statement: statement))
    case .firewall(let rule):
      rules += rule.directions.map { Rule(rule: $0, start: time, statement: statement) }
    case .clearFirewall:
      for index in rules.indices where rules[index].end == .max { rules[index].end = time }
    default: break
    }
  }

  /// The statement is in force since `time`.
  mutating func finish(_ step: Step, at time: Int64) {
    switch step.action {
    case .power(let fault, let host):
      endChange(of: host, at: time)
      // A host that was switched off and on is back with a whole wire.
      if fault == .cycle || fault == .reboot {
        wires[host]?.append(
          Change(state: .whole, start: time, end: time, statement: (text: step.deedText, line: step.line))
        )
      }
    case .wire(_, let host): endChange(of: host, at: time)
    case .firewall:
      for index in rules.indices where rules[index].inForce == .max { rules[index].inForce = time }
    case .clearFirewall:
      for index in rules.indices where rules[index].end != .max && rules[index].gone == .max {
        rules[index].gone = time
      }
    default: break
    }
  }

  private mutating func endChange(of host: String, at time: Int64) {
    guard let index = wires[host]?.indices.last else { return }
    wires[host]?[index].end = time
  }

  // MARK: What packets die of

  /// Why a packet from `source` to `destination` died behind the last interface that saw it.
  ///
  /// - Parameter passed: How many of the four interfaces on its way saw it, 1 to 3.
  func reason(forLossOf packet: Packet, from source: String, to destination: String?, passed: Int, at time: Int64)
    -> Reason?
  {
    if let reason = wire(of: source, into: false, at: time) { return reason }
    guard let destination else { return nil }
    if let reason = wire(of: destination, into: true, at: time) { return reason }
    guard kind == .routed, passed == 2 else { return nil }
    if let rule = rules.first(where: { matches($0, packet, at: time, .possible) }) {
      return Reason(text: "in the router's firewall: \(rule.statement.text)", line: rule.statement.line)
    }
    // Where Linux picks up what it does not know, only a packet for a NAT's own address is for nobody.
    guard let middlebox, packet.tcp != nil, middlebox.unknown != .pickUp || middlebox.kind == .nat else { return nil }
    return Reason(text: "in the middle box, which does not know the connection", line: middlebox.line)
  }

  /// Why a packet that came to its host was not let in by the firewall at that host's door; `nil` if it was.
  mutating func door(of host: String, for packet: Packet, at time: Int64) -> Reason? {
    guard kind == .lan, !packet.isNeighbourDiscovery else { return nil }
    for index in rules.indices where matches(rules[index], packet, at: time, .certain) {
      if let count = rules[index].rule.count, rules[index].used >= count { continue }
      rules[index].used += 1
      let statement = rules[index].statement
      return Reason(text: "in \(host)'s firewall: \(statement.text)", line: statement.line)
    }
    return nil
  }

  private func wire(of host: String, into: Bool, at time: Int64) -> Reason? {
    let changes = wires[host] ?? []
    for (index, change) in changes.enumerated().reversed() where change.start <= time {
      if let reason = change.blocks(into: into, host: host) { return reason }
      // Until the change was in force, the state before it may have held.
      if time > change.end || index == 0 { return nil }
    }
    return nil
  }

  private enum Certainty { case possible, certain }

  private func matches(_ rule: Rule, _ packet: Packet, at time: Int64, _ certainty: Certainty) -> Bool {
    let holds =
      switch certainty {
      case .possible: rule.start <= time && time <= rule.gone
      case .certain: rule.inForce <= time && time < rule.end
      }
    guard holds, let ip = packet.ip else { return false }
    if let from = rule.rule.from, addresses[from]?.contains(ip.source) != true { return false }
    if let to = rule.rule.to, addresses[to]?.contains(ip.destination) != true { return false }
    if let length = rule.rule.length {
      guard length.contains(packet.length - (packet.ethernet?.length ?? 0)) else { return false }
    }
    let needsTCP = rule.rule.port != nil || !rule.rule.flags.isEmpty || rule.rule.verdict == .tcpReset
    guard let segment = packet.tcp else { return !needsTCP }
    if let port = rule.rule.port {
      guard port == Int(segment.sourcePort) || port == Int(segment.destinationPort) else { return false }
    }
    guard !rule.rule.flags.isEmpty else { return true }
    let asked: TCPFlags = [.syn, .ack, .fin, .rst, .psh, .urg]
    let set = segment.flags.intersection(asked).description.split(separator: " ").map(String.init)
    return Set(set) == Set(rule.rule.flags)
  }
}

extension FaultHistory.Change {
  /// The reason why nothing passes into the host, or out of it.
  fileprivate func blocks(into: Bool, host: String) -> FaultHistory.Reason? {
    switch state {
    case .whole: nil
    case .off: FaultHistory.Reason(text: "\(host) has no power: \(statement.text)", line: statement.line)
    case .broken(.cutOutOf) where into: nil
    case .broken(.cutInto) where !into: nil
    case .broken: FaultHistory.Reason(text: "on \(host)'s wire: \(statement.text)", line: statement.line)
    }
  }
}

extension Step {
  /// The statement without the `after 1s` that may stand before it.
  fileprivate var deedText: String {
    delay == nil ? text : text.split(separator: " ").dropFirst(2).joined(separator: " ")
  }
}

extension Packet {
  /// Whether it takes ARP's part in IPv6, which no rule of a lab is about.
  fileprivate var isNeighbourDiscovery: Bool {
    guard case .icmp(let message) = content else { return false }
    return switch message.meaning {
    case .neighborSolicitation, .neighborAdvertisement: true
    default: false
    }
  }
}
