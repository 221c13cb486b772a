internal import CommandLine
internal import Glibc
internal import Laboratory
internal import Netcat
internal import Sockets
internal import VirtualTime

@main enum Main {
  static let version = "halfopen 0.1"

  static let commands = CommandList(
    program: "halfopen",
    about: "A laboratory for TCP failure: real programs on real Linux sockets, broken on purpose, timed exactly.",
    commands: [
      ("run", "run labs and judge what every program was told, and when"),
      ("list", "show the labs and their questions"),
      ("check", "read lab files and say what is wrong with them, without running anything"),
      ("report", "draw saved timelines again, as text, JSON Lines, JUnit or TAP"),
      ("matrix", "run every failure against your settings: who hangs, for how long, and what error ends it"),
      ("sweep", "run one lab over a range of values: the end against the value, beside what is predicted"),
      ("predict", "say when Linux gives a connection up, and by which limit, from its options alone"),
      ("explain", "list what can be behind an error, the time it took, or a timer that 'ss -o' shows"),
      ("advise", "propose keepalive and user timeout values, checked for each failure"),
      ("kernel", "get and list the kernels that guests in virtual time run on"),
      ("doctor", "say what this machine can run, and what would mend the rest"),
    ],
    notes: """
      Exit status: 0 every expectation held, 1 one did not, 2 usage or a broken lab,
      3 this machine cannot run it.

      """
  )

  static func main() {
    Signal.ignoreBrokenPipes()
    if GuestInit.isMeant(by: Swift.CommandLine.arguments) { GuestInit.main() }
    let arguments = Array(Swift.CommandLine.arguments.dropFirst())
    // In a guest this file is both programs.
    if isCalled(Netcat.name) { Netcat.main(arguments) }
    switch arguments.first {
    case LaboratoryProcess.commandName: LaboratoryProcess.main()
    case GuestWorld.bootCommandName: GuestWorld.bootMain()
    case MachineLaboratory.commandName: MachineWorld.main(Array(arguments.dropFirst()))
    case HostInit.commandName: HostInit.main(arguments.dropFirst())
    default: exit(run(arguments))
    }
  }

  private static func isCalled(_ name: String) -> Bool {
    guard let path = Swift.CommandLine.arguments.first else { return false }
    return path == name || path.hasSuffix("/" + name)
  }

  private static func run(_ arguments: [String]) -> Int32 {
    do throws(UsageError) {
      switch try commands.choose(arguments) {
      case .help(command: nil): Console.print(commands.help)
      case .help(command: .some(let command)): return dispatch(command, ["--help"])
      case .version: Console.print(version + "\n")
      case .run(let command, let rest): return dispatch(command, rest)
      }
      return Console.Status.held
    } catch {
      Console.complain(error.description)
      Console.show(commands.hint + "\n")
      return Console.Status.usage
    }
  }

  private static func dispatch(_ command: String, _ arguments: [String]) -> Int32 {
    switch command {
    case "run": RunCommand.main(arguments)
    case "list": ListCommand.main(arguments)
    case "check": CheckCommand.main(arguments)
    case "report": ReportCommand.main(arguments)
    case "matrix": MatrixCommand.main(arguments)
    case "sweep": SweepCommand.main(arguments)
    case "predict": PredictCommand.main(arguments)
    case "explain": ExplainCommand.main(arguments)
    case "advise": AdviseCommand.main(arguments)
    case "kernel": KernelCommand.main(arguments)
    default: DoctorCommand.main(arguments)
    }
  }
}

extension OptionTable {
  /// Applies `arguments` to `settings` and returns the operands; or prints what was asked for, or the mistake, and
  /// returns the exit status.
  func operands(_ arguments: [String], into settings: inout Settings) -> ParseOutcome {
    do throws(UsageError) {
      switch try parse(arguments, into: &settings) {
      case .run(let operands): return .run(operands)
      case .help: Console.print(help)
      case .version: Console.print(Main.version + "\n")
      }
      return .exit(Console.Status.held)
    } catch {
      Console.complain(error.description)
      Console.show(hint + "\n")
      return .exit(Console.Status.usage)
    }
  }
}

/// What a command line came to.
enum ParseOutcome {
  case run([String])
  case exit(Int32)
}
