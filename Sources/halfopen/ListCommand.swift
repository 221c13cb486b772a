internal import CommandLine
internal import LabScript

/// `halfopen list`: the labs and their questions.
enum ListCommand {
  static let options = OptionTable<Void>(
    program: "halfopen list",
    usage: ["[FOLDER]..."],
    about: "Shows the labs: name, title and question. Without a folder those in 'labs' are shown.",
    groups: []
  )

  static func main(_ arguments: [String]) -> Int32 {
    var settings: Void = ()
    switch options.operands(arguments, into: &settings) {
    case .exit(let status): return status
    case .run(let words):
      guard let folders = words.isEmpty ? LabFiles.folder.map({ [$0] }) : words else {
        Console.complain("there is no folder 'labs' here: give one")
        return Console.Status.usage
      }
      guard let labs = LabSelection.read(folders, settings: []) else { return Console.Status.usage }
      let width = labs.map(\.script.name.count).max() ?? 0
      for lab in labs {
        let name = lab.script.name + String(repeating: " ", count: width - lab.script.name.count)
        Console.print("\(name)  \(lab.script.title)\n")
        for line in Words.wrapped(lab.script.question, width: 78 - width) {
          Console.print(String(repeating: " ", count: width + 2) + line + "\n")
        }
        for parameter in lab.script.parameters {
          Console.print(
            String(repeating: " ", count: width + 2) + "--set \(parameter.name)=\(parameter.defaultValue)\n"
          )
        }
      }
      return Console.Status.held
    }
  }
}

/// Breaking text into lines.
enum Words {
  /// The text's words in lines of at most `width` characters; a longer word has a line of its own.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(whereSeparator: \.isWhitespace) {
      if let last = lines.last, last.count + 1 + word.count <= width {
        lines[lines.count - 1] += " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
