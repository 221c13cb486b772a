internal import LabScript
internal import TimerModel

/// What is between two hosts at a step: wires, power and firewall.
struct Ways {
  /// The way there and back.
  enum Way {
    /// Nothing is wrong with it.
    case open
    /// It answers nothing, or errors.
    case broken(Path.Failure)
    /// The packets of one direction are lost, while those of the other pass.
    case oneWay(lost: Direction)
    /// The next so many packets are lost.
    case lossy(count: Int)
    /// Beyond what the forecaster knows.
    case unknown
  }

  enum Direction {
    case there
    case back
  }

  /// What the firewall does to the packets of one direction.
  private enum Filter {
    case open
    case takes(FirewallRule.Verdict)
    case takesNext(Int)
    case unknown
  }

  let network: NetworkKind
  let family: AddressFamily
  private(set) var hostsOff: Set<String> = []
  private(set) var wires: [String: WireFault] = [:]
  private var rules: [FirewallRule] = []
  /// The hosts whose hardware address, or whose router's, a host knows: pairs of host and neighbour.
  private var acquaintances: Set<[String]> = []

  init(network: NetworkKind, family: AddressFamily) {
    self.network = network
    self.family = family
  }

  mutating func power(_ fault: PowerFault, _ host: String) {
    if fault == .off { hostsOff.insert(host) } else { hostsOff.remove(host) }
    guard fault != .on else { return }
    // A host without memory has a new wire, and knows no neighbour.
    wires[host] = nil
    acquaintances = acquaintances.filter { $0[0] != host }
  }

  mutating func wire(_ fault: WireFault, _ host: String) {
    switch fault {
    case .restore, .plug: wires[host] = nil
    case .cut, .cutInto, .cutOutOf, .unplug: wires[host] = fault
    }
  }

  mutating func add(_ rule: FirewallRule) { rules += rule.directions }

  mutating func clearRules() { rules = [] }

  /// Notes that two hosts have spoken to each other.
  mutating func acquaint(_ one: String, _ other: String) {
    for (host, other) in [(one, other), (other, one)] {
      acquaintances.insert([host, network == .lan ? other : "router"])
    }
  }

  /// What a host meets that sends to another.
  func way(from own: String, to there: String, port: Int?) -> Way {
    if hostsOff.contains(own) || own == there { return .unknown }
    // Without carrier a host forgets its neighbours at once (neigh_carrier_down).
    if wires[own] == .unplug { return .broken(.neighbourGone(known: false)) }
    if network == .routed, wires[own] == nil, case .takes(let verdict) = filter(from: own, to: there, port: port) {
      return way(rejected: verdict)
    }
    if let fault = wires[own] {
      // Requests for its neighbour's hardware address are lost like everything else.
      if wires[there] == nil, !hostsOff.contains(there), knowsNeighbour(own, there), let lost = lost(fault) {
        return isOpen(own, there, port) ? .oneWay(lost: lost) : .unknown
      }
      return .broken(.neighbourGone(known: knowsNeighbour(own, there)))
    }
    if hostsOff.contains(there) || wires[there] != nil {
      if let fault = wires[there], !hostsOff.contains(there), let lost = lost(fault), isOpen(own, there, port) {
        return .oneWay(lost: lost == .there ? .back : .there)
      }
      return .broken(network == .lan ? .neighbourGone(known: knowsNeighbour(own, there)) : .silence)
    }
    return filtered(own, there, port)
  }

  private func filtered(_ own: String, _ there: String, _ port: Int?) -> Way {
    let (out, back) = (filter(from: own, to: there, port: port), filter(from: there, to: own, port: port))
    switch (out, back) {
    case (.open, .open): return .open
    case (.takes(.drop), .takes(.drop)): return .broken(.silence)
    case (.takes(.drop), _): return .oneWay(lost: .there)
    case (.takes(let verdict), _): return way(rejected: verdict)
    case (.open, .takes(.tcpReset)): return .unknown
    case (.open, .takes): return .oneWay(lost: .back)
    case (.takesNext(let count), .open), (.open, .takesNext(let count)): return .lossy(count: count)
    default: return .unknown
    }
  }

  private func way(rejected verdict: FirewallRule.Verdict) -> Way {
    if verdict == .drop { return .broken(.silence) }
    if verdict == .tcpReset { return .broken(.powerCycled) }
    return verdict.error(over: family).map { .broken(.icmp($0)) } ?? .unknown
  }

  private func isOpen(_ own: String, _ there: String, _ port: Int?) -> Bool {
    if case .open = filtered(own, there, port) { true } else { false }
  }

  private func knowsNeighbour(_ own: String, _ there: String) -> Bool {
    acquaintances.contains([own, network == .lan ? there : "router"])
  }

  /// The direction that a fault of the own wire loses, if it leaves the other.
  private func lost(_ fault: WireFault) -> Direction? {
    switch fault {
    case .cutInto: .back
    case .cutOutOf: .there
    case .cut, .unplug, .restore, .plug: nil
    }
  }

  private func filter(from own: String, to there: String, port: Int?) -> Filter {
    for rule in rules where (rule.from == nil || rule.from == own) && (rule.to == nil || rule.to == there) {
      guard rule.port == nil || rule.port == port else { continue }
      if rule.flags.isEmpty, rule.length == nil {
        guard let count = rule.count else { return .takes(rule.verdict) }
        return rule.verdict == .drop ? .takesNext(count) : .unknown
      }
      // An idle connection's packets are bare acknowledgments: probes, and their answers.
      if rule.flags == ["ACK"], rule.length == nil, rule.verdict == .drop, let count = rule.count {
        return .takesNext(count)
      }
      return .unknown
    }
    return .open
  }

  /// Whether every SYN-ACK from one host to another is dropped, and nothing else.
  func losesSYNACKs(from own: String, to there: String) -> Bool {
    rules.count == 1
      && rules.allSatisfy { rule in
        rule.verdict == .drop && Set(rule.flags) == ["SYN", "ACK"] && rule.length == nil && rule.count == nil
          && rule.from == own && (rule.to == nil || rule.to == there)
      }
  }
}

extension FirewallRule.Verdict {
  /// The ICMP error that a rejected packet is answered with.
  fileprivate func error(over family: AddressFamily) -> ICMPError? {
    guard family == .ipv6 else { return ICMPError(rawValue: rawValue) }
    return switch self {
    case .icmpNetUnreachable: .noRouteV6
    case .icmpHostUnreachable: .addressUnreachableV6
    case .icmpPortUnreachable: .portUnreachableV6
    case .icmpAdminProhibited: .administrativelyProhibitedV6
    case .drop, .tcpReset, .icmpProtoUnreachable: nil
    }
  }
}
