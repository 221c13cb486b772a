internal import Judge
internal import LabScript
internal import Laboratory
internal import Report
internal import Sockets
internal import Timeline

/// A call of `halfopen run`: its labs one after the other, or several at a time, and what it prints of them.
final class Session {
  private var waiting: ArraySlice<LabSelection.Lab>
  private var running: [ActiveLab] = []
  private var finished: [ActiveLab] = []
  private let settings: RunCommand.Settings
  private let printer: SessionPrinter
  private var timeline: TimelineFile?
  private var captureFile: SharedDescriptor?
  /// The signal that ends the session early.
  private var stopSignal: Signal?
  private var status = Console.Status.held

  init(labs: [LabSelection.Lab], settings: RunCommand.Settings) {
    waiting = labs[...]
    self.settings = settings
    printer = SessionPrinter(settings: settings, labCount: labs.count)
  }

  /// Runs every lab and returns the exit status.
  func run() -> Int32 {
    do {
      let signals = try SignalQueue([.interrupt, .terminate, .hangUp])
      if let path = settings.timeline { timeline = try TimelineFile(path) }
      if let path = settings.captureFile { captureFile = SharedDescriptor(try FileIO.open(path, for: .replacing)) }
      while !(waiting.isEmpty && running.isEmpty) {
        try startWaiting()
        try turn(signals)
      }
    } catch {
      Console.complain(error.description)
      stop()
      status = Console.Status.cannotRun
    }
    if let stopSignal { return 128 + stopSignal.rawValue }
    printer.summary(finished)
    do {
      try printer.writeReports(settings.reports, of: finished)
    } catch {
      Console.complain(error.description)
      return Console.Status.cannotRun
    }
    return status
  }

  private func startWaiting() throws(SystemError) {
    while running.count < settings.jobs, stopSignal == nil, let lab = waiting.popFirst() {
      running.append(try ActiveLab(lab, options: printer.options, captureFile: captureFile?.rawValue))
    }
  }

  /// Ends everything: what has not begun does not begin, and what runs goes with its namespaces.
  private func stop() {
    waiting = []
    for run in running { run.laboratory.stop() }
  }

  private func turn(_ signals: SignalQueue) throws(SystemError) {
    var entries = [PollEntry(signals.descriptor, .readable)]
    entries += running.compactMap { run in run.laboratory.descriptor.map { PollEntry($0, .readable) } }
    _ = try poll(&entries, timeout: printer.restingTime)
    if let signal = signals.read().first {
      stopSignal = stopSignal ?? signal
      stop()
    }
    for run in running {
      let new = run.read()
      try timeline?.add(new)
      if !printer.show(new, of: run) { standardOutputIsGone() }
    }
    for run in running where run.ending != nil { try finish(run) }
    running.removeAll { $0.ending != nil }
    if !printer.showStatus(of: running) { standardOutputIsGone() }
  }

  private func standardOutputIsGone() {
    status = Console.Status.failed
    stop()
  }

  private func finish(_ run: ActiveLab) throws(SystemError) {
    finished.append(run)
    if let stopSignal {
      printer.interrupted(run, by: stopSignal)
      return
    }
    if let impediment = run.impediment {
      printer.clearStatus()
      Console.complain("\(run.lab.script.name): \(impediment)")
      status = Console.Status.cannotRun
      return
    }
    try timeline?.add(run.judgement.events(at: run.report.end))
    if !printer.verdicts(of: run) { standardOutputIsGone() }
    if !run.judgement.passed, status == Console.Status.held { status = Console.Status.failed }
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
