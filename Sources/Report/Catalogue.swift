public import LabScript
public import Timeline

/// A lab as a list of labs shows it.
public struct CatalogueEntry: Hashable, Sendable {
  /// The lab's name.
  public var name: String
  /// The folder that its file is in: `labs/idle`.
  public var folder: String
  /// Its file's path.
  public var path: String
  /// Which case it is, in a line.
  public var title: String
  /// What it asks.
  public var question: String
  /// What `--set` can change, and the lab's own values.
  public var parameters: [(name: String, value: String)] { zip(parameterNames, parameterValues).map { ($0, $1) } }
  private var parameterNames: [String]
  private var parameterValues: [String]
  /// About how long it takes in real time.
  public var length: Duration
  /// The Debian packages that it needs, besides those of every lab.
  public var needs: [String]
  /// Its variants, each with its own length.
  public var variants: [Variant] = []

  /// A variant of a lab as a list of labs shows it.
  public struct Variant: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// The values of its parameters: `idle=3s`.
    public var settings: String
    /// About how long it takes in real time.
    public var length: Duration

    /// A variant that takes `length`.
    public init(_ variant: LabScript.Variant, length: Duration) {
      name = variant.name
      settings = variant.settings.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
      self.length = length
    }
  }

  /// An entry for the lab in the file `path` of `folder`.
  public init(_ script: Script, path: String, folder: String, length: Duration) {
    name = script.name
    self.folder = folder
    self.path = path
    title = script.title
    question = script.question
    parameterNames = script.parameters.map(\.name)
    parameterValues = script.parameters.map(\.defaultValue)
    self.length = length
    needs = script.packages
  }

  /// The entry as a JSON object; the length is in seconds.
  public var json: JSON {
    .object([
      "name": .string(name), "folder": .string(folder), "path": .string(path), "title": .string(title),
      "question": .string(question),
      "parameters": .object(JSONObject(parameters.map { ($0.name, .string($0.value)) })),
      "length_s": CatalogueEntry.seconds(length), "needs": .array(needs.map { .string($0) }),
      "variants": .array(
        variants.map { variant in
          .object([
            "name": .string(variant.name), "settings": .string(variant.settings),
            "length_s": CatalogueEntry.seconds(variant.length),
          ])
        }
      ),
    ])
  }

  private static func seconds(_ length: Duration) -> JSON { .number((length.inSeconds * 10).rounded() / 10) }
}

/// The table of labs: name, question, about how long each takes in real time, and what it needs.
///
/// On pages under 90 columns each lab has lines below one another in place of a row.
public func catalogue(_ entries: [CatalogueEntry], _ options: TextOptions) -> String {
  var folders: [String] = []
  for entry in entries where !folders.contains(entry.folder) { folders.append(entry.folder) }
  let rows = Dictionary(grouping: entries, by: \.folder)
  // One layout for all folders, so that the columns stand below one another.
  let layout = TableLayout(
    [CatalogueEntry.head] + entries.flatMap(\.rows),
    shares: [0, 70, 0, 30],
    width: options.width - 2
  )
  var lines: [String] = []
  for folder in folders {
    lines += (lines.isEmpty ? [] : [""]) + [Tint.heading.paint(folder, options)]
    if options.width >= 90 {
      lines += layout.lines(of: CatalogueEntry.head, options).map { Tint.faint.paint($0, options) }
      lines += (rows[folder] ?? []).flatMap(\.rows).flatMap { layout.lines(of: $0, options) }
    } else {
      lines += (rows[folder] ?? []).flatMap { $0.block(options) }
    }
  }
  return lines.map { $0 + "\n" }.joined()
}

extension CatalogueEntry {
  fileprivate static let head = TableLayout.Row(cells: ["name", "question", "takes", "needs"], tint: .faint)

  private var settings: String { parameters.map { "--set \($0.name)=\($0.value)" }.joined(separator: " ") }

  /// A row for the lab and one for each variant.
  fileprivate var rows: [TableLayout.Row] {
    let question = question.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let own = [
      name, parameters.isEmpty ? question : "\(question) [\(settings)]", length.rounded,
      needs.isEmpty ? "-" : needs.joined(separator: ", "),
    ]
    let others = variants.map { ["  :\($0.name)", "with \($0.settings)", $0.length.rounded, ""] }
    return ([own] + others).map { TableLayout.Row(cells: $0, tint: .plain) }
  }

  /// The entry in lines of their own, for a narrow page.
  fileprivate func block(_ options: TextOptions) -> [String] {
    let needs = needs.isEmpty ? "" : "; needs " + needs.joined(separator: ", ")
    let question = question.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    let texts =
      [question, "takes \(length.rounded)\(needs)"] + (parameters.isEmpty ? [] : [settings])
      + variants.map { ":\($0.name) with \($0.settings) takes \($0.length.rounded)" }
    return ["  " + name] + texts.flatMap { $0.printable.wrapped(to: options.width - 6).map { "      " + $0 } }
  }
}
