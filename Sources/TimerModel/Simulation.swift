/// One kernel timer of a socket with its rules: what its handler does at each expiry.
protocol TimerProcess {
  /// For how many jiffies the timer is armed at the start.
  var firstTimeout: Int64 { get }
  /// Runs the handler; called again from the same state for another part of the starts if the clock was split.
  mutating func expire(_ clock: inout Clock) -> Step
}

/// What a timer's handler leaves behind.
enum Step {
  /// A timer that fires at this jiffy: see ``Clock/arm(_:)``.
  case at(Int64)
  /// Nothing: the connection is over.
  case end(Ending)
  /// The timer for ever, for this reason: what was recorded so far only repeats itself.
  case forever(String)
}

/// How a simulated connection ended.
struct Ending: Hashable {
  var errno: String?
  var limit: Limit
  /// How long after the handler ran the end is known: a packet's time there and back.
  var delay: Int64 = 0
}

/// What the handler saw and did at one expiry.
struct Record {
  var kind: ScheduledEvent.Kind
  var jiffies: Int64
  /// Nanoseconds after the jiffy began.
  var offset: Int64 = 0
  var check: RecordedCheck?
}

/// A comparison that a handler made.
struct RecordedCheck {
  /// What was compared with what.
  enum Measure {
    /// A time with a limit; since the start itself, or `offset` nanoseconds after it, if `since` is `nil`.
    case time(clock: ScheduledEvent.Check.Clock, since: Int64?, limit: Duration)
    /// A count with a limit.
    case count(Int, limit: Int)
  }

  var measure: Measure
  var reached: Bool
}

/// The records of a run, newest first in memory and oldest first to the reader: runs that part share their past.
struct Trail: Sequence {
  private final class Entry {
    let record: Record
    let previous: Entry?

    init(record: Record, previous: Entry?) {
      self.record = record
      self.previous = previous
    }
  }

  private var last: Entry?

  /// Adds the newest record.
  mutating func append(_ record: Record) {
    last = Entry(record: record, previous: last)
  }

  func makeIterator() -> IndexingIterator<[Record]> {
    var records: [Record] = []
    var entry = last
    while let current = entry {
      records.append(current.record)
      entry = current.previous
    }
    records.reverse()
    return records.makeIterator()
  }
}

/// The time as a handler sees it, for all the starts that have had the same history so far.
///
/// A question whose answer differs among the starts is answered for the earliest of them, and splits the rest off:
/// they get a turn of their own. So every phase of the wheel is covered, and phases that behave alike are run once.
struct Clock {
  let wheel: TimerWheel
  /// The jiffy in which the handler runs.
  let jiffies: Int64
  /// How far the wheel's jiffies are ahead of the simulated clock's.
  let shift: Int64
  /// The moments, in nanoseconds of the simulated clock, at which the process may have been started.
  private(set) var starts: ClosedRange<Int64>
  /// What happened so far.
  private(set) var trail: Trail

  init(wheel: TimerWheel, jiffies: Int64, shift: Int64, starts: ClosedRange<Int64>, trail: Trail) {
    self.wheel = wheel
    self.jiffies = jiffies
    self.shift = shift
    self.starts = starts
    self.trail = trail
  }

  /// When a timer fires that the handler arms for so many jiffies.
  func fire(_ timeout: Int64) -> Int64 {
    wheel.fire(now: jiffies + shift, timeout: timeout, insideCallback: true) - shift
  }

  /// When a timer fires that a packet arms for so many jiffies, coming in so many jiffies after the handler ran.
  func fire(_ timeout: Int64, packetAfter delay: Int64) -> Int64 {
    wheel.fire(now: jiffies + shift + delay, timeout: timeout, insideCallback: false) - shift
  }

  /// When a timer fires that was armed at the start: exact for every start that remains.
  mutating func fireFromStart(_ timeout: Int64) -> Int64 {
    let (fire, last) = wheel.bucket(
      now: starts.lowerBound / wheel.rate.nanosecondsPerJiffy + shift,
      timeout: timeout
    )
    narrow(to: wheel.nanoseconds(jiffies: last - shift + 1) - 1)
    return fire - shift
  }

  /// The handler arms the timer for so many jiffies.
  func arm(_ timeout: Int64) -> Step { .at(fire(timeout)) }

  /// The handler arms the timer for the same time again and again: when it has fired so often.
  func arm(_ timeout: Int64, times: Int64) -> Step { .at(jiffies + max(1, times) * (fire(timeout) - jiffies)) }

  /// The nanoseconds at which the handler runs.
  var now: Int64 { wheel.nanoseconds(jiffies: jiffies) }

  /// The millisecond TCP clock, as the handler reads it some microseconds after the tick.
  var milliseconds: Int64 { (now + Clock.latency) / 1_000_000 }

  /// From the tick to the handler's reading of the clock: 20 to 60 microseconds on an idle machine.
  static let latency: Int64 = 40_000

  /// Milliseconds from the start to now, by the millisecond TCP clock: exact for every start that remains.
  mutating func millisecondsSinceStart() -> Int64 {
    let start = starts.lowerBound / 1_000_000
    narrow(to: start * 1_000_000 + 999_999)
    return milliseconds - start
  }

  /// Whether at least `limit` milliseconds of the TCP clock have passed since the start.
  mutating func passed(milliseconds limit: Int64) -> Bool {
    let last = (milliseconds - limit + 1) * 1_000_000 - 1
    return passed(lastStart: last)
  }

  /// Whether at least `limit` jiffies have passed since the moment so many nanoseconds after the start.
  mutating func passed(jiffies limit: Int64, since offset: Int64) -> Bool {
    passed(lastStart: wheel.nanoseconds(jiffies: jiffies - limit + 1) - 1 - offset)
  }

  /// Jiffies to now from the moment so many nanoseconds after the start: exact for every start that remains.
  mutating func jiffies(since offset: Int64) -> Int64 {
    let moment = (starts.lowerBound + offset) / wheel.rate.nanosecondsPerJiffy
    narrow(to: wheel.nanoseconds(jiffies: moment + 1) - 1 - offset)
    return jiffies - moment
  }

  /// Notes what the handler does.
  mutating func record(_ kind: ScheduledEvent.Kind, check: RecordedCheck? = nil, offset: Int64 = 0) {
    trail.append(Record(kind: kind, jiffies: jiffies, offset: offset, check: check))
  }

  private mutating func passed(lastStart: Int64) -> Bool {
    if starts.lowerBound > lastStart { return false }
    narrow(to: lastStart)
    return true
  }

  private mutating func narrow(to upper: Int64) {
    if upper < starts.upperBound { starts = starts.lowerBound...max(starts.lowerBound, upper) }
  }
}

/// Runs a process for every phase of the timer wheel that makes a difference.
struct Simulation<Process: TimerProcess> {
  let wheel: TimerWheel
  let process: Process
  /// The highest level of the wheel that the process's timers can reach.
  let deepestLevel: Int
  let phase: Phase

  /// A run that has come to its end, for all the starts that led there alike.
  struct Outcome {
    var starts: ClosedRange<Int64>
    var trail: Trail
    var end: (jiffies: Int64, ending: Ending)?
    var forever: String?
  }

  private struct Branch {
    var process: Process
    var jiffies: Int64
    var starts: ClosedRange<Int64>
    var trail: Trail
  }

  /// The jiffy in which the starts begin: a multiple of every bucket's width, far enough from zero that no
  /// subtraction goes below it.
  private static var origin: Int64 { 1 << 34 }

  /// Nanoseconds of the simulated clock at which the process may start.
  private var starts: [ClosedRange<Int64>] {
    if case .known(_, let start) = phase { return [start...start] }
    // At 300 Hz a jiffy is not a whole number of milliseconds: three alignments are to be covered.
    let alignments: Int64 = wheel.rate == .hz300 ? 3 : 1
    let cycle = wheel.granularity(ofLevel: deepestLevel) * alignments
    // A short first timer before one of days makes more cases than are worth a second of work. The extremes are where
    // the coarsest bucket changes: begin and end of the cycle.
    let most = wheel.granularity(ofLevel: wheel.level(of: process.firstTimeout)) * 4096
    let jiffies = cycle <= 2 * most ? [0..<cycle] : [0..<most, (cycle - most)..<cycle]
    return jiffies.map { range in
      let first = wheel.nanoseconds(jiffies: Self.origin + range.lowerBound)
      return first...(wheel.nanoseconds(jiffies: Self.origin + range.upperBound) - 1)
    }
  }

  /// Every outcome; together they cover all starts.
  func run() -> [Outcome] {
    var outcomes: [Outcome] = []
    var branches: [Branch] = []
    // The wheel's own jiffies begin at another number than the monotonic clock's ticks.
    let shift = if case .known(let clock, _) = phase { clock.jiffyAtZero } else { Int64(0) }
    for range in starts {
      var rest: ClosedRange<Int64>? = range
      while let starts = rest {
        let jiffy = starts.lowerBound / wheel.rate.nanosecondsPerJiffy
        let (fire, last) = wheel.bucket(now: jiffy + shift, timeout: process.firstTimeout)
        let upper = min(starts.upperBound, wheel.nanoseconds(jiffies: last - shift + 1) - 1)
        branches.append(
          Branch(process: process, jiffies: fire - shift, starts: starts.lowerBound...upper, trail: Trail())
        )
        rest = upper < starts.upperBound ? (upper + 1)...starts.upperBound : nil
      }
    }
    branches.reverse()
    while let branch = branches.popLast() {
      follow(branch, shift: shift, outcomes: &outcomes, branches: &branches)
    }
    return outcomes
  }

  private func follow(_ first: Branch, shift: Int64, outcomes: inout [Outcome], branches: inout [Branch]) {
    var branch = first
    while true {
      var clock = Clock(wheel: wheel, jiffies: branch.jiffies, shift: shift, starts: branch.starts, trail: branch.trail)
      var process = branch.process
      let step = process.expire(&clock)
      if clock.starts.upperBound < branch.starts.upperBound {
        branch.starts = (clock.starts.upperBound + 1)...branch.starts.upperBound
        branches.append(branch)
      }
      let outcome = Outcome(starts: clock.starts, trail: clock.trail)
      let next: Int64
      switch step {
      case .end(let ending):
        outcomes.append(outcome)
        outcomes[outcomes.count - 1].end = (branch.jiffies, ending)
        return
      case .forever(let reason):
        outcomes.append(outcome)
        outcomes[outcomes.count - 1].forever = reason
        return
      case .at(let jiffies):
        next = max(branch.jiffies + 1, jiffies)
      }
      branch = Branch(process: process, jiffies: next, starts: clock.starts, trail: clock.trail)
    }
  }
}
