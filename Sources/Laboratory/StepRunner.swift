internal import LabScript
internal import Sockets
internal import Timeline

/// What does a script's steps in order, in whichever world the hosts are.
///
/// It only decides when to go on; whether an expectation held is the judge's business.
protocol StepRunner: AnyObject {
  var script: Script { get }
  var setup: LaboratorySetup { get }
  var sink: EventSink { get }
  /// The events that a `wait` or `expect` has used up: the next one looks for another.
  var usedEvents: Set<Int> { get set }
  /// When the last deed began, and how many events had been told by then.
  var anchor: (moment: Moment, index: Int) { get set }
  /// A host's sockets as they were last seen.
  func sockets(of host: String) -> [SocketSample]
  /// Asks for a look at a host's sockets at that time by the monotonic clock, or a little later.
  func ask(_ host: String, at time: Int64)
  /// Reads what peers and kernels say until `deadline` (monotonic clock) or until `pending` says that it is enough.
  func pump(until deadline: Int64, while pending: () -> Bool) throws(RunStop)
  /// Does a step that is a deed.
  func act(_ step: Step) throws(RunStop)
}

/// Why a run ended before its script did.
enum RunStop: Error {
  /// The front closed its end: nobody reads the timeline any more.
  case frontGone
  /// A `wait` was in vain.
  case inVain(line: Int, text: String)
  /// Something that the laboratory needs failed.
  case broken(LaboratoryError)
}

/// How far a watch has read the told events, and what it has seen.
struct StepWatch {
  var next: Int
  /// Whether what has to last has begun.
  var hasBegun = false
  /// Whether what is waited for cannot come about any more.
  var isInVain = false
}

extension StepRunner {
  func pump(until deadline: Int64) throws(RunStop) { try pump(until: deadline) { true } }

  /// When the last deed was in force, by its own event: from there the judge counts, so a wait does too.
  ///
  /// A busy machine can let some milliseconds pass after the deed was begun.
  private var inForce: Moment { max(anchor.moment, sink.lastDeed) }

  /// Does one step.
  func run(_ step: Step) throws(RunStop) {
    if let delay = step.delay { try pump(until: Clock.monotonic + delay.nanoseconds) }
    if step.action.isDeed {
      // What happened before the deed must not be taken for its consequence.
      try pump(until: Clock.monotonic)
      anchor = (sink.now, sink.told.count)
    }
    sink.note(.step(line: step.line, text: step.text))
    switch step.action {
    case .wait(let condition, let limit):
      guard try watch(condition, step, for: sink.now - inForce + limit) else {
        throw .inVain(line: step.line, text: step.text)
      }
    case .expect(let expectation): try observe(expectation, step)
    default: try act(step)
    }
  }

  /// Waits until an expectation has come about, or cannot any more.
  func observe(_ expectation: Expectation, _ step: Step) throws(RunStop) {
    let lasting: Bool
    let limit: Duration
    switch expectation.timing {
    case .usual: (lasting, limit) = (false, sink.now - inForce + Timing.usualLimit)
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
  ) throws(RunStop) -> Bool {
    let remaining = inForce + limit - sink.now
    sink.note(.waiting(line: step.line, text: step.text, limit: max(0, remaining.nanoseconds)))
    var watch = StepWatch(next: anchor.index)
    let deadline = (inForce + limit + grace).nanoseconds + sink.origin
    var held = lasting
    // The first turn takes in what is there already.
    ask(condition.subject, at: Clock.monotonic)
    try pump(until: Clock.monotonic)
    func decide() -> Bool {
      // Nothing rings when a program begins to listen.
      if case .listens(let host, _) = condition { ask(host, at: Clock.monotonic + 5_000_000) }
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

  private func cameAbout(_ condition: Condition, _ watch: inout StepWatch) -> Bool {
    switch condition {
    case .connection(let host, let port, .state(let state)):
      if connections(of: host, port: port).contains(where: { $0.state == state }) { return true }
    case .connection(let host, let port, .gone):
      guard connections(of: host, port: port).isEmpty else { return false }
      // It may have gone before the deed.
      if sink.told.contains(where: { $0.host == host && condition.matches($0) }) { return true }
    case .listens(let host, let port):
      return sockets(of: host).contains { $0.listens(on: port, over: script.family) }
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
  private func lasts(_ condition: Condition, _ watch: inout StepWatch) -> Bool {
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
    return holds || (!watch.hasBegun && sink.now - inForce < Timing.usualLimit)
  }

  private func findsEvent(_ condition: Condition, _ watch: inout StepWatch) -> Bool {
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
  private func next(in watch: inout StepWatch, where isWanted: (Event) -> Bool) -> Bool {
    while watch.next < sink.told.count {
      let event = sink.told[watch.next]
      watch.next += 1
      if event.time >= anchor.moment, isWanted(event) { return true }
    }
    return false
  }

  private func told(since index: Int) -> ArraySlice<Event> { sink.told[min(index, sink.told.count)...] }

  private func connections(of host: String, port: Int?) -> [SocketSample] {
    sockets(of: host).filter { socket in
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
