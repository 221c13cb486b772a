internal import LabScript
internal import Timeline

/// When a condition on a host's sockets began and ceased to hold, as far as the samples tell.
struct StateHistory {
  /// A moment from which on the condition holds, or holds no more.
  struct Change {
    var time: Moment
    var holds: Bool
    /// For how long before nobody had looked: it may have come about at any moment in that time.
    var unseen = Duration.zero
  }

  /// The changes in the order of time; before the first the condition does not hold.
  private(set) var changes: [Change] = []

  /// The history of a condition on the sockets of a host; `nil` for a condition on something else.
  init?(of condition: Condition, in record: Record) {
    let (host, port): (String, Int?)
    switch condition {
    case .connection(let name, let number, _): (host, port) = (name, number)
    case .listens(let name, let number): (host, port) = (name, number)
    default: return nil
    }
    var table = SocketTable()
    // How many sockets meet the condition, or, where it is that none is left, are connections.
    var count = 0
    var hadConnection = false
    var vanished: [String: Moment] = [:]
    for event in record.events where event.host == host {
      let before: SocketTable.Entry?
      let after: SocketSample?
      switch event.body {
      case .socket(let sample) where sample.has(port: port):
        before = table.apply(event)
        after = sample
        hadConnection = hadConnection || sample.isConnection
        if let time = vanished.removeValue(forKey: sample.ends) { forgetGap(from: time, to: event.time) }
      case .stateChange(let change) where change.has(port: port) && change.to != .closed:
        before = table.apply(event)
        after = SocketSample(cookie: 0, local: change.local, remote: change.remote, state: change.to)
        hadConnection = hadConnection || change.to != .listen
        vanished[change.ends] = nil
      case .socketGone(let sample) where sample.has(port: port):
        before = table.apply(event)
        after = nil
        vanished[sample.ends] = event.time
      default: continue
      }
      for (sample, change) in [(before?.sample, -1), (after, 1)] {
        if let sample, StateHistory.counts(sample, for: condition) { count += change }
      }
      let holds = if case .connection(_, _, .gone) = condition { hadConnection && count == 0 } else { count > 0 }
      if holds != (changes.last?.holds ?? false) {
        changes.append(Change(time: event.time, holds: holds, unseen: event.unseen))
      }
    }
  }

  /// Whether a socket decides on the condition.
  private static func counts(_ sample: SocketSample, for condition: Condition) -> Bool {
    switch condition {
    case .connection(_, _, .state(let state)): sample.state.name == state.name
    case .connection(_, _, .gone): sample.isConnection
    case .listens(_, let port): sample.listens(on: port)
    default: false
    }
  }

  /// Takes back a change that only a change of sockets made.
  ///
  /// When a connection goes to TIME_WAIT, or to a closed program's FIN_WAIT_2, Linux replaces its socket by a small one
  /// (`tcp_time_wait`), and the first can be reported gone before the second is seen.
  private mutating func forgetGap(from start: Moment, to end: Moment) {
    if changes.last?.time == start, end - start <= Tolerance.sampled { changes.removeLast() }
  }

  /// Whether the condition holds at `moment`.
  func holds(at moment: Moment) -> Bool {
    changes.last { $0.time <= moment }?.holds ?? false
  }

  /// The first moment at or after `moment` at which the condition holds.
  func firstMoment(from moment: Moment) -> Moment? {
    holds(at: moment) ? moment : changes.first { $0.time > moment && $0.holds }?.time
  }

  /// For how long before `moment` nobody had looked whether the condition holds, if it began to hold then.
  func unseen(before moment: Moment) -> Duration {
    changes.first { $0.time == moment && $0.holds }?.unseen ?? .zero
  }

  /// The first moment after `moment` at which the condition ceases to hold.
  func firstEnd(after moment: Moment) -> Moment? {
    changes.first { $0.time > moment && !$0.holds }?.time
  }
}

extension Event {
  /// Of a socket that is gone: for how long before nobody had looked; never negative.
  fileprivate var unseen: Duration {
    if case .socketGone(let sample) = body { .nanoseconds(max(0, sample.unseen ?? 0)) } else { .zero }
  }
}
