import Matrix
import Testing
import Timeline

@Suite struct ResultTests {
  @Test func jsonIsReadAsItWasWritten() throws {
    let matrix = sample()
    #expect(try MatrixResult(json: matrix.json) == matrix)
    // What a newer version adds is passed over.
    let newer = matrix.json.replacing("\"hz\":250", with: "\"hz\":250,\"colour\":\"blue\"")
    #expect(try MatrixResult(json: newer) == matrix)
  }

  @Test(arguments: [
    ("", "this is not JSON"), ("[]", "this is no matrix"), ("{\"format\":5}", "this is no matrix"),
    ("{\"format\":\"halfopen matrix 2\"}", "the matrix is in the format 'halfopen matrix 2'"),
    ("{\"format\":\"halfopen matrix 1\"}", "the matrix has no 'world' that is a string"),
    ("{\"lab\":\"x\"}", "this is no matrix"),
  ])
  func whatIsNoMatrixIsRefused(text: String, message: String) throws {
    let said = try #require(mistake { _ = try MatrixResult(json: text) })
    #expect(said.hasPrefix(message), "\(said)")
  }

  @Test func everyMissingMemberIsNamed() throws {
    let json = sample().json
    for (old, new, message) in [
      ("\"after_s\":9.42", "\"after_s\":\"soon\"", "cells[1], measured has no 'after_s' that is a number"),
      ("\"after_s\":9.42", "\"after_s\":1e300", "cells[1], measured has no 'after_s' that is a number"),
      ("\"watched_s\":20.0", "\"watch\":20.0", "cells[2], measured has no 'watched_s' that is a number"),
      ("\"outcome\":\"unknown\"", "\"outcome\":\"maybe\"", "cells[4], predicted: there is no outcome 'maybe'"),
      ("\"outcome\":\"broken\"", "\"outcome\":\"odd\"", "cells[4], measured: there is no outcome 'odd'"),
      ("\"cells\":[", "\"cells\":[7,", "the matrix has no 'cells[0]' that is an object"),
    ] {
      #expect(json.contains(old))
      let said = try #require(
        mistake { _ = try MatrixResult(json: json.replacing(old, with: new, maxReplacements: 1)) }
      )
      #expect(said == message, "\(said)")
    }
    // Torn anywhere, it is refused, and nothing crashes.
    for length in stride(from: 0, to: json.utf8.count - 1, by: 7) {
      #expect(mistake { _ = try MatrixResult(json: String(json.prefix(length))) } != nil)
    }
  }

  @Test func csvHasALineForEveryCell() throws {
    let lines = sample().csv(nil).split(separator: "\r\n").map(String.init)
    #expect(lines.count == 7)
    #expect(lines[0].hasPrefix("group,failure,title,settings,set,outcome,after_s,call,errno,watched_s,"))
    #expect(
      lines[2].contains(",mine,user timeout 9s,told,9.420000,connect,ETIMEDOUT,,told,9.410000,9.680000,ETIMEDOUT")
    )
    #expect(lines[3].contains(",never,,,,20.000,never,"))
    // A spreadsheet takes no remark for a formula, and a line's end stays within its field.
    #expect(lines[5].hasSuffix(",\"'=the lab\nwas broken\""))
  }

  @Test(arguments: [60, 80, 100, 200])
  func theTableFitsItsWidth(width: Int) {
    let text = sample().text(TableOptions(width: width))
    for line in text.split(separator: "\n") { #expect(line.count <= width, "\(line)") }
    for word in ["never", "9.42s", "ETIMEDOUT", "(2m13s-2m16s)", "lab broken", "before it", "3ms !", "read returns 0"] {
      #expect(text.contains(word), "\(word)")
    }
    #expect(!text.contains("\u{1B}"))
    #expect(text.contains("! idle-frozen/mine: it came"))
  }

  @Test func coloursComeAndGo() {
    let plain = sample().text(TableOptions(width: 100))
    let coloured = sample().text(TableOptions(width: 100, colour: true))
    #expect(coloured.contains("\u{1B}[1;31mnever\u{1B}[0m"))
    var stripped = ""
    var isInside = false
    for character in coloured {
      if character == "\u{1B}" { isInside = true }
      if !isInside { stripped.append(character) }
      if character == "m" { isInside = false }
    }
    #expect(stripped == plain)
  }
}
