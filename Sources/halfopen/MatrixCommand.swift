internal import CommandLine
internal import Laboratory
internal import Matrix
internal import Sockets
internal import Timeline

/// `halfopen matrix`: every failure against every set of settings, run, and what came of each.
enum MatrixCommand {
  struct Settings: TakesWorld {
    var world = WorldChoice()
    /// The columns that the user adds.
    var tunings: [Tuning] = []
    var hasStandardColumns = true
    var failures = Failure.all
    var watch: Duration?
    var longest: Duration?
    var jobs: Int?
    var showsCell: String?
    var lists = false
    var files = Files()
    var against: String?
    var timelines: String?
  }

  /// The files that the matrix goes to.
  struct Files {
    var html: String?
    var csv: String?
    var json: String?
  }

  static let options = OptionTable<Settings>(
    program: "halfopen matrix",
    usage: ["[OPTION]..."],
    about: """
      Says which failures would hang a program with your settings, for how long, and with which error it would be told: \
      by running a lab for each failure and each set of settings. Linux's defaults, keepalive alone, a user timeout alone \
      and both are there already.
      """,
    groups: [
      OptionGroup("Columns: settings", columnOptions), OptionGroup("Rows: failures", rowOptions),
      OptionGroup("Running", runningOptions), OptionGroup("Output", outputOptions),
    ],
    notes: """
      Examples:
        halfopen matrix --settings "mine: keepalive=10s,5s,3 user-timeout=25s"
        halfopen matrix --only-mine --libpq "keepalives_idle=10 tcp_user_timeout=25000" --html matrix.html
        halfopen matrix --failures sending,idle --against before.json --json now.json

      Exit status: 0 every cell came out as predicted, and none changed against the earlier matrix; 1 one did not, or
      did; 2 usage; 3 this machine cannot run it; 128 and the signal's number when a signal ended it.

      """
  )

  private static let columnOptions: [Option<Settings>] = [
    .value(
      "settings",
      "[NAME: ]SETTING...",
      "A column: keepalive=IDLE,INTERVAL,COUNT, user-timeout=DURATION, syn-count=COUNT, and the kernel's, such as "
        + "tcp_retries2=8, separated by blanks; may be given several times."
    ) { (settings, text) throws(InvalidValue) in
      try add(to: &settings) { (name) throws(Mistake) in try Tuning(text: text, fallback: name("mine")) }
    },
    .value(
      "libpq",
      "[NAME: ]CONNINFO",
      "A column of what a PostgreSQL connection string or URI sets: keepalives, keepalives_idle, keepalives_interval, "
        + "keepalives_count, tcp_user_timeout."
    ) { (settings, text) throws(InvalidValue) in
      try add(to: &settings) { (name) throws(Mistake) in try Tuning(libpq: text, fallback: name("libpq")) }
    },
    .value("pgbouncer", "FILE", "A column of what a PgBouncer file sets: tcp_keepalive, tcp_keepidle and so on.") {
      (settings, path) throws(InvalidValue) in
      let text: String
      do throws(SystemError) { text = String(decoding: try FileIO.contents(of: path), as: UTF8.self) } catch {
        throw InvalidValue("cannot read '\(path)': \(error.errno.text)")
      }
      try add(to: &settings) { (name) throws(Mistake) in try Tuning(pgbouncer: text, name: name("pgbouncer")) }
    },
    .flag("only-mine", "Leave out the four columns that are there already.") { $0.hasStandardColumns = false },
  ]

  private static let rowOptions: [Option<Settings>] = [
    .value("failures", "LIST", "Only these: groups (connecting, idle, sending, window) and names, with commas.") {
      (settings, text) throws(InvalidValue) in
      do throws(Mistake) { settings.failures = try Failure.chosen(by: text) } catch {
        throw InvalidValue(error.description)
      }
    },
    .flag("list", "List the failures, and run nothing.") { $0.lists = true },
    .value("show", "FAILURE/SETTINGS", "Print the lab of a cell, and run nothing.") { $0.showsCell = $1 },
  ]

  private static let runningOptions: [Option<Settings>] =
    WorldChoice.options() + [
      .value(
        "watch",
        "DURATION",
        "How long to watch a program that should be told nothing; 20s unless given; in virtual time 20m, or as long as 60 keepalive probes take."
      ) {
        (settings, text) throws(InvalidValue) in settings.watch = try time(text)
      },
      .value(
        "longest",
        "DURATION",
        "Run no cell whose predicted end is later: it is shown as predicted, not measured; 30s unless given, and 12h in virtual time."
      ) { (settings, text) throws(InvalidValue) in settings.longest = try time(text) },
    ]

  private static let outputOptions: [Option<Settings>] = [
    .value("html", "FILE", "Write the matrix as one HTML page, with every cell's story.") { $0.files.html = $1 },
    .value("csv", "FILE", "Write it as CSV, a line a cell.") { $0.files.csv = $1 },
    .value("json", "FILE", "Write it as JSON, which --against reads.") { $0.files.json = $1 },
    .value("against", "FILE", "Mark what has changed against an earlier matrix, a file of --json.") {
      $0.against = $1
    },
    .value(
      "timelines",
      "FOLDER",
      "Save the timeline of every cell that is run, as FAILURE--SETTINGS.jsonl and, drawn, .html."
    ) {
      $0.timelines = $1
    },
  ]

  static func main(_ arguments: [String]) -> Int32 {
    var settings = Settings()
    switch options.operands(arguments, into: &settings) {
    case .exit(let status): return status
    case .run(let words):
      guard words.isEmpty else {
        Console.complain("'\(words[0])' is too much: the matrix takes options only")
        return Console.Status.usage
      }
      if settings.lists { return list(settings.failures) }
      let tunings = (settings.hasStandardColumns ? Tuning.standard : []) + settings.tunings
      guard !tunings.isEmpty else {
        Console.complain("--only-mine leaves no column: give --settings, --libpq or --pgbouncer as well")
        return Console.Status.usage
      }
      do throws(LaboratoryError) { return try MatrixSession(settings, tunings).run() } catch {
        Console.complain(error.message)
        return Console.Status.cannotRun
      }
    }
  }

  private static func list(_ failures: [Failure]) -> Int32 {
    let width = failures.map(\.name.count).max() ?? 0
    for failure in failures {
      let blanks = String(repeating: " ", count: width - failure.name.count)
      Console.print("\(failure.name)\(blanks)  \(failure.title)\n")
    }
    return Console.Status.held
  }

  /// Adds a column; `make` is given a way to find a name that is free.
  private static func add(
    to settings: inout Settings,
    _ make: ((String) -> String) throws(Mistake) -> Tuning
  ) throws(InvalidValue) {
    let taken = (Tuning.standard + settings.tunings).map(\.name)
    func free(_ name: String) -> String {
      (1...).lazy.map { $0 == 1 ? name : "\(name)\($0)" }.first { !taken.contains($0) } ?? name
    }
    let tuning: Tuning
    do throws(Mistake) { tuning = try make(free) } catch { throw InvalidValue(error.description) }
    guard !taken.contains(tuning.name) else { throw InvalidValue("there is a column '\(tuning.name)' already") }
    guard settings.tunings.count < 32 else { throw InvalidValue("32 columns are the most") }
    settings.tunings.append(tuning)
  }

  private static func time(_ text: String) throws(InvalidValue) -> Duration {
    let time = try PredictCommand.duration(text)
    guard time >= .seconds(1), time <= .seconds(86400) else {
      throw InvalidValue("'\(text)' is out of range: write 1s to 24h")
    }
    return time
  }
}
