internal import CommandLine
internal import Drawing
internal import LabScript
internal import Laboratory
internal import Report
internal import Sockets
internal import Timeline
internal import VirtualTime

/// `halfopen run LAB…`: runs labs and judges them.
enum RunCommand {
  struct Settings: TakesLabSettings, DrawsTimelines {
    var settings: [(name: String, value: String)] = []
    var choice = LabSelection.Choice()
    var showsCommands = false
    var timeline: String?
    var captureFile: String?
    var isWatched = true
    var format = ReportFormat.text
    var reports: [ReportFile] = []
    var axis: TimeAxis?
    var formats: [ReportFormat] { [format] + reports.map(\.format) }
    var jobs: Int?
    var world = WorldName.namespaces
    var kernel: String?
    var phase: Int?
    var phases: Int?
    var patience: Duration?
    var showsTiming = false
    var verbosity = TextOptions.Verbosity.story
  }

  /// Where hosts can be.
  enum WorldName: String, CaseIterable, Sendable {
    case namespaces, virtual, machines
  }

  static let options = OptionTable<Settings>(
    program: "halfopen run",
    usage: ["[OPTION]... LAB..."],
    about: """
      Runs labs, each in namespaces of its own, and judges what every program was told, and when. A LAB is a path, a \
      folder, or a name that 'halfopen list' shows. Nothing of the machine's own network is touched; root is not needed.
      """,
    groups: [
      OptionGroup(
        "Running",
        [
          LabSettings.option(),
          .value("variant", "NAME", "Run labs in the variant of this name, where they have it; also LAB:NAME.") {
            (settings, text) in
            settings.choice.variant = text
          },
          .flag("variants", "Run every lab as it stands, and in each of its variants.") {
            $0.choice.everyVariant = true
          },
          .flag("ipv6", "Run over IPv6; labs about IPv4 are left out, with the reason.") { $0.choice.overIPv6 = true },
          .flag("virtual", "Run in virtual time: in a guest (QEMU) whose clock leaps over idleness.") {
            $0.world = .virtual
          },
          .value(
            "world",
            "WORLD",
            "Where the hosts are: namespaces (the default), virtual, or machines: each one a guest with a kernel of its own."
          ) { (settings, text) throws(InvalidValue) in
            settings.world = try choice(text, of: WorldName.allCases.map { ($0.rawValue, $0) })
          },
          .value(
            "kernel",
            "VERSION|PATH",
            "The guests' kernel; 'halfopen kernel list' shows them. With --virtual 'all' shows where their answers differ."
          ) {
            (settings, text) in
            settings.kernel = text
          },
          .value("phase", "N", "With --virtual: begin N ticks later, which moves the phase of the timer wheel.") {
            (settings, text) throws(InvalidValue) in
            settings.phase = try wholeNumber(text, "a number of ticks", in: 0...1_000_000)
          },
          .value("phases", "N", "With --virtual: run each lab in N phases of the timer wheel, and show the window.") {
            (settings, text) throws(InvalidValue) in
            settings.phases = try wholeNumber(text, "a number of phases", in: 1...PhaseSession.period)
          },
          .value("patience", "DURATION", "With --virtual: stop a guest that has computed for so long; usually 5m.") {
            (settings, text) throws(InvalidValue) in
            guard let duration = try? Duration(text: text), duration > .zero else {
              throw InvalidValue("'\(text)' is not a duration, such as 30s or 5m")
            }
            settings.patience = duration
          },
          .value(
            "jobs",
            short: "j",
            "N",
            "Run up to N labs side by side; the default is 8 for each processor, and with --virtual one for each."
          ) {
            (settings, text) throws(InvalidValue) in
            guard let count = Int(text), (1...256).contains(count) else {
              throw InvalidValue("'\(text)' is not a number from 1 to 256")
            }
            settings.jobs = count
          },
        ]
      ),
      OptionGroup(
        "Output",
        [
          .flag("show-commands", "Print each ip, bridge and iptables command before it is run.") {
            $0.showsCommands = true
          },
          .flag("verbose", short: "v", "Show more; -vv shows every event.") {
            $0.verbosity = $0.verbosity == .story ? .details : .everything
          },
          .flag("timing", "With --virtual: say what booting, resuming and running the guest cost.") {
            $0.showsTiming = true
          },
          .value("timeline", "FILE", "Save every event, and the verdicts, as JSON Lines.") { (settings, text) in
            settings.timeline = text
          },
          .value("pcap", "FILE", "Save the packets at both ends of every wire, as pcapng for tcpdump and Wireshark.") {
            (settings, text) in
            settings.captureFile = text
          },
          .flag("no-capture", "Watch neither packets nor tracepoints: to measure what that costs.") {
            $0.isWatched = false
          },
          .value("format", "FORMAT", "What to print: text (the default), jsonl, junit, tap, html or svg.") {
            (settings, text) throws(InvalidValue) in
            settings.format = try ReportFormat.named(text)
          },
          .value("report", "FORMAT:FILE", "Also write a report to a file when all is over; several may be given.") {
            (settings, text) throws(InvalidValue) in
            settings.reports.append(try ReportFile(text))
          },
          Settings.axisOption(),
        ]
      ),
    ],
    notes: """
      Exit status: 0 every expectation held, 1 one did not, 2 usage or a broken lab,
      3 this machine cannot run it; 128 and the signal's number when a signal ended it.

      """
  )

  static func main(_ arguments: [String]) -> Int32 {
    var settings = Settings()
    switch options.operands(arguments, into: &settings) {
    case .exit(let status): return status
    case .run(let words):
      if settings.hasIdleAxis() { return Console.Status.usage }
      guard let labs = LabSelection.read(words, settings: settings.settings, choice: settings.choice)
      else { return Console.Status.usage }
      for (option, file) in [("timeline", settings.timeline), ("pcap", settings.captureFile)] {
        guard file == nil || labs.count == 1 else {
          Console.complain("--\(option) takes one lab, and \(labs.count) are given")
          return Console.Status.usage
        }
      }
      if let mistake = settings.contradiction {
        Console.complain(mistake)
        return Console.Status.usage
      }
      do throws(LaboratoryError) {
        switch settings.world {
        case .namespaces:
          return Session(labs: labs, in: RealWorld(isWatched: settings.isWatched), settings: settings).run()
        case .virtual: return try runVirtually(labs, settings)
        case .machines:
          let world = MachineWorld(guests: try guests(settings), kernelName: settings.kernel)
          return Session(labs: labs, in: world, settings: settings).run()
        }
      } catch {
        Console.complain(error.message)
        return Console.Status.cannotRun
      }
    }
  }

  /// Runs the labs that can run in virtual time, and says of the others why they cannot.
  private static func runVirtually(_ labs: [LabSelection.Lab], _ settings: Settings) throws(LaboratoryError) -> Int32 {
    var able: [LabSelection.Lab] = []
    for var lab in labs {
      if let reason = lab.script.realTimeOnly {
        Console.complain("\(lab.script.name) is left out: it runs in real time only because \(reason)")
      } else {
        lab.phase = settings.phase ?? 0
        able.append(lab)
      }
    }
    guard !able.isEmpty else { return Console.Status.cannotRun }
    if settings.kernel == "all" { return try KernelComparison(able, settings).run() }
    let world = VirtualWorld(guests: try guests(settings))
    if let count = settings.phases { return PhaseSession.run(able, count: count, in: world, settings: settings) }
    return Session(labs: able, in: world, settings: settings).run()
  }

  private static func guests(_ settings: Settings) throws(LaboratoryError) -> GuestWorld {
    let kernel: GuestKernel
    do throws(KernelError) {
      kernel = try KernelStore(environment: ChildProcess.ownEnvironment).find(settings.kernel)
    } catch {
      throw LaboratoryError(error.message)
    }
    return try GuestWorld(kernel: kernel, patience: settings.patience ?? GuestWorld.usualPatience)
  }
}
