internal import Drawing
internal import LabScript
internal import Laboratory
internal import Report
internal import Sockets
internal import Timeline

/// What a session prints, and when: the story line by line, a status line while a lab waits, the verdicts, the table.
final class SessionPrinter {
  let options: TextOptions
  private let format: ReportFormat
  private let axis: TimeAxis
  private let labCount: Int
  /// Whether several labs run at a time: then each is told in a line when it ends, and in full if it failed.
  private let isParallel: Bool
  private let canRedraw = Terminal.canRedraw(1)
  /// How many lines of a terminal the status takes.
  private var statusLines = 0
  /// The columns of the longest name among the labs that ran.
  private var nameColumns = 0
  private var lastStatus = Clock.monotonic

  /// How often a log is told where a waiting lab is, in nanoseconds.
  private static let logInterval: Int64 = 60_000_000_000
  /// How often the status line of a terminal is redrawn, in nanoseconds.
  private static let redrawInterval: Int64 = 250_000_000

  init(settings: RunCommand.Settings, jobs: Int, labCount: Int) {
    format = settings.format
    axis = settings.axis ?? .folded
    self.labCount = labCount
    isParallel = labCount > 1 && jobs > 1
    options = TextOptions(
      width: Terminal.columns(of: 1) ?? 100,
      colour: Terminal.wantsColour(1),
      verbosity: settings.verbosity,
      showsCommands: settings.showsCommands,
      isLadder: Terminal.canRedraw(1)
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
    if canRedraw {
      guard now - lastStatus >= SessionPrinter.redrawInterval || statusLines == 0 else { return true }
      let lines = isParallel ? progress(of: running) : statuses(of: running)
      guard !lines.isEmpty else { return true }
      lastStatus = now
      let text = erasing + lines.joined(separator: "\r\n")
      statusLines = lines.count
      return Console.print(text)
    }
    guard now - lastStatus >= SessionPrinter.logInterval else { return true }
    let lines = statuses(of: running)
    guard !lines.isEmpty else { return true }
    lastStatus = now
    return write(zip(running, lines).map { isParallel ? "\($0.lab.script.name): \($1)" : "  … \($1)" })
  }

  /// What each of the running labs waits for.
  private func statuses(of running: [ActiveLab]) -> [String] {
    running.compactMap { run in run.now.flatMap { run.view.statusLine(now: $0, width: options.width - 5) } }
  }

  /// A line for each running lab, with a bar against its expected length; no more than the terminal has room for.
  private func progress(of running: [ActiveLab]) -> [String] {
    nameColumns = max(nameColumns, running.map(\.lab.script.name.count).max() ?? 0)
    let room = max(2, (Terminal.rows(of: 1) ?? 24) - 2)
    let lines = running.prefix(room).map { run in
      progressLine(
        run.lab.script.name,
        gone: run.now.map { max(.zero, $0 - .zero) } ?? .zero,
        expected: run.expectedLength,
        text: run.now.flatMap { run.view.waitingWords(now: $0) } ?? "",
        nameColumns: nameColumns,
        options
      )
    }
    return lines + (running.count > room ? ["… and \(running.count - room) more"] : [])
  }

  /// Removes the status line from the terminal.
  func clearStatus() {
    guard statusLines > 0 else { return }
    let text = erasing
    statusLines = 0
    Console.print(text)
  }

  /// What takes the status away: the cursor goes to its first line, and all from there on is erased (ECMA-48 CUU, ED).
  private var erasing: String { "\r" + (statusLines > 1 ? "\u{1B}[\(statusLines - 1)A" : "") + "\u{1B}[J" }

  /// Shows what the judge says of a lab that has ended.
  func verdicts(of run: ActiveLab) -> Bool {
    switch format {
    case .jsonl:
      return isParallel ? print(run.report.jsonLines()) : write(run.judgement.events(at: run.report.end).map(\.line))
    case .junit, .tap, .html, .svg: return true
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

  /// Says that a signal ended everything before a lab had begun.
  func interruptedEarly(by signal: Signal) {
    clearStatus()
    Console.complain("stopped by \(signal.name) before a lab had begun; nothing is left")
  }

  /// Says why a lab could not be started.
  func notStarted(_ lab: LabSelection.Lab, _ error: LaboratoryError) {
    clearStatus()
    Console.complain("\(lab.script.name): \(error.message)")
  }

  /// Shows the table of several labs, and which of them could not be started.
  func summary(_ runs: [ActiveLab], _ notStarted: [(name: String, reason: String)]) {
    clearStatus()
    let judged = runs.filter { $0.impediment == nil }
    if format.isWholeDocument { Console.print(format.document(of: judged.map(\.report), options, axis: axis)) }
    guard labCount > 1, format == .text else { return }
    let notRun = runs.compactMap { run in run.impediment.map { (run.lab.script.name, $0) } } + notStarted
    Console.print("\n" + Report.summary(of: judged.map(\.report), notRun: notRun, options))
  }

  /// Writes the reports that go to files.
  func writeReports(_ files: [ReportFile], of runs: [ActiveLab]) throws(SystemError) {
    let judged = runs.filter { $0.impediment == nil }.map(\.report)
    for file in files { try FileIO.write(file.format.document(of: judged, options, axis: axis), toNew: file.path) }
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
