internal import CommandLine
internal import Forecasting
internal import Judge
internal import LabScript
internal import Report
internal import Sockets
internal import Timeline

/// `halfopen list`: the labs, their questions, how long they take and what they need.
enum ListCommand {
  struct Settings {
    var isJSON = false
  }

  static let options = OptionTable<Settings>(
    program: "halfopen list",
    usage: ["[OPTION]... [FOLDER | LAB]..."],
    about: """
      Shows labs by folder: name, question with what --set can change, about how long it takes in real time (its own \
      waits, and what the timer model predicts for this machine), and the Debian packages that it needs; below each \
      lab its variants. Without a folder those in 'labs' are shown.
      """,
    groups: [OptionGroup("Output", [.flag("json", "Print a JSON array.") { $0.isJSON = true }])]
  )

  static func main(_ arguments: [String]) -> Int32 {
    var settings = Settings()
    switch options.operands(arguments, into: &settings) {
    case .exit(let status): return status
    case .run(let words):
      guard let folders = words.isEmpty ? LabFiles.folder.map({ [$0] }) : words else {
        Console.complain("there is no folder 'labs' here: give one")
        return Console.Status.usage
      }
      guard let labs = LabSelection.read(folders, settings: [], choice: .init(everyVariant: true)) else {
        return Console.Status.usage
      }
      var entries: [CatalogueEntry] = []
      for lab in labs {
        let length = length(of: lab.script)
        if let name = lab.script.variant, let variant = lab.script.variants.first(where: { $0.name == name }) {
          entries[entries.count - 1].variants.append(.init(variant, length: length))
        } else {
          let folder = LabFiles.group(of: lab.path)
          entries.append(CatalogueEntry(lab.script, path: lab.path, folder: folder, length: length))
        }
      }
      if settings.isJSON {
        Console.print(JSON.array(entries.map(\.json)).text + "\n")
      } else {
        let width = Terminal.columns(of: 1) ?? 100
        Console.print(catalogue(entries, TextOptions(width: width, colour: Terminal.wantsColour(1))))
      }
      return Console.Status.held
    }
  }

  private static func length(of script: Script) -> Duration {
    guard let kernel = ThisMachine.kernel else { return .zero }
    let forecaster = Forecaster(script: script, kernel: kernel)
    return forecaster.length(by: forecaster.forecast())
  }
}
