internal import LabScript
internal import Sockets
internal import Timeline

// What steps wait for. The runner only decides when to go on; whether an expectation held is the judge's business.

extension Runner {
  /// Waits until an expectation has come about, or cannot any more.
  func observe(_ expectation: Expectation, _ step: Step) throws(Stop) {
    let lasting: Bool
    var limit: Duration
    switch expectation.timing {
    case .within(let duration): (lasting, limit) = (false, duration)
    case .between(_, let latest): (lasting, limit) = (false, latest)
    case .asPredicted: (lasting, limit) = (false, limits[step.line].map { .nanoseconds($0) } ?? .seconds(5))
    case .lasting(let duration): (lasting, limit) = (true, duration)
    }
    if !lasting {
      // Late is worth knowing too: a second more, or a tenth, costs nothing where all is well.
      limit += max(.seconds(1), limit / 10)
    }
    _ = try watch(expectation.condition, line: step.line, text: step.text, for: limit, lasting: lasting)
  }

  /// Reads events until `condition` has come about, at most until `limit` after the last deed; a `lasting` one until it
  /// is broken.
  ///
  /// Returns whether it came about, or lasted.
  func watch(_ condition: Condition, line: Int, text: String, for limit: Duration, lasting: Bool) throws(Stop) -> Bool {
    sink.note(.waiting(line: line, text: text, limit: limit.nanoseconds))
    var watch = Watch(next: anchor.index)
    let deadline = anchor.moment.nanoseconds + sink.origin + limit.nanoseconds
    var held = lasting
    // The first turn takes in what is there already.
    try pump(until: Clock.monotonic)
    func decide() -> Bool {
      if lasting {
        held = lasts(condition, &watch)
        return held
      }
      held = cameAbout(condition, &watch)
      return !held
    }
    if decide() { try pump(until: deadline, while: decide) }
    sink.note(.settled(line: line, held: held))
    return held
  }

  /// How far a watch has read the told events.
  struct Watch {
    var next: Int
  }

  private func cameAbout(_ condition: Condition, _ watch: inout Watch) -> Bool {
    switch condition {
    case .connection(let host, let port, .state(let state)):
      if connections(of: host, port: port).contains(where: { $0.state == state }) { return true }
    case .connection(let host, let port, .gone):
      guard connections(of: host, port: port).isEmpty else { return false }
    case .listens(let host, let port):
      return hosts[host]?.sampler.sockets.contains { $0.state == .listen && SocketSample.port(of: $0.local) == port }
        ?? false
    case .retransmits(let host, let count):
      let most = told(since: anchor.index).compactMap { $0.retransmissions(on: host) }.max() ?? 0
      switch count {
      case .exactly(let wanted), .atLeast(let wanted): return most >= wanted
      case .asPredicted: return true
      }
    case .toldNothing: return !hasSpoken(condition.subject, &watch)
    case .call, .prints, .exits: break
    }
    return findsEvent(condition, &watch)
  }

  private func lasts(_ condition: Condition, _ watch: inout Watch) -> Bool {
    switch condition {
    case .toldNothing(let peer): !hasSpoken(peer, &watch)
    case .connection(let host, let port, .state(let state)):
      connections(of: host, port: port).contains { $0.state == state }
    case .connection(let host, let port, .gone): connections(of: host, port: port).isEmpty
    default: cameAbout(condition, &watch)
    }
  }

  private func findsEvent(_ condition: Condition, _ watch: inout Watch) -> Bool {
    while watch.next < sink.told.count {
      let index = watch.next
      watch.next += 1
      let event = sink.told[index]
      guard event.time >= anchor.moment, !usedEvents.contains(index), condition.matches(event) else { continue }
      usedEvents.insert(index)
      return true
    }
    return false
  }

  /// Whether a call of the peer has returned, or it has ended, since the last deed.
  private func hasSpoken(_ peer: String, _ watch: inout Watch) -> Bool {
    while watch.next < sink.told.count {
      let event = sink.told[watch.next]
      watch.next += 1
      guard event.peer == peer, event.time >= anchor.moment else { continue }
      switch event.body {
      case .call(let call) where call.phase == .exit: return true
      case .ended: return true
      default: break
      }
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
