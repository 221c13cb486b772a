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
