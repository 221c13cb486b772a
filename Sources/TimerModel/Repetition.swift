/// Finds out that a process only repeats itself, and leaps over what it repeats.
///
/// A process that is in the same condition again, with the wheel in a position that its timers cannot tell from the
/// earlier one, will do again what it did in between, for as long as its limit has no say. So so many rounds can be
/// left out, and the end is the same as if each expiry had been followed. The condition is compared with one that is
/// kept, a newer one each time the wait has doubled (Brent's way of finding a cycle).
struct Repetition<Process: TimerProcess> {
  /// So many expiries are always followed, and shown.
  private static var followed: Int { 64 }

  private struct Mark {
    var condition: Process.Condition
    var jiffies: Int64
    var starts: ClosedRange<Int64>
    var counts: Counts
    /// How many expiries it is kept for.
    var patience: Int
    /// How many there were since.
    var age = 0
    /// The highest level of the wheel that a timer was put into since.
    var level = 0
  }

  private var expiries = 0
  private var mark: Mark?
  private var hasLeapt = false

  /// Behind an expiry: leaps over the rounds that are left until shortly before the limit, if the process has come
  /// back to a condition of before.
  mutating func leap(_ process: inout Process, _ clock: inout Clock, next: inout Int64) {
    expiries += 1
    guard expiries > Self.followed, !hasLeapt, let condition = process.condition(at: clock.jiffies) else { return }
    if var mark {
      mark.age += 1
      mark.level = max(mark.level, clock.deepestLevel)
      self.mark = mark
      let round = clock.jiffies - mark.jiffies
      if mark.condition == condition, mark.starts == clock.starts,
        round % clock.wheel.granularity(ofLevel: mark.level) == 0
      {
        let rounds = process.rounds(clock, of: round, clock.counts.rounds(1, since: mark.counts)) - 1
        guard rounds > 0 else { return }
        hasLeapt = true
        let done = clock.counts.rounds(Int(rounds), since: mark.counts)
        process.skip(jiffies: rounds * round, done)
        clock.leap(to: clock.jiffies + rounds * round, done)
        next += rounds * round
        return
      }
      if mark.age < mark.patience { return }
    }
    mark = Mark(
      condition: condition,
      jiffies: clock.jiffies,
      starts: clock.starts,
      counts: clock.counts,
      patience: 2 * (mark?.patience ?? 1)
    )
  }
}
