import Digests
import Judge
import LabScript
import Report
import Sockets
import Testing
import Timeline

@testable import Drawing

@Suite struct PictureTests {
  private let attack = "</text><script>alert(1)</script>\" onload='x' &amp; ]]> <!-- \u{1B}[2J \u{202E}\u{0}"

  /// The saved picture; HALFOPEN_GOLDEN=write saves it anew, to be looked at before it is committed.
  private func golden(_ name: String, _ text: String) throws {
    var parts = #filePath.split(separator: "/").dropLast()
    parts.append("golden")
    let path = "/" + parts.joined(separator: "/") + "/" + name
    if ChildProcess.ownEnvironment.contains("HALFOPEN_GOLDEN=write") {
      try FileIO.write(text, toNew: path)
      return
    }
    let saved = String(decoding: try FileIO.contents(of: path), as: UTF8.self)
    #expect(text == saved, "\(name) is drawn otherwise than it was saved")
  }

  @Test func theFoldedPictureIsAsItWas() throws {
    try golden("off.svg", svg([Example.run], DrawingOptions()))
  }

  @Test func theLinearPictureWithDetailsIsAsItWas() throws {
    try golden("off-linear.svg", svg([Example.run], DrawingOptions(verbosity: .details, axis: .linear)))
  }

  @Test func severalRunsStandBelowEachOther() {
    let text = svg([Example.run, Example.run], DrawingOptions())
    #expect(text.split(separator: "<svg").count == 4 - 1)
    #expect(text.split(separator: "<style>").count == 2)
  }

  @Test func nothingOfATimelineBecomesMarkup() {
    let events = [
      Example.event(0, host: attack, .note(attack)),
      Example.event(1, host: "kang", peer: attack, .started(command: attack, pid: 1)),
      Example.event(2, host: "kang", peer: attack, .output(stream: .stderr, text: attack)),
      Example.event(3, host: "kang", .fault(line: 1, text: attack)),
      Example.event(4, host: "kang", peer: attack, .call(SystemCall(name: attack, detail: attack))),
      Example.event(5, host: attack, .other(kind: attack)),
    ]
    var script = Example.script
    script.title = attack
    script.question = attack
    script.answer = attack
    script.hosts.append(HostDeclaration(name: attack, address: attack, line: 1))
    let verdict = Verdict(
      line: 1,
      text: attack,
      outcome: .failed,
      measured: attack,
      published: [attack],
      reason: attack
    )
    let run = LabRun(
      script: script,
      events: events,
      judgement: Judgement(verdicts: [verdict], problems: [attack], attributions: [attack])
    )
    let options = DrawingOptions(verbosity: .everything, notes: [attack])
    for text in [svg([run], options), html([run], options)] {
      #expect(!text.contains("<script>alert"))
      #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202E}" || $0.value == 0x7F })
    }
  }

  @Test func thePageRunsItsOwnScriptAndNoOther() throws {
    let page = html([Example.run], DrawingOptions())
    let policy = try #require(page.split(separator: "content=\"").dropFirst().first?.split(separator: "\"").first)
    #expect(policy.hasPrefix("default-src 'none'; script-src 'sha256-"))
    #expect(!policy.contains("unsafe"))
    // One script that runs; the others are data.
    #expect(page.split(separator: "<script>", omittingEmptySubsequences: false).count == 2)
    #expect(page.split(separator: "<script type=\"application/").count == 5)
    let script = try #require(page.split(separator: "<script>").last?.split(separator: "</script>").first)
    let hash = Base64.text(SHA256.hash(Array(script.utf8)))
    #expect(policy.contains("'sha256-\(hash)'"))
    #expect(
      !page.contains("http://")
        || page.split(separator: "http://").dropFirst().allSatisfy { $0.hasPrefix("www.w3.org/2000/svg") }
    )
  }

  @Test func dataInAPageHoldsNoMarkup() {
    #expect(HTMLPage.data("{\"a\":\"</script><!--\"}") == "{\"a\":\"\\u003c/script>\\u003c!--\"}")
  }

  @Test func ofVeryManyRowsThePictureShowsTheFirstTheLastAndWhatMatters() {
    let many = (0..<10_000).map {
      Example.event(Double($0), host: "kang", peer: "p", .output(stream: .stderr, text: "line \($0)"))
    }
    let fault = Example.event(5000.5, host: "kang", .fault(line: 1, text: "the fault"))
    let scene = Example.scene(many + [fault], verdicts: []).thinned(to: 0)
    #expect(scene.items.count { $0.level == 0 } <= 2000)
    #expect(scene.items.contains { $0.level == 0 && $0.text == "the fault" })
    #expect(scene.items.contains { $0.level == 0 && $0.text == "p: ! line 0" })
    #expect(scene.items.contains { $0.level == 0 && $0.text == "p: ! line 9999" })
    #expect(scene.notes.first?.contains("rows are not drawn here") == true)
  }
}
