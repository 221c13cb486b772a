import LabScript
import Testing

@Suite struct DiagnosticTests {
  private func diagnostic(_ source: String, column: Int, length: Int = 1, help: String? = nil) -> Diagnostic {
    Diagnostic(
      path: "a.lab",
      line: 3,
      column: column,
      length: length,
      message: "wrong",
      help: help,
      source: source
    )
  }

  @Test func showsPlaceLineCaretsAndHelp() {
    #expect(
      diagnostic("kill cleint", column: 6, length: 6, help: "did you mean 'client'?").rendered == """
        a.lab:3:6: wrong
          kill cleint
               ^^^^^^
          did you mean 'client'?
        """
    )
  }

  @Test func putsTheCaretBehindTheLineWhereSomethingIsMissing() {
    #expect(diagnostic("kill", column: 5).rendered == "a.lab:3:5: wrong\n  kill\n      ^")
  }

  @Test func alignsCaretsUnderTabsAndWideCharacters() {
    #expect(diagnostic("a\tb", column: 3).rendered == "a.lab:3:3: wrong\n  a b\n    ^")
    #expect(diagnostic("日本 b", column: 4).rendered == "a.lab:3:4: wrong\n  日本 b\n       ^")
    #expect(diagnostic("日本", column: 1, length: 2).rendered == "a.lab:3:1: wrong\n  日本\n  ^^^^")
  }

  @Test func doesNotPassOnWhatATerminalObeys() {
    let rendered = diagnostic("a\u{1B}[2Jb\u{202E}", column: 2, help: "not \u{7}").rendered
    #expect(rendered == "a.lab:3:2: wrong\n  a\u{FFFD}[2Jb\u{FFFD}\n   ^\n  not \u{FFFD}")
  }

  @Test(arguments: [(0, 0), (-5, -5), (1000, 1000), (3, 1000), (Int.max, 1)])
  func survivesPlacesOutsideOfTheLine(column: Int, length: Int) {
    #expect(diagnostic("abc", column: column, length: length).rendered.hasPrefix("a.lab:3:\(column): wrong\n  abc\n"))
  }

  @Test func namesNoLineForASettingOfTheCommandLine() throws {
    let text = lab("parameter idle = 5s\nexpect client is told nothing for $idle")
    let declared = text.replacing("parameter idle = 5s\n", with: "").replacing(
      "start     server",
      with: "parameter idle = 5s\nstart     server"
    )
    let mistakes = diagnostics(Array(declared.utf8), settings: [("idel", "7s")])
    #expect(
      mistakes.map(\.rendered) == [
        """
        labs/test.lab: unknown parameter 'idel'
          --set idel=7s
                ^^^^
          did you mean 'idle'?
        """
      ]
    )
    #expect(
      diagnostics(Array(declared.utf8), settings: [("port", "7")]).map(\.help) == ["the lab has 'idle'"]
    )
    #expect(
      diagnostics(Array(declared.utf8), settings: [("idle", "7s"), ("idle", "8s")]).map(\.message)
        == ["the parameter 'idle' is set twice"]
    )
    #expect(
      diagnostics(Array(lab("kill client").utf8), settings: [("idle", "7s")]).map(\.help) == ["the lab has none"]
    )
  }
}
