internal import LabScript
internal import Sockets
internal import Timeline

// What steps wait for. The runner only decides when to go on; whether an expectation held is the judge's business.

extension Runner {
  /// Waits until an expectation has come about, or cannot any more.
  func observe(_ expectation: Expectation, _ step: Step) throws(Stop) {
    let lasting: Bool
    let limit: Duration
    switch expectation.timing {
    case .usual: (lasting, limit) = (false, sink.now - anchor.moment + Timing.usualLimit)
    case .within(let duration): (lasting, limit) = (false, duration)
    case .between(_, let latest): (lasting, limit) = (false, latest)
    case .asPredicted: (lasting, limit) = (false, setup.limits[step.line].map { .nanoseconds($0) } ?? .seconds(5))
    case .lasting(let duration): (lasting, limit) = (true, duration)
    }
    // Late is worth knowing too: a second more, or a tenth, costs nothing where all is well.
    let grace = lasting ? .zero : max(.seconds(1), limit / 10)
    _ = try watch(expectation.condition, step, for: limit, grace: grace, lasting: lasting)
  }

  /// Reads events until `condition` has come about, at most until `limit` and `grace` after the last deed; a `lasting`
  /// one until it is broken.
  ///
  /// Returns whether it came about, or lasted.
  func watch(
    _ condition: Condition,
    _ step: Step,
    for limit: Duration,
    grace: Duration = .zero,
    lasting: Bool = false
  ) throws(Stop) -> Bool {
    let remaining = anchor.moment + limit - sink.now
    sink.note(.waiting(line: step.line, text: step.text, limit: max(0, remaining.nanoseconds)))
    var watch = Watch(next: anchor.index)
    let deadline = (anchor.moment + limit + grace).nanoseconds + sink.origin
    var held = lasting
    // The first turn takes in what is there already.
    hosts[condition.subject]?.sampler.ring(at: Clock.monotonic)
    try pump(until: Clock.monotonic)
    func decide() -> Bool {
      // Nothing rings when a program begins to listen.
      if case .listens(let host, _) = condition { hosts[host]?.sampler.ring(at: Clock.monotonic + 5_000_000) }
      if lasting {
        held = lasts(condition, &watch)
        return held
      }
      held = cameAbout(condition, &watch)
      return !held && !watch.isInVain
    }
    if decide() { try pump(until: deadline, while: decide) }
    sink.note(.settled(line: step.line, held: held))
    return held
  }

  /// How far a watch has read the told events, and what it has seen.
  struct Watch {
    var next: Int
    /// Whether what has to last has begun.
    var hasBegun = false
    /// Whether what is waited for cannot come about any more.
    var isInVain = false
  }

  private func cameAbout(_ condition: Condition, _ watch: inout Watch) -> Bool {
    switch condition {
    case .connection(let host, let port, .state(let state)):
      if connections(of: host, port: port).contains(where: { $0.state == state }) { return true }
    case .connection(let host, let port, .gone):
      guard connections(of: host, port: port).isEmpty else { return false }
      // It may have gone before the deed.
      if sink.told.contains(where: { $0.host == host && condition.matches($0) }) { return true }
    case .listens(let host, let port):
      return hosts[host]?.sampler.sockets.contains { $0.state == .listen && SocketSample.port(of: $0.local) == port }
        ?? false
    case .retransmits(let host, let count):
      let most = told(since: anchor.index).compactMap { $0.retransmissions(on: host) }.max() ?? 0
      switch count {
      case .exactly(let wanted), .atLeast(let wanted): return most >= wanted
      case .asPredicted: return true
      }
    case .call, .prints, .exits, .toldNothing: break
    }
    return findsEvent(condition, &watch)
  }

  /// Whether a condition that has to last still does; one that has not begun may do so within the usual limit.
  private func lasts(_ condition: Condition, _ watch: inout Watch) -> Bool {
    let holds: Bool
    switch condition {
    case .connection(let host, let port, .state(let state)):
      holds = connections(of: host, port: port).contains { $0.state == state }
    case .connection(let host, let port, .gone): holds = connections(of: host, port: port).isEmpty
    case .toldNothing(let peer):
      return !next(in: &watch) { $0.isNews(for: peer) }
    default: holds = cameAbout(condition, &watch)
    }
    if holds { watch.hasBegun = true }
    return holds || (!watch.hasBegun && sink.now - anchor.moment < Timing.usualLimit)
  }

  private func findsEvent(_ condition: Condition, _ watch: inout Watch) -> Bool {
    var isSettled = false
    let used = usedEvents
    while !isSettled, next(in: &watch, where: { _ in true }) {
      let index = watch.next - 1
      let event = sink.told[index]
      if !used.contains(index), condition.matches(event) {
        usedEvents.insert(index)
        return true
      }
      isSettled = condition.isRuledOut(by: event)
    }
    watch.isInVain = watch.isInVain || isSettled
    return false
  }

  /// Moves on to the next event since the last deed that `isWanted`.
  ///
  /// Returns whether there was one.
  private func next(in watch: inout Watch, where isWanted: (Event) -> Bool) -> Bool {
    while watch.next < sink.told.count {
      let event = sink.told[watch.next]
      watch.next += 1
      if event.time >= anchor.moment, isWanted(event) { return true }
    }
    return false
  }

  private func told(since index: Int) -> ArraySlice<Event> { sink.told[min(index, sink.told.count)...] }

  private func connections(of host: String, port: Int?) -> [SocketSample] {
    (hosts[host]?.sampler.sockets ?? []).filter { socket in
      guard socket.state != .listen else { return false }
      guard let port else { return true }
      return SocketSample.port(of: socket.local) == port || SocketSample.port(of: socket.remote) == port
    }
  }
}

extension Event {
  /// How often the segment at the head of a queue on `host` had been retransmitted, if this is a sample of one.
  fileprivate func retransmissions(on host: String) -> Int? {
    guard self.host == host else { return nil }
    switch body {
    case .socket(let sample), .socketGone(let sample): return sample.retransmits
    default: return nil
    }
  }
}
