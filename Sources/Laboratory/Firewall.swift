internal import LabScript

/// The firewall between the hosts: on `routed` in the router, on `lan` at the door of each receiving host.
///
/// Never in the sender's own stack: a packet that the sender's OUTPUT chain drops is a local failure to its TCP, which
/// then retries every 500 ms and ends several times sooner than on a silent wire.
final class Firewall {
  private let network: Network
  private let chain: String
  private var rules: [FirewallRule] = []
  /// The doors that let neighbour discovery pass.
  private var openDoors: Set<String> = []

  /// The firewall of a lab that has a middle box or not.
  init(_ network: Network, hasMiddlebox: Bool) {
    self.network = network
    chain = network.kind == .lan ? "INPUT" : hasMiddlebox ? ConnectionTracker.faultChain : "FORWARD"
  }

  /// Puts `rule` behind those that are there.
  func add(_ rule: FirewallRule) throws(LaboratoryError) {
    rules += rule.directions
    for door in doors { try install(rule.directions, at: door) }
  }

  /// Removes every rule.
  func clear() throws(LaboratoryError) {
    guard !rules.isEmpty else { return }
    rules = []
    openDoors = []
    for door in doors { try network.tools.run(iptables: ["-F \(chain)"], in: door) }
  }

  /// Puts the rules into a host that has just come back with empty tables.
  func restore(at host: String) throws(LaboratoryError) {
    guard network.kind == .lan else { return }
    openDoors.remove(host)
    try install(rules, at: host)
  }

  /// A host that is off has no door.
  var hostsOff: Set<String> = []

  private var doors: [String] {
    network.kind == .routed ? ["router"] : network.places.map(\.host).filter { !hostsOff.contains($0) }
  }

  private func install(_ rules: [FirewallRule], at door: String) throws(LaboratoryError) {
    let rules = rules.filter { network.kind == .routed || $0.to == nil || $0.to == door }
    guard !rules.isEmpty else { return }
    var lines: [String] = []
    if network.family == .ipv6, network.kind == .lan, openDoors.insert(door).inserted {
      // ARP never comes to a firewall of IP's. Neighbour discovery, which takes its place, does.
      for type in ["neighbour-solicitation", "neighbour-advertisement"] {
        lines.append("-A \(chain) -p ipv6-icmp --icmpv6-type \(type) -j ACCEPT")
      }
    }
    for rule in rules {
      let line = "-A \(chain) " + rule.arguments(over: network.family, address: address)
      // A rule that counts matches one packet each; the next of its kind falls through to the rule behind it.
      lines += [String](repeating: line, count: rule.count ?? 1)
    }
    try network.tools.run(iptables: lines, in: door)
  }

  private func address(_ host: String) -> String {
    network.places.first { $0.host == host }?.address ?? host
  }
}

extension FirewallRule {
  /// The rule as arguments of iptables behind the chain's name.
  func arguments(over family: AddressFamily, address: (String) -> String) -> String {
    var words: [String] = []
    if let from { words += ["-s", address(from)] }
    if let to { words += ["-d", address(to)] }
    let isTCP = port != nil || !flags.isEmpty || verdict == .tcpReset
    if isTCP { words += ["-p", "tcp"] }
    if !flags.isEmpty { words += ["--tcp-flags", "SYN,ACK,FIN,RST,PSH,URG", flags.joined(separator: ",")] }
    if let port { words += ["-m", "multiport", "--ports", String(port)] }
    if let length { words += ["-m", "length", "--length", "\(length.lowerBound):\(length.upperBound)"] }
    if count != nil { words += ["-m", "statistic", "--mode", "nth", "--every", "2147483647", "--packet", "0"] }
    words += verdict == .drop ? ["-j", "DROP"] : ["-j", "REJECT", "--reject-with", verdict.answer(over: family)]
    return words.joined(separator: " ")
  }
}

extension FirewallRule.Verdict {
  /// The answer's name for iptables, or for ip6tables.
  func answer(over family: AddressFamily) -> String {
    guard family == .ipv6 else { return rawValue }
    return switch self {
    case .icmpNetUnreachable: "icmp6-no-route"
    case .icmpHostUnreachable: "icmp6-addr-unreachable"
    case .icmpPortUnreachable: "icmp6-port-unreachable"
    case .icmpAdminProhibited: "icmp6-adm-prohibited"
    // A lab with the one that ICMPv6 has not is refused when it is read.
    case .drop, .tcpReset, .icmpProtoUnreachable: rawValue
    }
  }
}
