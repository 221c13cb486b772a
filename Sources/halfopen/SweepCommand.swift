internal import CommandLine
internal import LabScript
internal import Laboratory
internal import Matrix
internal import Sockets

/// `halfopen sweep LAB --set NAME=VALUES`: one lab over a range of values.
enum SweepCommand {
  struct Settings: TakesWorld {
    var world = WorldChoice()
    var axes: [SweepAxis] = []
    var line: Int?
    var jobs: Int?
    var files = Files()
  }

  /// The files that the sweep goes to.
  struct Files {
    var svg: String?
    var html: String?
    var csv: String?
    var json: String?

    var all: [String] { [svg, html, csv, json].compactMap { $0 } }
  }

  static let options = OptionTable<Settings>(
    program: "halfopen sweep",
    usage: ["[OPTION]... LAB --set NAME=VALUES [--set NAME=VALUES]"],
    about: """
      Runs one lab with many values of a parameter, or of two, and shows when what it expects came about, against the \
      value, with the predicted window drawn around the points.
      """,
    groups: [
      OptionGroup(
        "Values",
        [
          .value(
            "set",
            "NAME=VALUES",
            "A parameter of the lab and its values: 1s..60s/20 (20 values at equal distances), 3..15 (every whole number), "
              + "1s,5s,9s (a list; with | between values that have commas). At most two parameters have several."
          ) { (settings, text) throws(InvalidValue) in
            do throws(Mistake) { settings.axes.append(try SweepAxis(text: text)) } catch {
              throw InvalidValue(error.description)
            }
          },
          .value(
            "line",
            "LINE",
            "The line of the expectation to look at; the first one that the timer model predicts a window for unless given."
          ) { (settings, text) throws(InvalidValue) in
            settings.line = try wholeNumber(text, "a line", in: 1...1_000_000)
          },
        ]
      ),
      OptionGroup(
        "Running",
        WorldChoice.options()
      ),
      OptionGroup(
        "Output",
        [
          .value("svg", "FILE", "Write the picture.") { $0.files.svg = $1 },
          .value("html", "FILE", "Write the picture and all figures as one HTML page.") { $0.files.html = $1 },
          .value("csv", "FILE", "Write the figures as CSV.") { $0.files.csv = $1 },
          .value("json", "FILE", "Write the figures as JSON.") { $0.files.json = $1 },
        ]
      ),
    ],
    notes: """
      Example:
        halfopen sweep syn-user-timeout --set user_timeout=1s..30s/30 --svg sweep.svg

      Exit status: 0 the expectation held for every value, 1 for one it did not, 2 usage or a broken lab,
      3 this machine cannot run it; 128 and the signal's number when a signal ended it.

      """
  )

  static func main(_ arguments: [String]) -> Int32 {
    var settings = Settings()
    switch options.operands(arguments, into: &settings) {
    case .exit(let status): return status
    case .run(let words):
      guard let variants = variants(words, settings) else { return Console.Status.usage }
      do throws(LaboratoryError) { return try SweepSession(variants, settings).run() } catch {
        Console.complain(error.message)
        return Console.Status.cannotRun
      }
    }
  }

  /// The lab with every combination of values; `nil` if there is a mistake, which has been told.
  private static func variants(_ words: [String], _ settings: Settings) -> [LabSelection.Lab]? {
    guard words.count == 1 else {
      Console.complain("a sweep takes one lab, and \(words.count) are given")
      return nil
    }
    let several = settings.axes.filter { $0.values.count > 1 }
    guard (1...2).contains(several.count) else {
      Console.complain(
        several.isEmpty
          ? "which values? Give --set NAME=VALUES, such as user_timeout=1s..60s/20"
          : "a sweep has at most two parameters with several values, and \(several.count) are given"
      )
      return nil
    }
    for (index, axis) in settings.axes.enumerated()
    where settings.axes[..<index].contains(where: { $0.name == axis.name }) {
      Console.complain("--set \(axis.name) is given twice")
      return nil
    }
    guard several.reduce(1, { $0 * $1.values.count }) <= SweepAxis.mostValues else {
      Console.complain("a sweep has at most \(SweepAxis.mostValues) combinations of values")
      return nil
    }
    var labs: [LabSelection.Lab] = []
    for values in Sweep.combinations(settings.axes) {
      let pairs = zip(settings.axes, values).map { (name: $0.name, value: $1) }
      guard let read = LabSelection.read(words, settings: pairs) else { return nil }
      guard read.count == 1 else {
        Console.complain("a sweep takes one lab, and '\(words[0])' is a folder of \(read.count)")
        return nil
      }
      labs += read
    }
    return labs
  }
}
