internal import Timeline

// What is waited for and expected, and what of it cannot come about.

extension Rehearsal {
  /// Examines a condition that a step waits for or expects.
  mutating func observe(_ condition: Condition, _ step: Step, at place: Place) {
    switch condition {
    case .call(let peer, _, _), .prints(let peer, _), .exits(let peer, _), .toldNothing(let peer):
      observePeer(peer, condition, step, place)
    case .connection(let host, _, _), .listens(let host, _), .retransmits(let host, _):
      observeHost(host, condition, step, place)
    }
  }

  private mutating func observePeer(_ name: String, _ condition: Condition, _ step: Step, _ place: Place) {
    guard let peer = peers[name] else { return }
    if !isUnknown(name) {
      switch (condition, peer.life) {
      case (.exits(_, .exited(let status)), .killed(let line)):
        complain(
          place,
          "'\(name)' cannot exit \(status): SIGKILL ended it in line \(line)",
          help: "write: \(name) ends by SIGKILL"
        )
      case (.exits(_, .signaled(let signal)), .killed(let line)) where signal != "SIGKILL":
        complain(
          place,
          "\(signal) cannot end '\(name)': SIGKILL did in line \(line)",
          help: "write: \(name) ends by SIGKILL"
        )
      case (.exits, .killed): break
      case (_, .vanished(let line)):
        complain(
          place,
          "'\(name)' vanished when \(peer.host ?? "its host") lost its power in line \(line): nothing can be seen of it",
          help: remedy(for: name)
        )
        return
      default:
        if let reason = absence(of: name), !isJustEnded(peer) {
          complain(place, "nothing can be seen of '\(name)': \(reason)", help: remedy(for: name))
          assumePresent(name)
        } else if let since = peer.frozenSince, condition.needsAction {
          complain(
            place,
            "'\(name)' does nothing: it is frozen since line \(since)",
            help: "write before: thaw \(name)"
          )
        }
      }
    }
    if case .exits = condition, case .wait = step.action { peers[name]?.life = .ended(line: step.line) }
    if case .exits = condition, case .expect = step.action { peers[name]?.life = .uncertain }
  }

  /// Whether the end that a step waited for came after the last deed: what came before it can still be looked at.
  private func isJustEnded(_ peer: PeerState) -> Bool {
    if case .ended(let line) = peer.life { line > lastDeed } else { false }
  }

  private mutating func observeHost(_ name: String, _ condition: Condition, _ step: Step, _ place: Place) {
    guard let host = hosts[name], !isUnknown(name) else { return }
    if let since = host.offSince {
      complain(
        place,
        "'\(name)' is without power since line \(since): its kernel knows of no connection",
        help: "write before: power on \(name)"
      )
      return
    }
    let here = peers.filter { $0.value.host == name }.keys
    // A peer whose host could not be read may run here.
    let isSure = here.allSatisfy { !unknown.contains($0) } && peers.values.allSatisfy { $0.host != nil }
    guard !host.hadPeer, isSure else { return }
    let help = here.sorted().first.map { "write before: start \($0)" } ?? "write: peer NAME on \(name): COMMAND"
    if case .listens = condition {
      complain(place, "nobody can listen on '\(name)': no peer is started there", help: help)
    } else {
      complain(place, "'\(name)' can have no connection: no peer is started there", help: help)
    }
    hosts[name]?.hadPeer = true
  }

  // MARK: Contradictions

  /// Compares an expectation with the earlier ones since the last deed.
  mutating func compare(_ expectation: Expectation, _ step: Step, at place: Place) {
    for (earlier, line) in expectations.comparable(with: expectation) {
      if earlier == expectation, !expectation.condition.mayRepeat {
        complain(place, "line \(line) expects the same", help: "leave one of them out")
        return
      }
      if let reason = contradiction(earlier, expectation, isLater: true)
        ?? contradiction(expectation, earlier, isLater: false)
      {
        complain(place, "this contradicts line \(line): \(reason)", help: "both are counted from the same deed")
        return
      }
    }
  }

  /// Why both cannot hold, `other` being the later statement or the earlier; only pairs in this order are looked at.
  private func contradiction(_ one: Expectation, _ other: Expectation, isLater: Bool) -> String? {
    guard one.condition.subject == other.condition.subject else { return nil }
    switch (one.condition, other.condition) {
    case (.exits(_, .some(let ending)), .exits(_, .some(let otherEnding))) where ending != otherEnding:
      return "a program ends once"
    case (.retransmits(_, .exactly(let count)), .retransmits(_, .exactly(let otherCount)))
    where one.timing == other.timing && count != otherCount:
      return "the number is either \(count) or \(otherCount)"
    case (.retransmits(_, .exactly(let count)), .retransmits(_, .atLeast(let least)))
    where one.timing == other.timing && count < least:
      return "\(count) is less than \(least)"
    case (.toldNothing, .exits) where lasts(one, beyond: other, isLater):
      return "its end is the last thing that a program is told"
    case (.toldNothing, .call(_, _, .fails)) where lasts(one, beyond: other, isLater):
      return "a call that fails tells it something"
    case (.toldNothing, .call(_, let name, _))
    where ["read", "accept", "connect"].contains(SystemCallFamily.of(name)) && lasts(one, beyond: other, isLater):
      return "\(name) tells it something when it returns"
    case (.connection(_, let port, let state), .connection(_, let otherPort, let otherState))
    where port == otherPort && (state == .gone) != (otherState == .gone) && lasts(one, beyond: other, isLater):
      return "that lasts for longer"
    default: return nil
    }
  }

  /// Whether `lasting` lasts until after the latest moment of `other`.
  private func lasts(_ lasting: Expectation, beyond other: Expectation, _ isLater: Bool) -> Bool {
    guard case .lasting(let length) = lasting.timing else { return false }
    return switch other.timing {
    // The usual limit counts from the statement, which is reached when what stands above it is over.
    case .usual: !isLater && Timing.usualLimit <= length
    case .within(let latest), .between(_, let latest): latest <= length
    case .lasting: true
    case .asPredicted: false
    }
  }
}

/// The expectations since the last deed, each with its line.
///
/// A file may have thousands, so that each is not compared with each: an expectation that stands there already adds
/// nothing, and a call or a line of output contradicts only what is neither.
struct EarlierExpectations {
  private var all: [(expectation: Expectation, line: Int)] = []
  private var unrepeatable: [(expectation: Expectation, line: Int)] = []
  private var known: Set<Expectation> = []

  /// Adds an expectation.
  mutating func append(_ expectation: Expectation, line: Int) {
    guard known.insert(expectation).inserted else { return }
    all.append((expectation, line))
    if !expectation.condition.mayRepeat { unrepeatable.append((expectation, line)) }
  }

  /// Those that this one may be the same as, or may contradict, in order.
  func comparable(with expectation: Expectation) -> [(expectation: Expectation, line: Int)] {
    expectation.condition.mayRepeat ? unrepeatable : all
  }
}

extension Condition {
  /// Whether the peer has to do something for it to come about.
  fileprivate var needsAction: Bool {
    switch self {
    case .call, .prints: true
    case .exits, .toldNothing, .connection, .listens, .retransmits: false
    }
  }

  /// Whether the same may well come about twice after one deed.
  fileprivate var mayRepeat: Bool {
    switch self {
    case .call, .prints: true
    case .exits, .toldNothing, .connection, .listens, .retransmits: false
    }
  }
}
