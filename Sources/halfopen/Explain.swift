internal import Advice
internal import CommandLine
internal import Timeline
internal import TimerModel

/// `halfopen explain`: what can be behind an error or a timer.
enum ExplainCommand {
  struct Settings {
    var after: Duration?
    var hz: Int?
    var release: String?
    var sysctls: [(name: String, value: String)] = []
  }

  static let options = OptionTable<Settings>(
    program: "halfopen explain",
    usage: ["[OPTION]... ERROR", "'timer:(KIND,TIME,COUNT)'"],
    about: """
      Lists what can be behind an error, given as an errno or as the sentence in a log, or behind a timer as 'ss -o' \
      shows it; the most likely first, with the lab that reproduces it.
      """,
    groups: [
      OptionGroup(
        "Options",
        [
          .value("after", "DURATION", "how long after the last sign of life the error came") {
            (settings, text) throws(InvalidValue) in settings.after = try PredictCommand.duration(text)
          },
          .value("hz", "HZ", "the timer frequency of that machine: 100, 250, 300 or 1000") {
            (settings, text) throws(InvalidValue) in
            settings.hz = try PredictCommand.frequency(text)
          },
          .value("kernel", "RELEASE", "that machine's version of Linux") { (settings, text) throws(InvalidValue) in
            settings.release = try PredictCommand.release(text)
          },
          .value("sysctl", "NAME=VALUE", "a setting of that machine; may be given several times") {
            (settings, text) throws(InvalidValue) in settings.sysctls.append(try PredictCommand.assignment(text))
          },
        ]
      )
    ],
    notes: """
      Examples:
        halfopen explain ETIMEDOUT --after 939s
        halfopen explain 'timer:(on,42sec,13)'
        halfopen explain "No route to host" --after 3s
      """
  )

  static func main(_ arguments: [String]) -> Int32 {
    var settings = Settings()
    switch options.operands(arguments, into: &settings) {
    case .exit(let status): return status
    case .run(let words):
      guard !words.isEmpty else {
        Console.complain("what is to be explained? Give an errno, a sentence from a log, or a timer of ss -o")
        return Console.Status.usage
      }
      return answer(words.joined(separator: " "), settings)
    }
  }

  private static func answer(_ text: String, _ settings: Settings) -> Int32 {
    do {
      let kernel = try ThisMachine.kernel(hz: settings.hz, release: settings.release, sysctls: settings.sysctls)
      let symptom = try Symptom(text: text, after: settings.after)
      Console.print(causesText(explain(symptom, kernel: kernel)))
      return Console.Status.held
    } catch {
      let meant = error is Symptom.Unreadable ? nearest(to: text, in: Symptom.errorNames) : nil
      Console.complain("\(error)" + (meant.map { "; did you mean '\($0)'?" } ?? ""))
      return Console.Status.usage
    }
  }
}
