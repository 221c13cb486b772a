/// Goes through a lab's steps as the laboratory would, without doing anything, and finds what cannot be.
///
/// It knows what every host and peer is after each step as far as the script alone decides: a host without power, a peer
/// that was not started, a wire that is cut. What a program does on its own it does not know. A step that could not be
/// read may have changed what is named in it, so nothing is said of that from there on.
struct Rehearsal {
  /// A host's wire.
  enum Wire: Equatable {
    case whole
    case cut(into: Bool, outOf: Bool, line: Int)
    case unplugged(line: Int)
  }

  /// A host.
  struct HostState {
    /// The line in which it lost its power, while it is off.
    var offSince: Int?
    var wire = Wire.whole
    /// Whether a program was ever started on it.
    var hadPeer = false
  }

  /// A peer.
  struct PeerState {
    enum Life: Equatable {
      case notStarted
      case running(line: Int)
      /// It is there or not: it got a signal that it may have obeyed, or was expected to end, or a mistake was told.
      case uncertain
      /// It was killed.
      case killed(line: Int)
      /// A step above waits for its end.
      case ended(line: Int)
      /// It vanished with its host's power.
      case vanished(line: Int)
    }

    let host: String?
    var life = Life.notStarted
    var frozenSince: Int?
    var inputEndedIn: Int?
    var wasStarted = false
  }

  var hosts: [String: HostState]
  var peers: [String: PeerState]
  /// Hosts and peers of which nothing is known any more.
  var unknown: Set<String> = []
  /// Whether everything is unknown.
  var isLost: Bool
  /// Whether the firewall has any rule.
  private var hasRules = false
  /// Its rules without a count, each with the line that brought it first.
  private var lastingRules: [FirewallRule: Int] = [:]
  /// The line of the last deed.
  var lastDeed = 0
  /// The expectations since the last deed.
  var expectations = EarlierExpectations()
  private let declared: [(name: String, line: Int)]
  private(set) var mistakes: [Mistake] = []

  init(hosts: [String], peers: [(name: String, host: String?)], declaredIn: [String: Int], isCertain: Bool) {
    self.hosts = Dictionary(uniqueKeysWithValues: hosts.map { ($0, HostState()) })
    self.peers = Dictionary(peers.map { ($0.name, PeerState(host: $0.host)) }) { first, _ in first }
    declared = peers.compactMap { peer in declaredIn[peer.name].map { (peer.name, $0) } }
    isLost = !isCertain
    // A peer whose host could not be read may run anywhere.
    for peer in peers where peer.host == nil { unknown.insert(peer.name) }
  }

  /// The mistakes in `steps`.
  mutating func mistakes(in steps: [StepReading]) -> [Mistake] {
    for step in steps {
      switch step {
      case .lost(let mentions): lose(mentions)
      case .step(let step, let subject): go(through: step, at: subject)
      }
    }
    if !isLost, !steps.isEmpty {
      for (name, line) in declared where peers[name]?.wasStarted == false && !unknown.contains(name) {
        complain(
          Place(line: line, column: 1, length: 4),
          "the peer '\(name)' is never started",
          help: "write: start \(name)"
        )
      }
    }
    return mistakes
  }

  /// Forgets what it knew of everything that a step which could not be read may have changed.
  private mutating func lose(_ names: Set<String>) {
    expectations = EarlierExpectations()
    guard !names.isEmpty else {
      isLost = true
      return
    }
    unknown.formUnion(names)
    for (name, peer) in peers {
      guard let host = peer.host else { continue }
      // What happens to a host happens to its peers; a peer may have been started, and so its host be in use.
      if names.contains(host) { unknown.insert(name) }
      if names.contains(name) { hosts[host]?.hadPeer = true }
    }
  }

  private mutating func go(through step: Step, at subject: Place) {
    if step.action.isDeed {
      expectations = EarlierExpectations()
      lastDeed = step.line
    }
    switch step.action {
    case .wait(let condition, _): observe(condition, step, at: subject)
    case .expect(let expectation):
      observe(expectation.condition, step, at: subject)
      compare(expectation, step, at: subject)
      expectations.append(expectation, line: step.line)
    case .firewall(let rule):
      hasRules = true
      guard rule.count == nil else { break }
      if let earlier = lastingRules[rule], !isLost {
        complain(subject, "the same rule is in force since line \(earlier)", help: "leave one of them out")
      }
      if lastingRules[rule] == nil { lastingRules[rule] = step.line }
    case .clearFirewall:
      if !hasRules, !isLost {
        complain(subject, "there is nothing to allow: no 'drop' or 'reject' is in force here")
      }
      hasRules = false
      lastingRules = [:]
    default: deed(step, at: subject)
    }
  }

  /// Notes a mistake in a step.
  mutating func complain(_ place: Place, _ message: String, help: String? = nil) {
    mistakes.append(Mistake(place, message, help: help))
  }

  /// Whether nothing can be said of a host or peer.
  func isUnknown(_ name: String) -> Bool { isLost || unknown.contains(name) }
}
