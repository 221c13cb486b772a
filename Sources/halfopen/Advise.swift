internal import Advice
internal import CommandLine
internal import Timeline
internal import TimerModel

/// `halfopen advise`: keepalive and user timeout values for a wish, checked with the timer model.
enum AdviseCommand {
  struct Settings {
    var detectWithin: Duration?
    var idleOnly = false
    var middleBox: (name: String, idle: Duration)?
    var roundTrip = Duration.microseconds(50)
    var hz: Int?
    var release: String?
    var sysctls: [(name: String, value: String)] = []
  }

  static let options = OptionTable<Settings>(
    program: "halfopen advise",
    usage: ["--detect-within DURATION [OPTION]..."],
    about: """
      Proposes keepalive and TCP_USER_TIMEOUT values with which a dead connection is noticed in time, shows for each \
      failure when that is, names the traps, and prints the values in the words of libpq, PgBouncer, PostgreSQL, \
      sysctl, dnc and five languages.
      """,
    groups: [
      OptionGroup(
        "Wish",
        [
          .value("detect-within", "DURATION", "the latest time after which the program should be told") {
            (settings, text) throws(InvalidValue) in settings.detectWithin = try PredictCommand.duration(text)
          },
          .flag("idle", "only idle connections matter: no user timeout") { $0.idleOnly = true },
          .value("through", "NAME:DURATION", "a middle box that forgets idle connections, such as nat:350s") {
            (settings, text) throws(InvalidValue) in
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
              throw InvalidValue("'\(text)' is not of the form NAME:DURATION, such as nat:350s")
            }
            settings.middleBox = (parts[0], try PredictCommand.duration(parts[1]))
          },
          .value("rtt", "DURATION", "the round-trip time; 50us unless given") { (settings, text) throws(InvalidValue) in
            settings.roundTrip = try PredictCommand.duration(text)
          },
        ]
      ),
      OptionGroup(
        "Machine",
        [
          .value("hz", "HZ", "the timer frequency: 100, 250, 300 or 1000") { (settings, text) throws(InvalidValue) in
            settings.hz = try PredictCommand.frequency(text)
          },
          .value("kernel", "RELEASE", "the version of Linux") { (settings, text) throws(InvalidValue) in
            settings.release = try PredictCommand.release(text)
          },
          .value("sysctl", "NAME=VALUE", "a kernel setting; may be given several times") {
            (settings, text) throws(InvalidValue) in settings.sysctls.append(try PredictCommand.assignment(text))
          },
        ]
      ),
    ]
  )

  static func main(_ arguments: [String]) -> Int32 {
    var settings = Settings()
    switch options.operands(arguments, into: &settings) {
    case .exit(let status): return status
    case .run(let words):
      guard words.isEmpty, let within = settings.detectWithin else {
        Console.complain(
          words.isEmpty
            ? "how soon? Give --detect-within, such as --detect-within 10s"
            : "'\(words[0])' is too much here: the time is an option, such as --detect-within 10s"
        )
        return Console.Status.usage
      }
      return answer(within, settings)
    }
  }

  private static func answer(_ within: Duration, _ settings: Settings) -> Int32 {
    do {
      let kernel = try ThisMachine.kernel(hz: settings.hz, release: settings.release, sysctls: settings.sysctls)
      let path = Path(roundTrip: settings.roundTrip)
      // The model refuses what no path has.
      _ = try kernel.predict(.connecting, path: path)
      let wish = Wish(
        detectWithin: within,
        idleOnly: settings.idleOnly,
        middleBox: settings.middleBox,
        roundTrip: settings.roundTrip,
        kernel: kernel
      )
      Console.print(try wish.proposal().text(for: wish))
      return Console.Status.held
    } catch {
      Console.complain("\(error)")
      return Console.Status.usage
    }
  }
}
