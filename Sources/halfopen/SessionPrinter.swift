internal import LabScript
internal import Laboratory
internal import Report
internal import Sockets
internal import Timeline

/// What a session prints, and when: the story line by line, a status line while a lab waits, the verdicts, the table.
final class SessionPrinter {
  let options: TextOptions
  private let format: ReportFormat
  private let labCount: Int
  /// Whether several labs run at a time: then each is told in a line when it ends, and in full if it failed.
  private let isParallel: Bool
  private let canRedraw = Terminal.canRedraw(1)
  private var statusIsShown = false
  private var lastStatus = Clock.monotonic

  /// How often a log is told where a waiting lab is, in nanoseconds.
  private static let logInterval: Int64 = 60_000_000_000
  /// How often the status line of a terminal is redrawn, in nanoseconds.
  private static let redrawInterval: Int64 = 250_000_000

  init(settings: RunCommand.Settings, jobs: Int, labCount: Int) {
    format = settings.format
    self.labCount = labCount
    isParallel = labCount > 1 && jobs > 1
    options = TextOptions(
      width: Terminal.columns(of: 1) ?? 100,
      colour: Terminal.wantsColour(1),
      verbosity: settings.verbosity,
      showsCommands: settings.showsCommands
    )
  }

  /// How long the session may rest while nothing happens.
  var restingTime: Duration {
    .nanoseconds(canRedraw ? SessionPrinter.redrawInterval : 1_000_000_000)
  }

  /// Shows new events of a lab.
  ///
  /// Returns false when nobody reads standard output any more.
  func show(_ events: [Event], of run: ActiveLab) -> Bool {
    if format == .jsonl, !isParallel { return write(events.map(\.line)) }
    if isParallel || format != .text { return true }
    var lines = events.flatMap { run.view.feed($0) }
    if let now = run.now { lines += run.view.flush(now: now) }
    return write(lines)
  }

  /// Shows where the waiting labs are: in the terminal's last line, or once a minute in a log.
  func showStatus(of running: [ActiveLab]) -> Bool {
    guard format == .text else { return true }
    let now = Clock.monotonic
    let lines = running.compactMap { run in run.now.flatMap { run.view.statusLine(now: $0) } }
    guard let first = lines.first else { return true }
    if canRedraw {
      guard now - lastStatus >= SessionPrinter.redrawInterval || !statusIsShown else { return true }
      lastStatus = now
      statusIsShown = true
      let text = lines.count == 1 ? first : "\(lines.count) labs wait; the first: \(first)"
      return Console.print("\r\u{1B}[K" + text.prefix(options.width - 1))
    }
    guard now - lastStatus >= SessionPrinter.logInterval else { return true }
    lastStatus = now
    return write(zip(running, lines).map { isParallel ? "\($0.lab.script.name): \($1)" : "  … \($1)" })
  }

  /// Removes the status line from the terminal.
  func clearStatus() {
    guard statusIsShown else { return }
    statusIsShown = false
    Console.print("\r\u{1B}[K")
  }

  /// Shows what the judge says of a lab that has ended.
  func verdicts(of run: ActiveLab) -> Bool {
    switch format {
    case .jsonl:
      return isParallel ? print(run.report.jsonLines()) : write(run.judgement.events(at: run.report.end).map(\.line))
    case .junit, .tap, .svg: return true
    case .text:
      if isParallel {
        let word = run.judgement.passed ? "PASS" : "FAIL"
        guard write(["\(word)  \(run.lab.script.name)  \(run.report.length.text)"]) else { return false }
        return run.judgement.passed ? true : print(run.report.text(options))
      }
      return write(run.view.finish()) && print(run.report.conclusion(options) + (labCount > 1 ? "\n" : ""))
    }
  }

  /// Says that a signal ended a lab before its time.
  func interrupted(_ run: ActiveLab, by signal: Signal) {
    clearStatus()
    let time = Duration.nanoseconds(Clock.monotonic - run.start).text
    Console.complain("\(run.lab.script.name): stopped by \(signal.name) after \(time); nothing of it is left")
  }

  /// Shows the table of several labs.
  func summary(_ runs: [ActiveLab]) {
    clearStatus()
    let judged = runs.filter { $0.impediment == nil }
    if format.isWholeDocument { Console.print(format.document(of: judged.map(\.report), options)) }
    guard labCount > 1, format == .text else { return }
    let notRun = runs.compactMap { run in run.impediment.map { (run.lab.script.name, $0) } }
    Console.print("\n" + Report.summary(of: judged.map(\.report), notRun: notRun, options))
  }

  /// Writes the reports that go to files.
  func writeReports(_ files: [ReportFile], of runs: [ActiveLab]) throws(SystemError) {
    let judged = runs.filter { $0.impediment == nil }.map(\.report)
    for file in files { try FileIO.write(file.format.document(of: judged, options), toNew: file.path) }
  }

  private func write(_ lines: [String]) -> Bool {
    lines.isEmpty || print(lines.map { $0 + "\n" }.joined())
  }

  private func print(_ text: String) -> Bool {
    clearStatus()
    lastStatus = Clock.monotonic
    return Console.print(text)
  }
}
