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
      guard let labs = LabSelection.read(words, settings: settings.settings) else { return Console.Status.usage }
      for lab in labs { Console.print("\(lab.path): \(lab.script.title): well-formed\n") }
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

/// The labs that a command line names, read and found well-formed.
enum LabSelection {
  struct Lab {
    var path: String
    var text: [UInt8]
    var script: Script
    /// The parameters' values that differ from the file's own.
    var settings: [(name: String, value: String)] = []
    /// In virtual time: how many ticks of the kernel later than usual it begins.
    var phase = 0

    func declares(_ parameter: String) -> Bool { script.parameters.contains { $0.name == parameter } }
  }

  /// Reads every lab that `words` name; prints every mistake of every file and returns `nil` if there is one.
  static func read(_ words: [String], settings: [(name: String, value: String)]) -> [Lab]? {
    guard !words.isEmpty else {
      Console.complain("which lab? Give a path, a folder or a name; 'halfopen list' shows the labs")
      return nil
    }
    var labs: [Lab] = []
    var isBroken = false
    for word in words {
      do throws(LabFiles.NotFound) {
        for path in try LabFiles.paths(for: word) {
          let (text, result) = try LabFiles.read(path)
          switch result {
          case .script(let script): labs.append(Lab(path: path, text: text, script: script))
          case .mistakes(let mistakes):
            isBroken = true
            show(mistakes)
          }
        }
      } catch {
        isBroken = true
        Console.complain(error.message)
      }
    }
    return isBroken ? nil : apply(settings, to: labs)
  }

  /// Gives parameters other values: of several labs, in those that have them.
  private static func apply(_ settings: [(name: String, value: String)], to labs: [Lab]) -> [Lab]? {
    var isBroken = false
    for setting in settings where labs.count > 1 {
      guard !labs.contains(where: { $0.declares(setting.name) }) else { continue }
      isBroken = true
      Console.complain("none of the \(labs.count) labs has a parameter '\(setting.name)'")
    }
    let changed = labs.compactMap { lab -> Lab? in
      let own = labs.count > 1 ? settings.filter { lab.declares($0.name) } : settings
      if own.isEmpty { return lab }
      switch Script.read(text: lab.text, path: lab.path, settings: own) {
      case .script(let script): return Lab(path: lab.path, text: lab.text, script: script, settings: own)
      case .mistakes(let mistakes):
        isBroken = true
        show(mistakes)
        return nil
      }
    }
    return isBroken ? nil : changed
  }

  private static func show(_ mistakes: [Diagnostic]) {
    Console.show(mistakes.map { $0.rendered + "\n" }.joined(separator: "\n"))
  }
}
