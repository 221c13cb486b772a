internal import CommandLine
internal import LabScript

/// `halfopen list`: the labs and their questions.
enum ListCommand {
  static let options = OptionTable<Void>(
    program: "halfopen list",
    usage: ["[FOLDER]..."],
    about: """
      Shows the labs by folder: name, title, question, and what --set can change. Without a folder those in 'labs' are \
      shown.
      """,
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
      var heading: String?
      for lab in labs {
        let group = LabFiles.group(of: lab.path)
        if group != heading { Console.print((heading == nil ? "" : "\n") + group + "\n") }
        heading = group
        Console.print("  \(lab.script.name): \(lab.script.title)\n")
        let settings = lab.script.parameters.map { "--set \($0.name)=\($0.defaultValue)" }
        let variants = lab.script.variants.map { variant in
          "\(lab.script.name):\(variant.name): "
            + variant.settings.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
        }
        for line in Words.wrapped(lab.script.question, width: 90) + settings + variants {
          Console.print("      \(line)\n")
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
