/// A program's options in one table, which both the parser and the usage text are made of.
///
/// Every table has `-h`/`--help` and `--version`, whose answers are for the program to print.
public struct OptionTable<Settings>: Sendable {
  /// The program's name, with the subcommand if the table is that of one: `dnc`, `halfopen run`.
  public let program: String
  /// What may follow the name, one line for each way to call the program: `[OPTION]... HOST PORT`.
  public let usage: [String]
  /// What the program does, shown under the usage lines; paragraphs are separated by newlines.
  public let about: String
  /// The options in the order of the usage text.
  public let groups: [OptionGroup<Settings>]
  /// What comes after the options in the usage text: exit codes, environment, examples; shown as it is.
  public let notes: String
  /// Whether the first operand ends the options, so that the rest can be another program's command line.
  public let stopsAtOperand: Bool

  /// A table of options.
  public init(
    program: String,
    usage: [String],
    about: String,
    groups: [OptionGroup<Settings>],
    notes: String = "",
    stopsAtOperand: Bool = false
  ) {
    self.program = program
    self.usage = usage
    self.about = about
    self.groups = groups
    self.notes = notes
    self.stopsAtOperand = stopsAtOperand
  }

  /// What a command line asks for.
  public enum Request: Hashable, Sendable {
    /// To run with these operands, the options having been applied.
    case run(operands: [String])
    /// To print ``OptionTable/help``.
    case help
    /// To print the program's version.
    case version
  }

  /// Applies the options in `arguments`, which exclude the program's own name, to `settings`.
  ///
  /// Options are applied in the order given and the first mistake ends the parsing; `--help` and `--version` end it
  /// too, so that what follows them no longer matters. Long options may be abbreviated as long as they stay unique.
  public func parse(_ arguments: [String], into settings: inout Settings) throws(UsageError) -> Request {
    let options = groups.flatMap(\.options)
    let entries = options.map { ScannedOption(long: $0.long, short: $0.short, takesValue: $0.placeholder != nil) }
    let builtIn = [
      ScannedOption(long: "help", short: "h", takesValue: false),
      ScannedOption(long: "version", short: nil, takesValue: false),
    ]
    let scan = scanArguments(arguments, options: entries + builtIn, stopsAtOperand: stopsAtOperand)
    for found in scan.found {
      if found.index == entries.count { return .help }
      if found.index == entries.count + 1 { return .version }
      do throws(InvalidValue) {
        try options[found.index].handler(&settings, found.value)
      } catch {
        throw UsageError("option '\(found.spelling)': \(error.reason)")
      }
    }
    if let mistake = scan.mistake { throw explain(mistake, options: options) }
    return .run(operands: scan.operands)
  }

  private func explain(_ mistake: ScanMistake, options: [Option<Settings>]) -> UsageError {
    switch mistake {
    case .unknown(let spelling, let word):
      let names = options.map(\.long) + ["help", "version"]
      guard let name = nearest(to: word, in: names) else { return UsageError("there is no option '\(spelling)'") }
      return UsageError("there is no option '\(spelling)'; did you mean '--\(name)'?")
    case .ambiguous(let spelling, let names):
      let list = names.map { "'--\($0)'" }.joined(separator: ", ")
      return UsageError("option '\(spelling)' is ambiguous: it may be \(list)")
    case .missingValue(let spelling, let index):
      return UsageError("option '\(spelling)' needs a value: \(options[index].placeholder ?? "VALUE")")
    case .superfluousValue(let spelling, let value):
      return UsageError("option '\(spelling)' takes no value, but '\(value)' was given")
    }
  }
}
