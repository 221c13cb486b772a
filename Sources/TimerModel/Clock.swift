/// The time as a handler sees it, for all the starts that have had the same history so far.
///
/// A question whose answer differs among the starts is answered for the earliest of them, and splits the rest off:
/// they get a turn of their own. So every phase of the wheel is covered, and phases that behave alike are run once.
struct Clock {
  let wheel: TimerWheel
  /// The jiffy in which the handler runs.
  private(set) var jiffies: Int64
  /// How far the wheel's jiffies are ahead of the simulated clock's.
  let shift: Int64
  /// The moments, in nanoseconds of the simulated clock, at which the process may have been started.
  private(set) var starts: ClosedRange<Int64>
  /// What happened so far.
  private(set) var trail: Trail
  /// How often.
  private(set) var counts: Counts
  /// The highest level of the wheel that the handler has put a timer into.
  private(set) var deepestLevel = 0

  init(wheel: TimerWheel, jiffies: Int64, shift: Int64, starts: ClosedRange<Int64>, trail: Trail, counts: Counts) {
    self.wheel = wheel
    self.jiffies = jiffies
    self.shift = shift
    self.starts = starts
    self.trail = trail
    self.counts = counts
  }

  /// When a timer fires that the handler arms for so many jiffies.
  mutating func fire(_ timeout: Int64) -> Int64 { fire(timeout, armedAt: jiffies) }

  /// When a timer fires that another timer's handler arms in a later jiffy.
  mutating func fire(_ timeout: Int64, armedAt jiffies: Int64) -> Int64 {
    note(timeout)
    return wheel.fire(now: jiffies + shift, timeout: timeout, insideCallback: true) - shift
  }

  /// When a timer fires that a packet arms for so many jiffies, coming in so many jiffies after the handler ran.
  mutating func fire(_ timeout: Int64, packetAfter delay: Int64) -> Int64 {
    note(timeout)
    return wheel.fire(now: jiffies + shift + delay, timeout: timeout, insideCallback: false) - shift
  }

  private mutating func note(_ timeout: Int64) {
    deepestLevel = max(deepestLevel, wheel.level(of: wheel.reachable(timeout)))
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
  mutating func arm(_ timeout: Int64) -> Step { .at(fire(timeout)) }

  /// The nanoseconds at which the handler runs.
  var now: Int64 { wheel.nanoseconds(jiffies: jiffies) }

  /// The millisecond TCP clock, as the handler reads it some microseconds after the tick.
  var milliseconds: Int64 { Clock.milliseconds(at: now) }

  /// What a handler reads of the millisecond TCP clock that runs at this moment.
  static func milliseconds(at nanoseconds: Int64) -> Int64 { (nanoseconds + latency) / 1_000_000 }

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

  /// Jiffies to now from the moment so many nanoseconds after the start, at least, for every start that remains.
  func fewestJiffies(since offset: Int64) -> Int64 {
    jiffies - (starts.upperBound + offset) / wheel.rate.nanosecondsPerJiffy
  }

  /// Jiffies to now from the moment so many nanoseconds after the start, at most, for every start that remains.
  func mostJiffies(since offset: Int64) -> Int64 {
    jiffies - (starts.lowerBound + offset) / wheel.rate.nanosecondsPerJiffy
  }

  /// When a timer fires that the handler arms for what is left of a time that began so many nanoseconds after the
  /// start: exact for every start that remains.
  mutating func fire(whatIsLeftOf timeout: Int64, since offset: Int64) -> Int64 {
    let left = max(0, timeout - mostJiffies(since: offset))
    let fire = fire(left)
    // Beyond the wheel's reach all timeouts are alike, and later starts leave more.
    guard wheel.reachable(left - 1) == left - 1 else { return fire }
    // Later starts leave more; they go together as long as they end in the same bucket of the same level.
    let level = wheel.level(of: left - 1)
    let longest = min(fire - 1 - jiffies, 63 * wheel.granularity(ofLevel: level))
    narrow(to: wheel.nanoseconds(jiffies: jiffies + longest - timeout + 1) - 1 - offset)
    return fire
  }

  /// Notes what the handler does.
  mutating func record(_ kind: ScheduledEvent.Kind, check: RecordedCheck? = nil, offset: Int64 = 0) {
    trail.append(Record(kind: kind, jiffies: jiffies, offset: offset, check: check))
    counts.add(kind)
  }

  /// Goes ahead, over what was done so often and is not noted singly.
  mutating func leap(to later: Int64, _ done: Counts) {
    if done.retransmissions > 0 { record(.moreRetransmissions(done.retransmissions...done.retransmissions)) }
    if done.probes > 0 { record(.moreProbes(done.probes...done.probes)) }
    if done.refusals > 0 { record(.moreRefusals(done.refusals...done.refusals)) }
    counts += done
    jiffies = later
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
