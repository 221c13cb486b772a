public import LabScript
internal import Timeline

extension Condition {
  /// The condition as a lab writes it: `client read fails ETIMEDOUT`.
  var words: String {
    switch self {
    case .call(let peer, let name, .returns): "\(peer) \(name) returns"
    case .call(let peer, let name, .returnsValue(let value)): "\(peer) \(name) returns \(value)"
    case .call(let peer, let name, .fails(let error)): "\(peer) \(name) fails\(error.map { " " + $0 } ?? "")"
    case .prints(let peer, let text): "\(peer) prints \"\(text)\""
    case .exits(let peer, nil): "\(peer) exits"
    case .exits(let peer, .exited(let status)): "\(peer) exits \(status)"
    case .exits(let peer, .signaled(let name)): "\(peer) ends by \(name)"
    case .toldNothing(let peer): "\(peer) is told nothing"
    case .connection(let host, let port, .state(let state)): "\(host) connection\(words(of: port)) is \(state.name)"
    case .connection(let host, let port, .gone): "\(host) connection\(words(of: port)) is gone"
    case .listens(let host, let port): "\(host) listens on \(port)"
    case .retransmits(let host, .exactly(let count)): "\(host) retransmits \(count) times"
    case .retransmits(let host, .atLeast(let count)): "\(host) retransmits at least \(count) times"
    case .retransmits(let host, .asPredicted): "\(host) retransmits as predicted"
    }
  }

  private func words(of port: Int?) -> String { port.map { " port \($0)" } ?? "" }

  /// Whether both are about the same thing, whatever becomes of it: the same call of a peer, a host's connections.
  func hasSameSubject(as other: Condition) -> Bool {
    guard subject == other.subject else { return false }
    switch (self, other) {
    case (.call(_, let name, _), .call(_, let otherName, _)): return name == otherName
    case (.prints, .prints), (.exits, .exits), (.toldNothing, .toldNothing), (.connection, .connection),
      (.listens, .listens), (.retransmits, .retransmits):
      return true
    default: return false
    }
  }
}

extension PublishedClaim {
  /// The claim in a line: `client read fails ETIMEDOUT after 5m11s (illumos, TCP puzzlers)`.
  public var words: String {
    condition.words + time + (source.isEmpty ? "" : " (\(source))")
  }

  /// When, in words: what lasts is told how long.
  private var time: String {
    guard let after else { return "" }
    if case .toldNothing = condition { return " for " + after.text }
    return " after " + after.text
  }
}

extension Script {
  /// The claims to show beside an expectation.
  ///
  /// A claim that repeats some expectation's condition belongs to that one alone; any other to all on its subject.
  func claims(beside condition: Condition) -> [String] {
    published.filter { claim in
      claim.condition == condition
        || claim.condition.hasSameSubject(as: condition) && !expectedConditions.contains(claim.condition)
    }.map(\.words)
  }

  private var expectedConditions: [Condition] {
    steps.compactMap { step in
      if case .expect(let expectation) = step.action { expectation.condition } else { nil }
    }
  }
}
