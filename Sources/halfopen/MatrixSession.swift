internal import LabScript
internal import Laboratory
internal import Matrix
internal import Report
internal import Sockets
internal import Timeline
internal import TimerModel

/// A call of `halfopen matrix`: its cells, run side by side, and what is made of them.
final class MatrixSession {
  private let settings: MatrixCommand.Settings
  private let tunings: [Tuning]
  private let world: any World
  private let isVirtual: Bool
  private var results: [String: CellResult] = [:]
  /// By the cell's name: the report of its run, for the page.
  private var reports: [String: String] = [:]
  private var earlier: MatrixResult?
  private var kernel = Kernel()
  private var cannotRun: String?
  /// What a run says of the kernel that it was on.
  private var beginning: Beginning?

  init(_ settings: MatrixCommand.Settings, _ tunings: [Tuning]) throws(LaboratoryError) {
    self.settings = settings
    self.tunings = tunings
    (world, isVirtual) = try settings.world.make()
  }

  /// How long to watch where nothing should be told, with these settings.
  private func watch(_ tuning: Tuning) -> Duration {
    settings.watch ?? (isVirtual ? tuning.virtualWatch : .seconds(20))
  }
  /// The longest of them.
  private var longestWatch: Duration { tunings.map(watch).max() ?? .zero }
  private var longest: Duration { settings.longest ?? .seconds(isVirtual ? 43_200 : 30) }

  /// Runs the cells and returns the exit status.
  func run() -> Int32 {
    guard let kernel = world.kernel else {
      Console.complain(
        "the timer model does not know this kernel, so there is nothing to compare with"
      )
      return Console.Status.cannotRun
    }
    self.kernel = kernel
    if let name = settings.showsCell { return show(name) }
    do throws(Mistake) { try prepare() } catch {
      Console.complain(error.description)
      return Console.Status.usage
    }
    let cells = settings.failures.flatMap { failure in
      tunings.map { Cell(failure, $0, kernel: kernel, watch: watch($0)) }
    }
    for cell in cells where cell.length > longest {
      guard case .ends = cell.predicted else { continue }
      results[cell.name] = cell.notRun("the predicted end lies beyond \(longest.text) (--longest)")
    }
    // The longest first, so that none is left over at the end.
    let chosen = cells.filter { results[$0.name] == nil }.sorted { $0.length > $1.length }
    if let status = run(chosen, jobs: settings.jobs ?? (isVirtual ? world.usualJobs : 8)) { return status }
    // On a busy machine a program can be told later than its kernel knew: what did not agree is run once more, alone.
    // In virtual time nothing is busy, and a second run would be the first again.
    let again = isVirtual ? [] : chosen.filter { results[$0.name]?.agrees == false }
    return run(again, jobs: 1) ?? conclude(cells)
  }

  /// Runs these cells, so many at a time; the exit status, if that ends everything.
  private func run(_ cells: [Cell], jobs: Int) -> Int32? {
    let pool = LabPool(cells.map(lab), in: world, jobs: jobs)
    let lengths = Dictionary(uniqueKeysWithValues: cells.map { ($0.fileName, $0.length) })
    let progress = BatchProgress("cells", lengths: lengths)
    do throws(LaboratoryError) {
      try pool.run(restingTime: progress.restingTime, listener(pool, cells, progress))
    } catch {
      cannotRun = error.message
      pool.stop()
    }
    progress.clear()
    if let signal = pool.stopSignal { return 128 + signal.rawValue }
    guard let cannotRun else { return nil }
    Console.complain(cannotRun)
    return Console.Status.cannotRun
  }

  private func lab(_ cell: Cell) -> LabSelection.Lab {
    LabSelection.Lab(path: cell.fileName + ".lab", text: Array(cell.text.utf8), script: cell.script)
  }

  private func listener(_ pool: LabPool, _ cells: [Cell], _ progress: BatchProgress) -> LabPool.Listener {
    let byName = Dictionary(uniqueKeysWithValues: cells.map { ($0.fileName, $0) })
    return LabPool.Listener(
      ended: { [self] (run) throws(SystemError) in
        guard let cell = byName[run.lab.script.name], pool.stopSignal == nil else { return }
        if let impediment = run.impediment {
          cannotRun = impediment
          return pool.stop()
        }
        beginning = beginning ?? run.report.beginning
        progress.ended(run.lab.script.name)
        try take(run, of: cell)
      },
      rested: { progress.show($0.map(\.lab.script.name)) }
    )
  }

  private func take(_ run: ActiveLab, of cell: Cell) throws(SystemError) {
    var result = cell.result(events: run.events, judgement: run.judgement)
    result.attempts = (results[cell.name]?.attempts ?? 0) + 1
    results[cell.name] = result
    if settings.files.html != nil { reports[cell.name] = run.report.text(TextOptions(width: 100)) }
    if let folder = settings.timelines {
      try FileIO.write(run.report.jsonLines(), toNew: "\(folder)/\(cell.fileName).jsonl")
      let drawn = ReportFormat.html.document(of: [run.report], TextOptions())
      try FileIO.write(drawn, toNew: "\(folder)/\(cell.fileName).html")
    }
  }

  /// Reads the earlier matrix, and makes sure that what is to be written can be, before anything is run.
  private func prepare() throws(Mistake) {
    do throws(SystemError) {
      if let path = settings.against {
        let text = String(decoding: try FileIO.contents(of: path), as: UTF8.self)
        do throws(Mistake) { earlier = try MatrixResult(json: text) } catch {
          throw SystemError(call: error.description, subject: path, errno: .init(rawValue: 0))
        }
      }
    } catch {
      throw Mistake("--against \(error.subject): \(error.errno.rawValue == 0 ? error.call : error.errno.text)")
    }
    do throws(SystemError) {
      for path in [settings.files.html, settings.files.csv, settings.files.json].compactMap({ $0 }) {
        _ = try FileIO.open(path, for: .replacing)
      }
      if let folder = settings.timelines { try FileIO.makeDirectories(folder) }
    } catch {
      throw Mistake("cannot write '\(error.subject)': \(error.errno.text)")
    }
  }

  private func show(_ name: String) -> Int32 {
    for failure in settings.failures {
      for tuning in tunings where "\(failure.name)/\(tuning.name)" == name {
        Console.print(Cell(failure, tuning, kernel: kernel, watch: watch(tuning)).text)
        return Console.Status.held
      }
    }
    let columns = tunings.map(\.name).joined(separator: ", ")
    Console.complain("there is no cell '\(name)'; write FAILURE/SETTINGS, a failure of --list and one of \(columns)")
    return Console.Status.usage
  }

  /// What a page at `path` tells of each cell.
  private func stories(of cells: [Cell], besides path: String) -> [String: CellStory] {
    var stories: [String: CellStory] = [:]
    for cell in cells {
      var story = CellStory(lab: cell.text, report: reports[cell.name] ?? "")
      if let folder = settings.timelines, results[cell.name]?.measured != nil {
        let address = PagePath(folder).relative(toFolderOf: path)
        story.links.append(.init("the drawn timeline", "\(address)/\(cell.fileName).html"))
        story.links.append(.init("the timeline, as JSON Lines", "\(address)/\(cell.fileName).jsonl"))
      }
      stories[cell.name] = story
    }
    return stories
  }

  private func conclude(_ cells: [Cell]) -> Int32 {
    var matrix = MatrixResult(
      world: isVirtual ? "virtual" : "real",
      kernel: beginning?.kernel ?? kernel.version.description,
      hz: kernel.rate.rawValue,
      watch: longestWatch,
      failures: settings.failures,
      tunings: tunings
    )
    matrix.cells = cells.compactMap { results[$0.name] }
    let comparison = earlier.map { Comparison(from: $0, to: matrix) }
    Console.print(
      matrix.text(
        TableOptions(width: Terminal.columns(of: 1) ?? 100, colour: Terminal.wantsColour(1)),
        comparison
      )
    )
    do throws(SystemError) {
      if let path = settings.files.csv { try FileIO.write(matrix.csv(comparison), toNew: path) }
      if let path = settings.files.json { try FileIO.write(matrix.json, toNew: path) }
      if let path = settings.files.html {
        try FileIO.write(matrix.html(comparison, stories: stories(of: cells, besides: path)), toNew: path)
      }
    } catch {
      Console.complain(error.description)
      return Console.Status.cannotRun
    }
    let isAsPredicted = matrix.disagreeing.isEmpty && comparison?.changes.isEmpty ?? true
    return isAsPredicted ? Console.Status.held : Console.Status.failed
  }
}
