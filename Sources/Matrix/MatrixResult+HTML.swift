internal import Timeline

/// What the page shows of a cell besides its figures.
public struct CellStory: Hashable, Sendable {
  /// The cell's lab.
  public var lab: String
  /// The report of its run, as text; empty if it was not run.
  public var report: String
  /// Files with its timeline, as links relative to the page: what each is called, and where it is.
  public var links: [Link]

  /// A link.
  public struct Link: Hashable, Sendable {
    /// What it is called: `drawn timeline`.
    public var name: String
    /// Where it leads, relative to the page.
    public var address: String

    /// A link called `name`.
    public init(_ name: String, _ address: String) {
      self.name = name
      self.address = address
    }
  }

  /// A story.
  public init(lab: String, report: String, links: [Link] = []) {
    self.lab = lab
    self.report = report
    self.links = links
  }
}

extension MatrixResult {
  /// The matrix as one HTML page that needs nothing else; each cell leads to its story, if it has one.
  ///
  /// It is complete without its script, which only adds the keys: arrows go from cell to cell, Escape back to the table.
  /// - Parameter stories: By the cell's name.
  public func html(_ comparison: Comparison? = nil, stories: [String: CellStory] = [:]) -> String {
    let sections = cells.map { section($0, comparison, stories[$0.name]) }.joined()
    let notes = legend(comparison).map { "<li>\(escaped($0))</li>\n" }.joined()
    return page(
      title: "halfopen: which failures hang the program",
      style: MatrixStyle.text,
      script: MatrixStyle.script,
      body: """
        <main>
        <h1>Which failures hang the program, for how long, and with which error?</h1>
        <p>\(measuredCount) of \(cells.count) cells were \(escaped(origin)). Each cell says how long after the failure \
        the program was told, what it was told, and what the timer model predicts. A cell leads to its story; the arrow \
        keys go from cell to cell.</p>
        \(scale)
        <div class="scroll" role="region" aria-label="The matrix" tabindex="0">
        <table id="matrix">
        \(head)
        \(body(comparison, stories))
        </table>
        </div>
        <h2>Notes</h2>
        <ul class="notes">
        \(notes)</ul>
        </main>
        \(sections)
        """
    )
  }

  private var scale: String {
    let items = CellWords.Heat.allCases.map { "<li class=\"\($0.style)\">\($0.words)</li>" }.joined()
    return "<ul class=\"scale\" aria-label=\"How long a program hangs\">\(items)</ul>"
  }

  private var head: String {
    let cells = columns.map { column in
      let settings = column.settings.isEmpty ? ["nothing set"] : column.settings
      let lines = settings.map { "<small>\(escaped($0))</small>" }.joined()
      return "<th scope=\"col\">\(escaped(column.name))\(lines)</th>"
    }
    return "<thead><tr><th scope=\"col\">failure</th>\(cells.joined())</tr></thead>"
  }

  private func body(_ comparison: Comparison?, _ stories: [String: CellStory]) -> String {
    var out = ""
    var group = ""
    for row in rows {
      if row.group != group {
        if !group.isEmpty { out += "</tbody>\n" }
        group = row.group
        out +=
          "<tbody>\n<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"\(columns.count + 1)\">"
          + "\(escaped(group))</th></tr>\n"
      }
      out += "<tr><th scope=\"row\">\(escaped(row.title))</th>"
      for column in columns { out += field(self[row.name, column.name], comparison) }
      out += "</tr>\n"
    }
    return out + (rows.isEmpty ? "" : "</tbody>")
  }

  private func field(_ cell: CellResult?, _ comparison: Comparison?) -> String {
    guard let cell else { return "<td></td>" }
    let words = CellWords(cell)
    var marks = ""
    if cell.agrees == false { marks += "<b title=\"not as predicted\">!</b>" }
    if comparison?.changes[cell.name] != nil { marks += "<b title=\"changed\">*</b>" }
    if comparison?.added.contains(cell.name) == true { marks += "<b title=\"new\">+</b>" }
    let lines = [words.news, words.predicted.isEmpty ? "" : "predicted " + words.predicted]
      .filter { !$0.isEmpty }.map { "<small>\(escaped($0))</small>" }.joined()
    let style = words.heat.style + (cell.measured == nil ? " guess" : "")
    let id = anchor(cell.name)
    return "<td class=\"\(style)\"><a id=\"to-\(id)\" href=\"#\(id)\"><span>\(escaped(words.head))\(marks)</span>"
      + "\(lines)<i style=\"width:\(words.share)%\"></i></a></td>"
  }

  private func section(_ cell: CellResult, _ comparison: Comparison?, _ story: CellStory?) -> String {
    let id = anchor(cell.name)
    let words = CellWords(cell)
    let row = rows.first { $0.name == cell.failure }
    let column = columns.first { $0.name == cell.tuning }
    var facts: [(String, String)] = [
      ("failure", [row?.group, row?.title].compactMap { $0 }.joined(separator: ": ")),
      ("settings", column.map { $0.settings.isEmpty ? "nothing set" : $0.settings.joined(separator: ", ") } ?? ""),
      ("measured", cell.measured?.sentence ?? "not run"), ("predicted", cell.predicted.sentence),
    ]
    if let agrees = cell.agrees { facts.append(("agree", agrees ? "yes" : "no")) }
    if cell.attempts > 1 { facts.append(("run", "\(cell.attempts) times; the last run stands")) }
    if !cell.remark.isEmpty { facts.append(("remark", cell.remark)) }
    if let change = comparison?.changes[cell.name] { facts.append(("changed", change)) }
    var out = "<section class=\"cell\" id=\"\(id)\" aria-labelledby=\"h-\(id)\">\n"
    out += "<p><a class=\"back\" href=\"#to-\(id)\">back to the table</a></p>\n"
    out += "<h2 id=\"h-\(id)\" class=\"\(words.heat.style)\">\(escaped(cell.name))</h2>\n<dl>\n"
    for (name, text) in facts { out += "<dt>\(name)</dt><dd>\(escaped(text))</dd>\n" }
    out += "</dl>\n"
    for link in story?.links ?? [] {
      out += "<p><a href=\"\(escaped(link.address))\">\(escaped(link.name))</a></p>\n"
    }
    if let story {
      if !story.report.isEmpty { out += "<pre tabindex=\"0\">\(escaped(story.report))</pre>\n" }
      out += "<details><summary>the lab</summary><pre>\(escaped(story.lab))</pre></details>\n"
    }
    return out + "</section>\n"
  }

  /// A cell's name as an identifier.
  private func anchor(_ name: String) -> String { escaped(name.replacing("/", with: "--")) }
}

extension CellWords.Heat {
  /// The class of the style sheet.
  var style: String { "h\(rawValue)" }
}

extension CellWords {
  /// How long the bar is, in percent: the logarithm of the time between a millisecond and an hour.
  fileprivate var share: Int {
    guard let time else { return heat == .never ? 100 : 0 }
    return min(100, max(3, Int((time.inSeconds * 1000).binaryLogarithm / 21.78 * 100)))
  }
}

extension Measured {
  /// What was seen, in a sentence.
  var sentence: String {
    switch self {
    case .told(let told): "\(told.news) after \(told.after.text)"
    case .nothing(let watched): "told nothing in the \(watched.text) that were watched"
    case .before(let told): "\(told.news) before the failure came"
    case .broken(let reason): "the lab did not come that far: \(reason)"
    }
  }
}

extension Predicted {
  /// What is predicted, in a sentence.
  var sentence: String {
    switch self {
    case .ends(let end):
      "\(end.errorName ?? "read returns 0"), \(end.earliest.text) to \(end.latest?.text ?? "any time"), by \(end.limit)"
        + (end.explanation.isEmpty ? "" : ": \(end.explanation)")
    case .never(let reason): "never: \(reason)"
    case .unknown: "the timer model does not follow this case"
    }
  }
}
