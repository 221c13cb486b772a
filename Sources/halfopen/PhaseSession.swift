internal import Judge
internal import LabScript
internal import Laboratory
internal import Report
internal import Sockets
internal import Timeline

/// `halfopen run --virtual --phases N`: each lab in many phases of the timer wheel, and the window of what came out.
enum PhaseSession {
  /// The ticks after which the wheel's levels for timers of up to two minutes are in the same phase again: the buckets
  /// of the coarsest of them hold so many.
  static let period = 512

  /// The phases of `count` runs, in ascending order: spread evenly over the period, and over the buckets of the finer
  /// levels too, of 64 and of 8 ticks, by which shorter timers end.
  static func phases(_ count: Int) -> [Int] {
    let step = period + period / 8 + period / 64
    var phases: Set<Int> = []
    for number in 0..<count {
      var phase = number * step / count % period
      while !phases.insert(phase).inserted { phase = (phase + 1) % period }
    }
    return phases.sorted()
  }

  /// Runs the labs and returns the exit status.
  static func run(_ labs: [LabSelection.Lab], count: Int, in world: any World, settings: RunCommand.Settings) -> Int32 {
    let printer = SessionPrinter(settings: settings, jobs: settings.jobs ?? world.usualJobs, labCount: count)
    let phases = phases(count)
    var status = Console.Status.held
    for lab in labs {
      let variants = phases.map { phase in
        var variant = lab
        variant.phase = (settings.phase ?? 0) + phase
        return variant
      }
      var runs: [Int: LabRun] = [:]
      var impediment: String?
      let pool = LabPool(
        variants,
        in: world,
        jobs: settings.jobs ?? world.usualJobs,
        options: printer.options,
        isSharing: false
      )
      do throws(LaboratoryError) {
        try pool.run(
          restingTime: printer.restingTime,
          LabPool.Listener(ended: { run throws(SystemError) in
            if let reason = run.impediment {
              impediment = reason
              pool.stop()
            } else if pool.stopSignal == nil {
              runs[run.lab.phase] = run.report
            }
          })
        )
      } catch {
        impediment = error.message
      }
      if let signal = pool.stopSignal { return 128 + signal.rawValue }
      if let impediment {
        Console.complain("\(lab.script.name): \(impediment)")
        return Console.Status.cannotRun
      }
      let ordered = runs.sorted { $0.key < $1.key }
      Console.print(phaseTable(of: ordered.map(\.value), phases: ordered.map(\.key), printer.options) + "\n")
      if !ordered.allSatisfy(\.value.judgement.passed) { status = Console.Status.failed }
    }
    return status
  }
}
