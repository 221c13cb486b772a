/// Runs a process for every phase of the timer wheel that makes a difference.
struct Simulation<Process: TimerProcess> {
  let wheel: TimerWheel
  let process: Process
  /// The highest level of the wheel that the process's timers can reach.
  let deepestLevel: Int
  let phase: Phase
  /// The jiffies in which a packet was seen that a handler sent, in order; only where the phase is known.
  var sent: [Int64] = []
  /// Whether what only repeats itself is leapt over; without, every expiry is followed, to the same end.
  var leaps = true

  /// A handler that runs later than this after its bucket is none of which packets tell: 150 ms, since a hypervisor takes a
  /// processor away for 100.
  private var mostLate: Int64 { Int64(wheel.rate.rawValue) * 3 / 20 }

  /// The jiffy in which a handler ran that was due at `jiffy` and sent a packet, if one was seen, later than that.
  private func lateRun(of jiffy: Int64) -> Int64? {
    guard let seen = sent.first(where: { $0 >= jiffy }), seen > jiffy, seen - jiffy <= mostLate else { return nil }
    return seen
  }

  /// A run that has come to its end, for all the starts that led there alike.
  struct Outcome {
    var starts: ClosedRange<Int64>
    var trail: Trail
    var counts: Counts
    var end: (jiffies: Int64, ending: Ending)?
    var forever: String?
  }

  private struct Branch {
    var process: Process
    var jiffies: Int64
    var starts: ClosedRange<Int64>
    var trail = Trail()
    var counts = Counts()
    var repetition = Repetition<Process>()
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

  /// Every outcome, which together cover all starts, and how many expiries were followed to find them.
  func run() -> (outcomes: [Outcome], expiries: Int) {
    var outcomes: [Outcome] = []
    var expiries = 0
    var branches: [Branch] = []
    // The wheel's own jiffies begin at another number than the monotonic clock's ticks.
    let shift = if case .known(let clock, _) = phase { clock.jiffyAtZero } else { Int64(0) }
    for range in starts {
      var rest: ClosedRange<Int64>? = range
      while let starts = rest {
        let jiffy = starts.lowerBound / wheel.rate.nanosecondsPerJiffy
        let (fire, last) = wheel.bucket(now: jiffy + shift, timeout: process.firstTimeout)
        let upper = min(starts.upperBound, wheel.nanoseconds(jiffies: last - shift + 1) - 1)
        branches.append(Branch(process: process, jiffies: fire - shift, starts: starts.lowerBound...upper))
        rest = upper < starts.upperBound ? (upper + 1)...starts.upperBound : nil
      }
    }
    branches.reverse()
    while let branch = branches.popLast() {
      expiries += follow(branch, shift: shift, outcomes: &outcomes, branches: &branches)
    }
    return (outcomes, expiries)
  }

  private func expire(_ branch: Branch, shift: Int64) -> (Clock, Process, Step) {
    var clock = Clock(
      wheel: wheel,
      jiffies: branch.jiffies,
      shift: shift,
      starts: branch.starts,
      trail: branch.trail,
      counts: branch.counts
    )
    var process = branch.process
    let step = process.expire(&clock)
    return (clock, process, step)
  }

  /// Runs a branch to its end, leaving others where the starts part; returns how many expiries that were.
  private func follow(_ first: Branch, shift: Int64, outcomes: inout [Outcome], branches: inout [Branch]) -> Int {
    var branch = first
    var expiries = 0
    while true {
      expiries += 1
      var (clock, process, step) = expire(branch, shift: shift)
      if clock.trail.newest?.kind.isSentByTimer == true, let late = lateRun(of: branch.jiffies) {
        branch.jiffies = late
        (clock, process, step) = expire(branch, shift: shift)
      }
      if clock.starts.upperBound < branch.starts.upperBound {
        branch.starts = (clock.starts.upperBound + 1)...branch.starts.upperBound
        branches.append(branch)
      }
      let outcome = Outcome(starts: clock.starts, trail: clock.trail, counts: clock.counts)
      var next: Int64
      switch step {
      case .end(let ending):
        outcomes.append(outcome)
        outcomes[outcomes.count - 1].end = (branch.jiffies, ending)
        return expiries
      case .forever(let reason):
        outcomes.append(outcome)
        outcomes[outcomes.count - 1].forever = reason
        return expiries
      case .at(let jiffies):
        next = max(branch.jiffies + 1, jiffies)
      }
      if leaps, sent.last ?? 0 < branch.jiffies {
        branch.repetition.leap(&process, &clock, next: &next)
      }
      branch.process = process
      branch.jiffies = next
      branch.starts = clock.starts
      branch.trail = clock.trail
      branch.counts = clock.counts
    }
  }
}
