internal import CommandLine
internal import Report

/// `halfopen run LAB…`: runs labs and judges them.
enum RunCommand {
  struct Settings: TakesLabSettings {
    var settings: [(name: String, value: String)] = []
    var choice = LabSelection.Choice()
    var showsCommands = false
    var timeline: String?
    var captureFile: String?
    var format = ReportFormat.text
    var reports: [ReportFile] = []
    var jobs: Int?
    var verbosity = TextOptions.Verbosity.story
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
          .value("jobs", short: "j", "N", "Run up to N labs side by side; the default is 8 for each processor.") {
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
          .value("timeline", "FILE", "Save every event, and the verdicts, as JSON Lines.") { (settings, text) in
            settings.timeline = text
          },
          .value("pcap", "FILE", "Save the packets at both ends of every wire, as pcapng for tcpdump and Wireshark.") {
            (settings, text) in
            settings.captureFile = text
          },
          .value("format", "FORMAT", "What to print: text (the default), jsonl, junit, tap, html or svg.") {
            (settings, text) throws(InvalidValue) in
            settings.format = try ReportFormat.named(text)
          },
          .value("report", "FORMAT:FILE", "Also write a report to a file when all is over; several may be given.") {
            (settings, text) throws(InvalidValue) in
            settings.reports.append(try ReportFile(text))
          },
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
      guard let labs = LabSelection.read(words, settings: settings.settings, choice: settings.choice)
      else { return Console.Status.usage }
      for (option, file) in [("timeline", settings.timeline), ("pcap", settings.captureFile)] {
        guard file == nil || labs.count == 1 else {
          Console.complain("--\(option) takes one lab, and \(labs.count) are given")
          return Console.Status.usage
        }
      }
      return Session(labs: labs, in: RealWorld(), settings: settings).run()
    }
  }
}
