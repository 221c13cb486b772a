/// One kernel timer of a socket with its rules: what its handler does at each expiry.
protocol TimerProcess {
  /// For how many jiffies the timer is armed at the start.
  var firstTimeout: Int64 { get }
  /// Runs the handler; called again from the same state for another part of the starts if the clock was split.
  mutating func expire(_ clock: inout Clock) -> Step

  /// All that its future hangs on, apart from the time that its limit leaves; moments count from the present jiffy.
  associatedtype Condition: Equatable
  /// The condition behind an expiry in this jiffy; `nil` where the handler's work cannot repeat itself many times.
  func condition(at jiffies: Int64) -> Condition?
  /// How many rounds, so many jiffies long and doing what these counts say, certainly come after this expiry before the
  /// limit has a say, whatever the start.
  func rounds(_ clock: Clock, of jiffies: Int64, _ counts: Counts) -> Int64
  /// Goes so many jiffies ahead, in which the handler did what these counts say and came back to its condition.
  mutating func skip(jiffies: Int64, _ counts: Counts)
}

/// A process of which a few hundred expiries are all there can be.
extension TimerProcess where Condition == Never {
  func condition(at jiffies: Int64) -> Never? { nil }
  func rounds(_ clock: Clock, of jiffies: Int64, _ counts: Counts) -> Int64 { 0 }
  mutating func skip(jiffies: Int64, _ counts: Counts) {}
}

/// How often handlers did what is counted.
struct Counts: Hashable {
  /// Segments sent again, or parked until the neighbour's address is known.
  var retransmissions = 0
  /// Keepalive and zero-window probes.
  var probes = 0
  /// Attempts that the own machine refused.
  var refusals = 0

  /// Adds what this is.
  mutating func add(_ kind: ScheduledEvent.Kind) {
    switch kind {
    case .synRetransmission, .synackRetransmission, .retransmission, .unresolved: retransmissions += 1
    case .keepaliveProbe, .zeroWindowProbe: probes += 1
    case .refused: refusals += 1
    default: break
    }
  }

  /// The work of so many rounds, in each of which as much was added as from `earlier` to these.
  func rounds(_ count: Int, since earlier: Counts) -> Counts {
    Counts(
      retransmissions: count * (retransmissions - earlier.retransmissions),
      probes: count * (probes - earlier.probes),
      refusals: count * (refusals - earlier.refusals)
    )
  }

  static func += (left: inout Counts, right: Counts) {
    left.retransmissions += right.retransmissions
    left.probes += right.probes
    left.refusals += right.refusals
  }
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

extension ScheduledEvent.Kind {
  /// Whether a timer's handler sends a packet there and then.
  var isSentByTimer: Bool {
    switch self {
    case .synRetransmission, .synackRetransmission, .tailLossProbe, .retransmission, .keepaliveProbe, .zeroWindowProbe:
      true
    default: false
    }
  }
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

  /// The newest record.
  var newest: Record? { last?.record }

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
