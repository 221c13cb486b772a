import CommandLine
import Testing

@Suite struct CommandListTests {
  static let list = CommandList(
    program: "tool",
    about: "Does things.",
    commands: [("run", "run a lab"), ("report", "draw a report")]
  )

  @Test func theFirstWordIsTheCommandAndTheRestIsItsOwn() throws {
    #expect(try Self.list.choose(["run", "-x", "lab"]) == .run(command: "run", arguments: ["-x", "lab"]))
  }

  @Test func helpAndVersionAreKnown() throws {
    #expect(try Self.list.choose(["--help"]) == .help(command: nil))
    #expect(try Self.list.choose(["help"]) == .help(command: nil))
    #expect(try Self.list.choose(["help", "run"]) == .help(command: "run"))
    #expect(try Self.list.choose(["--version"]) == .version)
  }

  @Test(arguments: [
    ([], "which command? One of run, report"),
    (["rnu"], "there is no command 'rnu'; did you mean 'run'?"),
    (["--run"], "there is no option '--run'; did you mean 'run'?"),
    (["dance"], "there is no command 'dance'; the commands are run, report"),
    (["help", "dance"], "there is no command 'dance'; the commands are run, report"),
  ])
  func aMistakeIsExplained(arguments: [String], message: String) {
    #expect(throws: UsageError(message)) { try Self.list.choose(arguments) }
  }

  @Test func theUsageTextListsTheCommands() {
    #expect(
      Self.list.help == """
        Usage: tool COMMAND [OPTION]...
        Does things.

        Commands:
          run                     run a lab
          report                  draw a report

        'tool COMMAND --help' tells about one command, 'tool --version' the version.

        """
    )
  }
}
