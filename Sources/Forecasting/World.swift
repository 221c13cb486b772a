internal import LabScript
internal import Timeline
internal import TimerModel

/// What the forecaster knows at a step: the script's own time, the connections, and what is broken between them.
struct World {
  /// A program's connection.
  struct Connection {
    /// When the program was started.
    var started: Duration
    /// Whether something was broken on the way then.
    var startedIntoFailure = false
    /// When something last came through.
    var lastActivity: Duration
    /// When the program first wrote something that cannot be acknowledged.
    var unacknowledgedSince: Duration?
    /// When the program ended, and with it its end of the connection.
    var closed: Duration?
    /// Whether the other end closed too, so that this end goes to TIME_WAIT.
    var peerAnsweredFIN = false
    /// Whether the other end's host has forgotten it.
    var isForgotten = false
  }

  /// How long running one step may take; the script's own time does not count it.
  static let stepDuration = Duration.milliseconds(250)

  private let script: Script
  private var clock = Duration.zero
  /// The script's own time at the last step that did something.
  private(set) var lastDeed = Duration.zero
  private var hostsOff: Set<String> = []
  private var wires: [String: WireFault] = [:]
  private var rules: [FirewallRule] = []
  /// By the peer's name.
  private(set) var connections: [String: Connection] = [:]

  init(script: Script) {
    self.script = script
  }

  /// Lets the script's own time pass.
  mutating func pass(_ duration: Duration) { clock += duration }

  /// Does what a step does.
  mutating func `do`(_ action: Action) {
    lastDeed = clock
    switch action {
    case .start(let peer): start(peer)
    case .types(let peer, _): type(peer)
    case .signal(let signal, let peer) where signal != .freeze && signal != .thaw: close(peer)
    case .power(let fault, let host): power(fault, host)
    case .wire(.restore, let host), .wire(.plug, let host): wires[host] = nil
    case .wire(let fault, let host): wires[host] = fault
    case .firewall(let rule): rules += rule.directions
    case .clearFirewall: rules = []
    default: break
    }
  }

  private func host(of peer: String) -> String? { script.peers.first { $0.name == peer }?.host }

  /// The peer at the other end of a peer's connection.
  private func other(_ peer: String) -> PeerDeclaration? {
    guard let own = script.peers.first(where: { $0.name == peer }) else { return nil }
    let role = PeerOptions(own.command).role
    return script.peers.first { candidate in
      guard candidate.name != peer else { return false }
      switch (role, PeerOptions(candidate.command).role) {
      case (.connects(candidate.host, let port), .listens(let listening)): return port == listening
      case (.listens(let listening), .connects(own.host, let port)): return port == listening
      default: return false
      }
    }
  }

  private mutating func start(_ peer: String) {
    let isBroken = path(from: peer) != nil
    connections[peer] = Connection(started: clock, startedIntoFailure: isBroken, lastActivity: clock)
    // A listener's connection begins when the other end connects.
    if let other = other(peer), connections[other.name] != nil { touch(other.name) }
  }

  private mutating func touch(_ peer: String) { connections[peer]?.lastActivity = clock }

  private mutating func type(_ peer: String) {
    guard path(from: peer) != nil else {
      touch(peer)
      if let other = other(peer) { touch(other.name) }
      return
    }
    if connections[peer]?.unacknowledgedSince == nil { connections[peer]?.unacknowledgedSince = clock }
  }

  private mutating func close(_ peer: String) {
    connections[peer]?.closed = clock
    guard let other = other(peer) else { return }
    let isAnswered = PeerOptions(other.command).closesAtEnd || connections[other.name]?.closed != nil
    connections[peer]?.peerAnsweredFIN = isAnswered
  }

  private mutating func power(_ fault: PowerFault, _ host: String) {
    if fault == .off { hostsOff.insert(host) } else { hostsOff.remove(host) }
    guard fault != .on else { return }
    for peer in script.peers where peer.host == host {
      connections[peer.name] = nil
      if let other = other(peer.name) { connections[other.name]?.isForgotten = true }
    }
  }

  /// What is wrong on the way from a peer to the other end of its connection; `nil` if nothing is, or nobody knows.
  func path(from peer: String) -> Path? {
    guard let own = host(of: peer), let there = other(peer)?.host, own != there else { return nil }
    // A host without carrier refuses to send: that is another story, see docs/timer-model.md.
    guard wires[own] != .unplug else { return nil }
    if isSilent(from: own, to: there) {
      let staysOnTheLan = script.network == .lan && !dropsEverything(from: own, to: there)
      return Path(failure: staysOnTheLan ? .neighbourGone(known: true) : .silence)
    }
    if dropsEverything(from: own, to: there) || dropsEverything(from: there, to: own) { return Path() }
    if let error = rules.first(where: { covers($0, own, there) }).flatMap({ ICMPError(rawValue: $0.verdict.rawValue) })
    {
      return Path(failure: .icmp(error))
    }
    return connections[peer]?.isForgotten == true ? Path(failure: .powerCycled) : nil
  }

  private func isSilent(from own: String, to there: String) -> Bool {
    hostsOff.contains(there) || wires[there] != nil || wires[own] != nil
  }

  private func dropsEverything(from own: String, to there: String) -> Bool {
    rules.contains { $0.verdict == .drop && covers($0, own, there) }
  }

  /// Whether a rule takes every packet of this direction: a rule that counts, or looks closer, does not.
  private func covers(_ rule: FirewallRule, _ own: String, _ there: String) -> Bool {
    (rule.from == nil || rule.from == own) && (rule.to == nil || rule.to == there) && rule.flags.isEmpty
      && rule.length == nil && rule.count == nil
  }
}
