internal import CommandLine
internal import Drawing
internal import Forecasting
internal import Judge
internal import LabScript
internal import Report
internal import Sockets
internal import Timeline
internal import TimerModel

/// `halfopen report TIMELINE…`: draws saved timelines again.
enum ReportCommand {
  struct Settings: DrawsTimelines {
    var format = ReportFormat.text
    var verbosity = TextOptions.Verbosity.story
    var showsCommands = false
    var width: Int?
    var files: [ReportFile] = []
    var axis: TimeAxis?
    var formats: [ReportFormat] { files.isEmpty ? [format] : files.map(\.format) }
  }

  static let options = OptionTable<Settings>(
    program: "halfopen report",
    usage: ["[OPTION]... TIMELINE..."],
    about: """
      Draws saved timelines (halfopen run --timeline FILE) again, in any format. A line that cannot be read is told, and \
      the rest is used.
      """,
    groups: [
      OptionGroup(
        "Output",
        [
          .value("format", "FORMAT", "text (the default), jsonl, junit, tap, html or svg.") {
            (settings, text) throws(InvalidValue) in
            settings.format = try ReportFormat.named(text)
          },
          .value("html", "FILE", "Write the drawn timeline to a file, as a page for a browser, and print nothing.") {
            (settings, text) in
            settings.files.append(ReportFile(format: .html, path: text))
          },
          .value("svg", "FILE", "Write the drawn timeline to a file, as a picture, and print nothing.") {
            (settings, text) in
            settings.files.append(ReportFile(format: .svg, path: text))
          },
          Settings.axisOption(),
          .flag("verbose", short: "v", "Show more; -vv shows every event.") {
            $0.verbosity = $0.verbosity == .story ? .details : .everything
          },
          .flag("show-commands", "Show the ip, bridge and iptables commands of the run.") { $0.showsCommands = true },
          .value("width", "COLUMNS", "Break lines to this width, 60 to 1000; the default is the terminal's.") {
            (settings, text) throws(InvalidValue) in
            guard let width = Int(text), (60...1000).contains(width) else {
              throw InvalidValue("'\(text)' is not a number from 60 to 1000")
            }
            settings.width = width
          },
        ]
      )
    ],
    notes: "Exit status: 0 every run passed, 1 one did not, 2 usage or an unreadable file.\n"
  )

  static func main(_ arguments: [String]) -> Int32 {
    var settings = Settings()
    switch options.operands(arguments, into: &settings) {
    case .exit(let status): return status
    case .run(let paths):
      guard !paths.isEmpty else {
        Console.complain("which timeline? Give the file that 'halfopen run --timeline FILE' wrote")
        return Console.Status.usage
      }
      if settings.hasIdleAxis() { return Console.Status.usage }
      var runs: [LabRun] = []
      var notes: [String] = []
      for path in paths {
        guard let read = read(path, notes: &notes) else { return Console.Status.usage }
        runs += read
      }
      let textOptions = TextOptions(
        width: settings.width ?? Terminal.columns(of: 1) ?? 100,
        colour: Terminal.wantsColour(1),
        verbosity: settings.verbosity,
        showsCommands: settings.showsCommands
      )
      let axis = settings.axis ?? .folded
      if settings.files.isEmpty {
        Console.print(settings.format.document(of: runs, textOptions, axis: axis, notes: notes))
      }
      do {
        for file in settings.files {
          try FileIO.write(file.format.document(of: runs, textOptions, axis: axis, notes: notes), toNew: file.path)
        }
      } catch {
        Console.complain(error.description)
        return Console.Status.usage
      }
      return runs.allSatisfy(\.judgement.passed) ? Console.Status.held : Console.Status.failed
    }
  }

  /// The runs in a file; `nil` if there is none, which is then told.
  ///
  /// What a reader must know of lines that could not be read is added to `notes`.
  private static func read(_ path: String, notes: inout [String]) -> [LabRun]? {
    let bytes: [UInt8]
    do {
      bytes = try FileIO.contents(of: path)
    } catch {
      Console.complain("cannot read '\(path)': \(error.errno.text)")
      return nil
    }
    let saved = SavedTimeline(bytes: bytes)
    for mistake in saved.mistakes {
      Console.complain("\(path):\(mistake.line): \(mistake.message)")
      notes.append("line \(mistake.line) of the timeline: \(mistake.message)")
    }
    guard !saved.events.isEmpty else {
      Console.complain("'\(path)' holds no event: it is no timeline")
      return nil
    }
    return saved.runs.map { run(of: $0) }
  }

  private static func run(of events: [Event]) -> LabRun {
    var beginning: Beginning?
    if case .begin(let first)? = events.first?.body { beginning = first }
    var script = Script(name: beginning?.lab ?? "timeline")
    if let beginning,
      case .script(let read) = Script.read(
        text: Array(beginning.script.utf8),
        path: beginning.path,
        settings: beginning.parameters,
        variant: beginning.variant,
        family: AddressFamily(rawValue: beginning.family)
      )
    {
      script = read
    }
    let judgement =
      Judgement(events: events)
      ?? judge(script: script, events: events, forecast: forecast(script, beginning))
    return LabRun(script: script, events: events, judgement: judgement)
  }

  /// The forecast for the kernel that the timeline is of.
  private static func forecast(_ script: Script, _ beginning: Beginning?) -> Forecast {
    guard let beginning, let version = try? KernelVersion(release: beginning.kernel),
      let rate = TickRate(rawValue: Int(clamping: beginning.hz))
    else { return Forecast() }
    return Forecaster(script: script, kernel: Kernel(version: version, rate: rate)).forecast()
  }
}
