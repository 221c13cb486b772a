import Testing

@testable import Report

@Suite struct CharactersTests {
  @Test(arguments: [
    ("plain text", "plain text"), ("a\tb\nc\rd", "a\\tb\\nc\\rd"), ("\u{1B}[2J", "\\x1b[2J"), ("\u{9B}2J", "\\x9b2J"),
    ("\u{7F}\u{0}", "\\x7f\\x00"), ("a\u{202E}b", "a\\u{202e}b"), ("a\u{2028}b", "a\\u{2028}b"),
    ("\u{FEFF}", "\\u{feff}"),
    ("\u{FFFE}", "\\u{fffe}"), ("\u{E000}", "\\u{e000}"), ("é€漢😀e\u{301}", "é€漢😀e\u{301}"), ("\r\n", "\\r\\n"),
  ])
  func whatCouldSteerATerminalIsWrittenOut(text: String, shown: String) {
    #expect(text.printable == shown)
  }

  @Test func noControlCharacterIsLeft() {
    for value in UInt32(0)...0x2FFF {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let shown = String(scalar).printable
      #expect(!shown.unicodeScalars.contains { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) })
    }
  }

  @Test(arguments: [("abc", 3), ("é", 1), ("e\u{301}", 1), ("漢字", 4), ("😀", 2), ("", 0), ("한", 2), ("ｱ", 1)])
  func columnsAreThoseOfATerminal(text: String, columns: Int) {
    #expect(text.columns == columns)
  }

  @Test(arguments: [
    ("the quick brown fox", 10, ["the quick", "brown fox"]), ("", 5, [""]),
    ("abcdefghijkl", 5, ["abcde", "fghij", "kl"]),
    ("a abcdefghijkl", 5, ["a abc", "defgh", "ijkl"]), ("  two", 8, ["  two"]), ("ab cd", 5, ["ab cd"]),
    ("ab cde", 5, ["ab", "cde"]), ("漢字漢字", 5, ["漢字", "漢字"]), ("abc", 1, ["a", "b", "c"]), ("漢", 1, ["漢"]),
    ("a  b", 80, ["a  b"]),
  ])
  func linesAreBrokenAtBlanks(text: String, width: Int, lines: [String]) {
    #expect(text.wrapped(to: width) == lines)
  }

  @Test func theFirstLineMayHaveLessRoom() {
    #expect("one two three".wrapped(to: 9, first: 4) == ["one", "two three"])
    #expect("onetwo three".wrapped(to: 9, first: 4) == ["", "onetwo", "three"])
    #expect("abcdefghijkl".wrapped(to: 5, first: 3) == ["ab", "cdefg", "hijkl"])
  }

  @Test func aVeryLongWordIsBrokenOrShownWhole() {
    #expect(String(repeating: "x", count: 1_000_000).wrapped(to: 80).count == 12_500)
    #expect(String(repeating: "x ", count: 500_000).wrapped(to: 79).count == 12_501)
  }

  @Test(arguments: [("abcdef", 6, "abcdef"), ("abcdefg", 6, "abcde…"), ("漢字漢", 5, "漢字…"), ("漢字漢", 4, "漢…")])
  func whatIsCutShowsIt(text: String, width: Int, cut: String) {
    #expect(text.cut(to: width) == cut)
  }

  @Test(arguments: [
    (0, "1970-01-01T00:00:00"), (1_464_385_399_000_000_000, "2016-05-27T21:43:19"),
    (951_782_400_000_000_000, "2000-02-29T00:00:00"), (1_735_689_599_999_999_999, "2024-12-31T23:59:59"),
    (-1, "1969-12-31T23:59:59"), (Int64.max, "2262-04-11T23:47:16"), (Int64.min, "1677-09-21T00:12:44"),
  ])
  func timesAreWrittenInUTC(nanoseconds: Int64, text: String) {
    #expect(timestamp(nanoseconds) == text)
  }
}
