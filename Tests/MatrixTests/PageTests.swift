import Matrix
import Testing
import Timeline

@Suite struct PageTests {
  private func html(_ matrix: MatrixResult = sample(), _ comparison: Comparison? = nil, story: CellStory? = nil)
    -> String
  {
    matrix.html(comparison, stories: story.map { ["idle-frozen/mine": $0] } ?? [:])
  }

  /// The tags of a document, in order: `td`, `/td`; what is void or a declaration is left out.
  private func tags(_ html: String) -> [String] {
    var tags: [String] = []
    var rest = html[...]
    while let start = rest.firstIndex(of: "<") {
      rest = rest[rest.index(after: start)...]
      guard let end = rest.firstIndex(of: ">") else { return tags + ["torn"] }
      let name = rest[..<end].prefix { $0 != " " && $0 != "\n" }
      let isVoid = ["!DOCTYPE", "meta", "link"].contains(name)
      if !isVoid { tags.append(String(name)) }
      rest = rest[rest.index(after: end)...]
      // What a script holds is no markup.
      if name == "script" || name == "style" {
        guard let close = rest.range(of: "</\(name)>") else { return tags + ["torn"] }
        rest = rest[close.lowerBound...]
      }
    }
    return tags
  }

  private func expectBalanced(_ html: String) {
    var open: [String] = []
    for tag in tags(html) {
      if tag.hasPrefix("/") {
        #expect(open.popLast() == String(tag.dropFirst()), "\(tag) after \(open)")
      } else {
        open.append(tag)
      }
    }
    #expect(open.isEmpty)
  }

  @Test func everyTagIsClosed() {
    expectBalanced(html())
    expectBalanced(html(story: CellStory(lab: "title x", report: "PASS", links: [.init("drawn", "t/x.html")])))
    var none = sample()
    none.rows = []
    none.cells = []
    expectBalanced(none.html())
  }

  @Test func everyCellLeadsToItsStoryAndBack() {
    let text = html()
    for cell in sample().cells {
      let id = cell.name.replacing("/", with: "--")
      for part in [
        "id=\"to-\(id)\" href=\"#\(id)\"", "<section class=\"cell\" id=\"\(id)\"", "href=\"#to-\(id)\">back",
      ] {
        #expect(text.contains(part), "\(part)")
      }
    }
    #expect(text.components(of: "id=\"").count == Set(text.components(of: "id=\"")).count)
  }

  @Test func whatIsSeenStandsInTheTable() {
    let text = html()
    for part in [
      "<span>9.42s</span><small>ETIMEDOUT</small><small>predicted 9.41s-9.42s</small>", "<td class=\"h5\">",
      "<td class=\"h3 guess\">", "3ms<b title=\"not as predicted\">!</b>", "<small>20s watched</small>",
      "told nothing in the 20s that were watched", "run</dt><dd>2 times",
      "measured in real time on Linux 6.18.44, HZ 250",
    ] { #expect(text.contains(part), "\(part)") }
  }

  @Test func changesAreMarked() {
    var new = sample()
    new.cells[1].measured = .told(.init(after: .seconds(5), call: "connect", errorName: "ETIMEDOUT"))
    let text = html(new, Comparison(from: sample(), to: new))
    #expect(text.contains("5s<b title=\"changed\">*</b>"))
    #expect(text.contains("<dt>changed</dt><dd>ETIMEDOUT after 9.420s before, ETIMEDOUT after 5s now</dd>"))
  }

  @Test(arguments: [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "</pre></section><b>", "\u{202E}\u{0}'&lt;",
  ])
  func nothingThatIsToldBecomesMarkup(hostile: String) {
    var matrix = sample()
    matrix.kernel = hostile
    matrix.rows[0].title = hostile
    matrix.rows[1].group = hostile
    matrix.columns[0].name = hostile
    matrix.columns[1].settings = [hostile]
    matrix.columns[1].remarks = [hostile]
    for index in matrix.cells.indices {
      matrix.cells[index].remark = hostile
      matrix.cells[index].predicted = .ends(
        .init(earliest: .zero, latest: nil, errorName: hostile, limit: hostile, explanation: hostile)
      )
    }
    matrix.cells[0].tuning = hostile
    matrix.cells[3].measured = .told(.init(after: .zero, call: hostile, errorName: hostile))
    let text = html(matrix, story: CellStory(lab: hostile, report: hostile, links: [.init(hostile, hostile)]))
    expectBalanced(text)
    let plain = tags(html(story: CellStory(lab: "", report: "x", links: [.init("", "")])))
    #expect(Set(tags(text)).isSubset(of: Set(plain)))
    for part in ["<script>alert", "<img", "\u{202E}", "\u{0}"] { #expect(!text.contains(part)) }
  }
}

extension String {
  /// The identifiers that follow a text, up to the next quote.
  fileprivate func components(of start: String) -> [String] {
    var found: [String] = []
    var rest = self[...]
    while let range = rest.range(of: start) {
      rest = rest[range.upperBound...]
      found.append(String(rest.prefix { $0 != "\"" }))
    }
    return found
  }

  fileprivate func range(of text: String) -> Range<Index>? { self[...].range(of: text) }
}

extension Substring {
  fileprivate func range(of text: String) -> Range<Index>? { firstRange(of: text) }
}
