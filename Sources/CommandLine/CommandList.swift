/// The subcommands of a program such as `halfopen`: the first word of its command line.
public struct CommandList: Sendable {
  /// The program's name.
  public let program: String
  /// What the program does, shown under the usage line.
  public let about: String
  /// Each subcommand's name and what it does, in the order of the usage text.
  public let commands: [(name: String, help: String)]
  /// What comes last in the usage text; shown as it is.
  public let notes: String

  /// The subcommands of `program`.
  public init(program: String, about: String, commands: [(name: String, help: String)], notes: String = "") {
    self.program = program
    self.about = about
    self.commands = commands
    self.notes = notes
  }

  /// What a command line asks for.
  public enum Request: Hashable, Sendable {
    /// To run this subcommand with the arguments after it.
    case run(command: String, arguments: [String])
    /// To print ``CommandList/help``, or that of a subcommand (`help run`).
    case help(command: String?)
    /// To print the program's version.
    case version
  }

  /// Finds the subcommand in `arguments`, which exclude the program's own name.
  public func choose(_ arguments: [String]) throws(UsageError) -> Request {
    guard let first = arguments.first else {
      throw UsageError("which command? One of \(names.joined(separator: ", "))")
    }
    switch first {
    case "-h", "--help": return .help(command: nil)
    case "--version": return .version
    case "help" where !names.contains("help"):
      guard arguments.count > 1 else { return .help(command: nil) }
      return .help(command: try known(arguments[1]))
    default:
      return .run(command: try known(first), arguments: Array(arguments.dropFirst()))
    }
  }

  private var names: [String] { commands.map(\.name) }

  private func known(_ word: String) throws(UsageError) -> String {
    if names.contains(word) { return word }
    let kind = word.hasPrefix("-") ? "option" : "command"
    if let name = nearest(to: String(word.drop { $0 == "-" }), in: names) {
      throw UsageError("there is no \(kind) '\(word)'; did you mean '\(name)'?")
    }
    throw UsageError("there is no \(kind) '\(word)'; the commands are \(names.joined(separator: ", "))")
  }

  /// The usage text, for a terminal of 80 columns; it ends with a newline.
  public var help: String {
    var lines = ["Usage: \(program) COMMAND [OPTION]..."]
    for paragraph in about.split(separator: "\n", omittingEmptySubsequences: false) {
      lines += paragraph.isEmpty ? [""] : wrap(String(paragraph), width: 79)
    }
    lines += ["", "Commands:"]
    lines += layOut(commands.map { (left: $0.name, help: $0.help) })
    lines += ["", "'\(program) COMMAND --help' tells about one command, '\(program) --version' the version."]
    if !notes.isEmpty { lines += ["", notes] }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What to print after a mistake, where the whole usage text would bury the message.
  public var hint: String { "Try '\(program) --help'." }
}
