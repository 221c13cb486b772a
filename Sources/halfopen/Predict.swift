internal import Advice
internal import CommandLine
internal import Forecasting
internal import LabScript
internal import Sockets
internal import Timeline
internal import TimerModel

/// `halfopen predict`: when, and by which limit, Linux gives a connection up, without running anything.
enum PredictCommand {
  static let options = OptionTable<Settings>(
    program: "halfopen predict",
    usage: ["[OPTION]... SITUATION", "LAB..."],
    about: """
      Says when Linux gives up a connection, what it does until then, and which limit decides. Nothing is run. The \
      kernel, its HZ and its settings are this machine's unless options say otherwise. Given labs, it predicts what \
      they expect.
      """,
    groups: [
      OptionGroup(
        "Situation (one of these)",
        [
          situation("connecting", "connect was called", .connecting),
          situation("sending", "data was written and is unacknowledged", .sending(.init())),
          situation("idle", "nothing is under way", .idle(.init())),
          situation(
            "zero-window",
            "data waits; the other end's window is full and its probes go unanswered",
            .zeroWindow(.init())
          ),
          situation(
            "zero-window-answered",
            "data waits; the other end answers each probe with 'still full'",
            .zeroWindow(.init(answered: true))
          ),
          .value(
            "closing",
            "STATE",
            "fin (FIN unacknowledged, closed), shutdown (the same, not closed), fin-wait-2, time-wait, close-wait"
          ) {
            (settings, text) throws(InvalidValue) in
            settings.situationOptions.insert("--closing \(text)")
            settings.situation = .closing(try choice(text, of: closings))
          },
          situation("syn-received", "a SYN was answered and nothing came back", .synReceived(acknowledged: false)),
        ]
      ),
      OptionGroup("Socket", socketOptions),
      OptionGroup("Machine", machineOptions), OptionGroup("Way", wayOptions),
      OptionGroup("Output", [.flag("json", "print a JSON object") { $0.json = true }]),
    ],
    notes: """
      Examples:
        halfopen predict --idle --keepalive 10s,5s,3 --user-timeout 37s
        halfopen predict --sending --sysctl tcp_retries2=8 --rtt 80ms --json
      """
  )

  /// The option that names a situation.
  private static func situation(_ name: String, _ help: String, _ situation: Situation) -> Option<Settings> {
    .flag(name, help) { settings in
      settings.situationOptions.insert("--\(name)")
      settings.situation = situation
    }
  }

  private static let closings: [(name: String, value: Situation.Closing)] = [
    ("fin", .finUnacknowledged(orphaned: true, unackedSegments: 0)),
    ("shutdown", .finUnacknowledged(orphaned: false, unackedSegments: 0)),
    ("fin-wait-2", .finWait2(orphaned: true)), ("time-wait", .timeWait), ("close-wait", .closeWait),
  ]

  static func main(_ arguments: [String]) -> Int32 {
    var settings = Settings()
    switch options.operands(arguments, into: &settings) {
    case .exit(let status): return status
    case .run(let words):
      if let mistake = mistake(words, settings) {
        Console.complain(mistake)
        return Console.Status.usage
      }
      guard let situation = settings.situation else { return predictLabs(words, settings) }
      return answer(situation, settings)
    }
  }

  /// What does not go together; `nil` if it does.
  private static func mistake(_ words: [String], _ settings: Settings) -> String? {
    let given = settings.situationOptions.sorted()
    if given.count > 1 { return "\(given.joined(separator: " and ")) are different situations: give one" }
    guard settings.situation != nil else {
      if let word = words.first(where: { situationNames.contains($0) }) {
        return "the situation is an option: write --\(word)"
      }
      if settings.segments != nil { return "--segments belongs to --sending: give both" }
      let all = "--connecting, --sending, --idle, --zero-window, --closing"
      return words.isEmpty ? "which situation? Give one of \(all) ..., or a lab" : nil
    }
    if let word = words.first { return "'\(word)' is too much here: give a situation or labs, not both" }
    if settings.segments != nil, given != ["--sending"] {
      return "--segments belongs to --sending: \(given.first ?? "") sends no data"
    }
    if settings.isDown == .absent, settings.network == .routed {
      return "--failure absent is about the own network: leave out --network routed"
    }
    return nil
  }

  /// The situations that a person may write without the dashes.
  private static let situationNames: Set = [
    "connecting", "sending", "idle", "zero-window", "zero-window-answered", "closing", "syn-received",
  ]

  private static func answer(_ situation: Situation, _ settings: Settings) -> Int32 {
    var situation = situation
    if let segments = settings.segments { situation = .sending(.init(segments: segments)) }
    do throws(ModelError) {
      let kernel = try ThisMachine.kernel(hz: settings.hz, release: settings.release, sysctls: settings.sysctls)
      var path = settings.path
      path.failure = failure(settings)
      var question = Question(situation: situation, options: settings.options, kernel: kernel, path: path)
      if let began = settings.began {
        guard let clock = ThisMachine.jiffyClock else {
          Console.complain("--began needs the phase of jiffies, which only root may read in /proc/timer_list")
          return Console.Status.cannotRun
        }
        question.phase = .known(clock, start: began)
      }
      let prediction = try question.answer()
      Console.print(settings.json ? question.json(prediction).text + "\n" : question.text(prediction))
      return Console.Status.held
    } catch {
      Console.complain(error.description)
      return Console.Status.usage
    }
  }

  private static func failure(_ settings: Settings) -> Path.Failure {
    switch settings.isDown {
    case .silent: settings.network == .lan ? .neighbourGone(known: settings.situation != .connecting) : .silence
    case .absent: .neighbourGone(known: false)
    case .powerCycled: .powerCycled
    case .icmp(let error): .icmp(error)
    case .local(let refusal): .local(refusal)
    }
  }

  /// What the forecaster says of each expectation of the labs.
  private static func predictLabs(_ words: [String], _ settings: Settings) -> Int32 {
    guard let labs = LabSelection.read(words, settings: []) else { return Console.Status.usage }
    let kernel: Kernel
    do throws(ModelError) {
      kernel = try ThisMachine.kernel(hz: settings.hz, release: settings.release, sysctls: settings.sysctls)
    } catch {
      Console.complain(error.description)
      return Console.Status.usage
    }
    for lab in labs {
      let forecast = Forecaster(script: lab.script, kernel: kernel).forecast()
      let texts = Dictionary(lab.script.steps.map { ($0.line, $0.text) }, uniquingKeysWith: { first, _ in first })
      if settings.json {
        Console.print(LabForecast(lab: lab.script.name, texts: texts, forecast: forecast).json.text + "\n")
      } else {
        Console.print(LabForecast(lab: lab.script.name, texts: texts, forecast: forecast).text)
      }
    }
    return Console.Status.held
  }
}
