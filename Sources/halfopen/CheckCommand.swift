internal import CommandLine
internal import LabScript

/// `halfopen check LAB…`: reads lab files and says what is wrong with them.
enum CheckCommand {
  struct Settings: TakesLabSettings {
    var settings: [(name: String, value: String)] = []
  }

  static let options = OptionTable<Settings>(
    program: "halfopen check",
    usage: ["[OPTION]... LAB..."],
    about: "Reads lab files (paths, folders or names) and prints every mistake with its place. Nothing is run.",
    groups: [OptionGroup("Options", [LabSettings.option()])]
  )

  static func main(_ arguments: [String]) -> Int32 {
    var settings = Settings()
    switch options.operands(arguments, into: &settings) {
    case .exit(let status): return status
    case .run(let words):
      guard let labs = LabSelection.read(words, settings: settings.settings, choice: .init(everyVariant: true))
      else { return Console.Status.usage }
      for lab in labs {
        let variant = lab.script.variant.map { ":" + $0 } ?? ""
        Console.print("\(lab.path)\(variant): \(lab.script.title): well-formed\n")
      }
      return Console.Status.held
    }
  }
}

/// The settings of a command that has the option `--set`.
protocol TakesLabSettings: SendableMetatype {
  var settings: [(name: String, value: String)] { get set }
}

/// The option `--set`, which several commands have.
enum LabSettings {
  static func option<Settings: TakesLabSettings>() -> Option<Settings> {
    .value("set", "NAME=VALUE", "Give a parameter of the lab another value; may be given several times.") {
      (settings, text) throws(InvalidValue) in
      let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw InvalidValue("'\(text)' is not of the form NAME=VALUE, such as tcp_retries2=5")
      }
      settings.settings.append((String(parts[0]), String(parts[1])))
    }
  }
}
