import CommandLine
import Testing

@Suite struct OptionTableTests {
  struct Settings: Hashable {
    var quiet = false
    var port = 0
    var size = 0
    var idle = ""
    var mode = ""
  }

  static let table = OptionTable<Settings>(
    program: "tool",
    usage: ["[OPTION]... HOST"],
    about: "Does a thing.",
    groups: [
      OptionGroup(
        "Options",
        [
          .flag("quiet", short: "q", "say nothing") { $0.quiet = true },
          .value("port", short: "p", "PORT", "the port") { settings, text throws(InvalidValue) in
            settings.port = try wholeNumber(text, "a port", in: 0...65535)
          },
          .value("size", "SIZE", "how much") { settings, text throws(InvalidValue) in
            settings.size = try byteCount(text, in: 1...1 << 30)
          },
          .value("keepalive", "TIMES", "all") { $0.idle = $1 },
          .value("keepalive-idle", "TIME", "one") { $0.idle = $1 },
          .value("mode", "MODE", "utc or none") { settings, text throws(InvalidValue) in
            settings.mode = try choice(text, of: [("utc", "UTC"), ("relative", "REL"), ("none", "NONE")])
          },
        ]
      )
    ]
  )

  static func parse(_ arguments: [String], _ table: OptionTable<Settings> = table) throws -> (
    OptionTable<Settings>.Request, Settings
  ) {
    var settings = Settings()
    let request = try table.parse(arguments, into: &settings)
    return (request, settings)
  }

  static func message(_ arguments: [String]) -> String? {
    #expect(throws: UsageError.self) { try parse(arguments) }?.description
  }

  @Test(arguments: [
    ["-q", "-p", "80", "host"], ["-qp80", "host"], ["--quiet", "--port=80", "host"], ["host", "--port", "80", "-q"],
    ["--qui", "--po", "80", "--", "host"],
  ])
  func readsEveryWayToWriteAnOption(arguments: [String]) throws {
    let (request, settings) = try Self.parse(arguments)
    #expect(request == .run(operands: ["host"]))
    #expect(settings == Settings(quiet: true, port: 80))
  }

  @Test func aNameThatIsAPrefixOfAnotherIsNotAmbiguous() throws {
    #expect(try Self.parse(["--keepalive", "x"]).1.idle == "x")
  }

  @Test func aDoubleDashEndsTheOptions() throws {
    #expect(try Self.parse(["--", "-q", "--what"]).0 == .run(operands: ["-q", "--what"]))
  }

  @Test func aTableCanStopAtTheFirstOperand() throws {
    let table = OptionTable<Settings>(
      program: "tool",
      usage: [],
      about: "",
      groups: Self.table.groups,
      stopsAtOperand: true
    )
    let (request, settings) = try Self.parse(["-p", "1", "command", "-q", "--what"], table)
    #expect(request == .run(operands: ["command", "-q", "--what"]))
    #expect(settings == Settings(port: 1))
  }

  @Test func anEmptyOperandIsKept() throws {
    #expect(try Self.parse(["", "a"]).0 == .run(operands: ["", "a"]))
  }

  @Test func helpAndVersionEndTheParsing() throws {
    #expect(try Self.parse(["--help", "--what"]).0 == .help)
    #expect(try Self.parse(["-h"]).0 == .help)
    #expect(try Self.parse(["--version", "-p"]).0 == .version)
  }

  @Test(arguments: [
    (["--what"], "there is no option '--what'"),
    (["--quite"], "there is no option '--quite'; did you mean '--quiet'?"),
    (["--quite=1"], "there is no option '--quite'; did you mean '--quiet'?"),
    (["--keepalvie", "1"], "there is no option '--keepalvie'; did you mean '--keepalive'?"),
    (["host", "--prot", "1"], "there is no option '--prot'; did you mean '--port'?"),
    (["-x"], "there is no option '-x'"), (["-qx"], "there is no option '-x'"),
    (["-keepalive", "1"], "there is no option '-k'; did you mean '--keepalive'?"),
    (["-é"], "there is no option '-é'"),
    (["--keep", "1"], "option '--keep' is ambiguous: it may be '--keepalive', '--keepalive-idle'"),
    (["--port"], "option '--port' needs a value: PORT"), (["-qp"], "option '-p' needs a value: PORT"),
    (["--quiet=yes"], "option '--quiet' takes no value, but 'yes' was given"),
    (["--quiet="], "option '--quiet' takes no value, but '' was given"),
    (["--port", "99999"], "option '--port': '99999' is not a port: write a whole number from 0 to 65535"),
    (["-p", "-1"], "option '-p': '-1' is not a port: write a whole number from 0 to 65535"),
    (["-p", "1e3"], "option '-p': '1e3' is not a port: write a whole number from 0 to 65535"),
    (["--port="], "option '--port': '' is not a port: write a whole number from 0 to 65535"),
    (["--size", "64k"], "option '--size': '64k' is not a number of bytes: write it as 65536, 64KiB or 1MiB"),
    (["--size", "4GiB"], "option '--size': '4GiB' is out of range: write 1 to 1073741824 bytes"),
    (
      ["--size", "99999999999999999999"],
      "option '--size': '99999999999999999999' is out of range: write 1 to 1073741824 bytes"
    ),
    (["--mode", "ut"], "option '--mode': 'ut' is unknown; did you mean 'utc'? Write utc, relative or none"),
    (["--mode", "zulu"], "option '--mode': 'zulu' is unknown: write utc, relative or none"),
  ])
  func saysWhatIsWrongAndWhatWouldBeRight(arguments: [String], expected: String) {
    #expect(Self.message(arguments) == expected)
  }

  @Test func theFirstMistakeIsTheOneReported() {
    #expect(Self.message(["--mode", "zulu", "--what"])?.contains("--mode") == true)
  }

  @Test func sizesHaveUnits() throws {
    #expect(try Self.parse(["--size", "64KiB"]).1.size == 65536)
    #expect(try Self.parse(["--size", "1GiB"]).1.size == 1 << 30)
    #expect(try Self.parse(["--size=512"]).1.size == 512)
  }

  @Test func theUsageTextIsMadeOfTheTable() {
    #expect(
      Self.table.help == """
        Usage: tool [OPTION]... HOST
        Does a thing.

        Options:
          -q, --quiet             say nothing
          -p, --port PORT         the port
              --size SIZE         how much
              --keepalive TIMES   all
              --keepalive-idle TIME
                                  one
              --mode MODE         utc or none
          -h, --help              print this text
              --version           print the version

        """
    )
  }

  @Test func longHelpIsWrapped() {
    let words = Array(repeating: "word", count: 40).joined(separator: " ")
    let table = OptionTable<Settings>(
      program: "tool",
      usage: [""],
      about: words,
      groups: [OptionGroup("Options", [.flag("quiet", short: "q", words) { _ in }])]
    )
    let lines = table.help.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 79 })
    #expect(table.help.split(whereSeparator: \.isWhitespace).count { $0 == "word" } == 80)
  }
}
