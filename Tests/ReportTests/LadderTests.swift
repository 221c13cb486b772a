import Judge
import LabScript
import Testing
import Timeline

@testable import Report

@Suite struct LadderTests {
  private func lines(_ events: [Event], width: Int = 80, colour: Bool = false) -> [String] {
    var view = TextView(script: Example.script, options: TextOptions(width: width, colour: colour, isLadder: true))
    return events.flatMap { view.feed($0) } + view.finish()
  }

  private func packet(_ milliseconds: Double, from host: String, _ meaning: String, seen: Int? = nil) -> Event {
    let (kang, kodos) = ("10.88.1.10:33226", "10.88.2.20:8080")
    return Example.event(
      milliseconds,
      host: host,
      .packet(
        PacketSample(
          direction: .out,
          source: host == "kang" ? kang : kodos,
          destination: host == "kang" ? kodos : kang,
          carried: "TCP",
          flags: "ACK",
          meaning: meaning,
          seen: Array(repeating: "x", count: seen ?? 4),
          fate: seen == nil ? .arrived : .lost
        )
      )
    )
  }

  @Test func aStoryGrowsOneLineAnEvent() {
    let events = [
      Example.event(1, host: "kodos", peer: "server", .started(command: "dnc -l -p 8080", pid: 1)),
      packet(2, from: "kang", "SYN"), packet(3, from: "kodos", "SYN-ACK"),
      Example.event(4, host: "kang", .socket(Example.sample(.established))),
      Example.event(1012, host: "kodos", .fault(line: 10, text: "after 1s power off kodos")),
      packet(1013, from: "kang", "data", seen: 2), packet(1014, from: "kodos", "RST", seen: 1),
      Example.event(1015, host: "kang", .socketGone(Example.sample(.established))),
    ]
    #expect(
      lines(events) == [
        "   0.001                         │                      │ starts: dnc -l -p 8080",
        "   0.002                         │──────── SYN ────────▶│",
        "   0.003                         │◀───── SYN-ACK ───────│",
        "   0.004             ESTABLISHED ┃                      │",
        "                                 ┃    ┄┄ 1.008s ┄┄      │",
        "   1.012                         === power off kodos ===│",
        "   1.013                         ┃──────────✗ data      │",
        "   1.014                         ┃             RST ✗────│",
        "   1.015      ESTABLISHED → gone │                      │",
      ]
    )
  }

  @Test(arguments: 60...130) func noLineIsWiderThanTheTerminal(width: Int) {
    for line in lines(Example.events, width: width) { #expect(line.columns <= width, "\(line)") }
  }

  @Test func whatAProgramLogsOfItsCallsIsNotToldTwice() {
    let events = [
      Example.event(1, host: "kang", peer: "client", .output(stream: .stdout, text: "before any call")),
      Example.event(2, host: "kang", peer: "client", .call(SystemCall(name: "write", subject: .socket, result: 6))),
      Example.event(3, host: "kang", peer: "client", .output(stream: .stdout, text: "wrote 6 bytes")),
      Example.event(4, host: "kang", peer: "client", .output(stream: .stderr, text: "an error")),
    ]
    let text = lines(events).joined()
    #expect(text.contains("before any call") && text.contains("an error") && !text.contains("wrote 6 bytes"))
  }

  @Test func coloursAreOnlyUsedWhereTheyAreWanted() {
    #expect(!lines(Example.events).joined().contains("\u{1B}"))
    #expect(lines(Example.events, colour: true).joined().contains("\u{1B}[1;33m"))
  }

  @Test func aLadderNeedsTwoHostsAndRoom() {
    #expect(TextView.Lifelines(hosts: 1, width: 200) == nil)
    #expect(TextView.Lifelines(hosts: 2, width: 60) != nil)
    #expect(TextView.Lifelines(hosts: 5, width: 80) == nil)
    #expect(TextView.Lifelines(hosts: 3, width: 100) != nil)
  }

  @Test func aLineHoldsWideAndCombiningCharacters() {
    var canvas = TextCanvas(width: 8)
    canvas.put("漢e\u{301}", at: 1, .plain)
    canvas.put("too long for it", at: 5, .plain)
    #expect(canvas.line(TextOptions()) == " 漢e\u{301} too")
  }

  @Test(arguments: [
    (0, "poweroff  ················  0s of 16s         wait for it"),
    (8, "poweroff  ████████········  8s of 16s         wait for it"),
    (5, "poweroff  █████···········  5s of 16s         wait for it"),
    (40, "poweroff  ████████████████  40s of 16s        wait for it"),
  ])
  func aBarGrowsTowardsTheExpectedEnd(seconds: Int, line: String) {
    let shown = progressLine(
      "poweroff",
      gone: .seconds(seconds),
      expected: .seconds(16),
      text: "wait for it",
      nameColumns: 8,
      TextOptions(width: 81)
    )
    #expect(shown == line)
  }

  @Test func aLabOfUnknownLengthShowsItsTimeAlone() {
    let shown = progressLine("x", gone: .seconds(61), expected: .zero, text: "", nameColumns: 3, TextOptions(width: 60))
    #expect(shown == "x    ···········  1m1s")
  }
}
