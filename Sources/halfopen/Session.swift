internal import Judge
internal import LabScript
internal import Laboratory
internal import Report
internal import Sockets
internal import Timeline
internal import VirtualTime

/// A call of `halfopen run`: its labs one after the other, or several at a time, and what it prints of them.
final class Session {
  private let labs: [LabSelection.Lab]
  private let world: any World
  private var finished: [ActiveLab] = []
  private var notStarted: [(name: String, reason: String)] = []
  private let settings: RunCommand.Settings
  private let printer: SessionPrinter
  private var timeline: TimelineFile?
  private var captureFile: SharedDescriptor?
  private var status = Console.Status.held

  init(labs: [LabSelection.Lab], in world: any World, settings: RunCommand.Settings) {
    self.labs = labs
    self.world = world
    self.settings = settings
    printer = SessionPrinter(settings: settings, jobs: settings.jobs ?? world.usualJobs, labCount: labs.count)
  }

  /// Runs every lab and returns the exit status.
  func run() -> Int32 {
    do throws(SystemError) {
      if let path = settings.timeline { timeline = try TimelineFile(path) }
      if let path = settings.captureFile { captureFile = SharedDescriptor(try FileIO.open(path, for: .replacing)) }
    } catch {
      Console.complain(error.description)
      return Console.Status.cannotRun
    }
    let pool = LabPool(
      labs,
      in: world,
      jobs: settings.jobs ?? world.usualJobs,
      options: printer.options,
      captureFile: captureFile?.rawValue
    )
    do throws(LaboratoryError) {
      try pool.run(restingTime: printer.restingTime, listener(pool))
    } catch {
      printer.clearStatus()
      Console.complain(error.message)
      pool.stop()
      status = Console.Status.cannotRun
    }
    if let stopSignal = pool.stopSignal {
      if finished.isEmpty { printer.interruptedEarly(by: stopSignal) }
      return 128 + stopSignal.rawValue
    }
    printer.summary(finished, notStarted)
    do {
      try printer.writeReports(settings.reports, of: finished)
    } catch {
      Console.complain(error.description)
      return Console.Status.cannotRun
    }
    return status
  }

  private func listener(_ pool: LabPool) -> LabPool.Listener {
    LabPool.Listener(
      told: { [self] (new, run) throws(SystemError) in
        try timeline?.add(new)
        if !printer.show(new, of: run) { standardOutputIsGone(pool) }
      },
      ended: { [self] (run) throws(SystemError) in try finish(run, pool) },
      refused: { [self] lab, error in
        // Where there are others, one that lacks something is no reason to run none of them.
        guard labs.count > 1 else { return false }
        notStarted.append((lab.script.name, error.message))
        printer.notStarted(lab, error)
        status = Console.Status.cannotRun
        return true
      },
      rested: { [self] running in
        if !printer.showStatus(of: running) { standardOutputIsGone(pool) }
      }
    )
  }

  private func standardOutputIsGone(_ pool: LabPool) {
    status = Console.Status.failed
    pool.stop()
  }

  private func finish(_ run: ActiveLab, _ pool: LabPool) throws(SystemError) {
    finished.append(run)
    if let stopSignal = pool.stopSignal {
      printer.interrupted(run, by: stopSignal)
      return
    }
    if let impediment = run.impediment {
      printer.clearStatus()
      Console.complain("\(run.lab.script.name): \(impediment)")
      status = Console.Status.cannotRun
      return
    }
    if settings.showsTiming { tellTiming(of: run) }
    try timeline?.add(run.judgement.events(at: run.report.end))
    if !printer.verdicts(of: run) { standardOutputIsGone(pool) }
    if !run.judgement.passed, status == Console.Status.held { status = Console.Status.failed }
  }
}

extension Session {
  /// Says on standard error what a lab's guest cost.
  private func tellTiming(of run: ActiveLab) {
    guard let costs = (run.laboratory as? GuestHandle)?.costs else { return }
    let text: (Int64) -> String = { Duration.nanoseconds($0 / 1_000_000 * 1_000_000).text }
    let boot = costs.boot.map { "boot \(text($0)), " } ?? ""
    let length = run.report.length.text
    Console.complain(
      "\(run.lab.script.name): \(length) of virtual time: \(boot)resume \(text(costs.resume)), run \(text(costs.run))"
    )
  }
}

/// The file that `--timeline` names: every event a line, written at once.
final class TimelineFile {
  private let file: SharedDescriptor
  private let path: String

  init(_ path: String) throws(SystemError) {
    self.path = path
    file = SharedDescriptor(try FileIO.open(path, for: .replacing))
  }

  func add(_ events: [Event]) throws(SystemError) {
    guard !events.isEmpty else { return }
    do {
      try FileIO.writeAll(Array(events.map { $0.line + "\n" }.joined().utf8), to: file.rawValue)
    } catch {
      throw SystemError(call: error.call, subject: path, errno: error.errno)
    }
  }
}
