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

@Suite struct HashTests {
  /// The examples of FIPS 180-4, and lengths around the ends of blocks, as sha256sum(1) gives them.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (String(repeating: "a", count: 55), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
    (String(repeating: "a", count: 64), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
  ])
  func theHashIsThatOfTheStandard(text: String, hash: String) {
    let digits = SHA256.hash(Array(text.utf8)).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    #expect(digits.joined() == hash)
  }

  /// RFC 4648, section 10.
  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
    ("foobar", "Zm9vYmFy"),
  ])
  func base64IsThatOfTheStandard(text: String, encoded: String) {
    #expect(Base64.text(Array(text.utf8)) == encoded)
  }
}
