import Forecasting
import Judge
import LabScript
import Matrix
import Testing
import Timeline
import TimerModel

@Suite struct SweepTests {
  @Test(
    arguments: [
      ("x=1s..60s/5", ["1s", "16s", "31s", "45s", "1m"]), ("x=1s..2s/3", ["1s", "1.500s", "2s"]),
      ("x=1s..60s/60", (1...59).map { "\($0)s" } + ["1m"]), ("x=1500ms..3s/2", ["1.500s", "3s"]),
      ("x=1ms..2ms/3", ["1ms", "1500us", "2ms"]), ("x=1ns..3ns/3", ["1ns", "2ns", "3ns"]),
      ("x=3..6", ["3", "4", "5", "6"]), ("x=-2..0", ["-2", "-1", "0"]), ("x=0..100/3", ["0", "50", "100"]),
      ("x=a,b,c", ["a", "b", "c"]), ("x=2s,3s,3|5s,5s,3", ["2s,3s,3", "5s,5s,3"]),
      ("x=1..3,10", ["1", "2", "3", "10"]),
      ("x=a=b", ["a=b"]), ("x=2m..4m/3", ["2m", "3m", "4m"]), ("x=1h..3h/3", ["1h", "2h", "3h"]),
    ] as [(String, [String])]
  )
  func valuesAreReadAsTheyAreWritten(text: String, values: [String]) throws {
    #expect(try SweepAxis(text: text).values == values)
  }

  @Test(arguments: [
    ("x", "'x' is not of the form NAME=VALUES"), ("=1..2", "'=1..2' is not of the form NAME=VALUES"),
    ("x=", "'x=' is not of the form"), ("x=1,,2", "'1,,2' has an empty value"), ("x=1,1", "x has the value '1' twice"),
    ("x=5..3", "'5..3' does not go up"), ("x=5s..3s/3", "'5s..3s/3' does not go up"),
    ("x=1s..60s", "'1s..60s' does not say how many values"), ("x=1..60/1", "'1' is not a number of values"),
    ("x=1..60/many", "'many' is not a number of values"), ("x=1..60/2/3", "'1..60/2/3' is not a range"),
    ("x=1..3/9", "'1..3/9' has only 3 whole numbers, not 9"), ("x=1..20000", "a sweep has at most 10000 values"),
    ("x=1s..2s/20000", "a sweep has at most 10000 values"), ("x=1..9000,10001..19000", "a sweep has at most 10000"),
    ("x=1ns..2ns/3", "'1ns..2ns/3' has no 3 different durations"), ("x=a..b/3", "'a..b/3' is not a range of numbers"),
    ("x=1..60s/3", "'1..60s/3' is not a range of numbers or durations"),
    ("x=-9223372036854775808..9223372036854775807", "'-9223372036854775808..9223372036854775807' has numbers"),
  ])
  func whatIsNoRangeIsRefused(text: String, message: String) throws {
    let said = try #require(mistake { _ = try SweepAxis(text: text) })
    #expect(said.hasPrefix(message), "\(said)")
  }

  @Test func everyCombinationIsTried() throws {
    let axes = [try SweepAxis(text: "x=1,2"), try SweepAxis(text: "y=a,b,c")]
    let all = Sweep.combinations(axes)
    #expect(all.count == 6 && all.first == ["1", "a"] && all[1] == ["1", "b"] && all.last == ["2", "c"])
  }

  private func script(_ expectations: String) throws -> Script {
    let text = """
      title     Test
      network   routed
      peer      server on kodos: dnc -l -p 8080
      peer      client on kang: dnc --user-timeout 5s kodos 8080
      start     server
      wait      kodos listens on 8080
      start     client
      wait      client prints "connected"
      drop everything between kang and kodos
      client    types "hello"
      \(expectations)
      """
    guard case .script(let script) = Script.read(text: Array(text.utf8), path: "test.lab") else {
      throw Mistake("the test's lab is broken")
    }
    return script
  }

  @Test func theExpectationThatIsPredictedIsTheSubject() throws {
    for (expectations, line) in [
      ("expect client write returns 6\nexpect client read fails as predicted\nexpect client exits 1", 12),
      ("expect client write returns 6\nexpect client read fails within 9s\nexpect client exits", 12),
      ("expect client write returns 6\nexpect client is told nothing for 2s", 12),
    ] {
      let script = try script(expectations)
      let forecast = Forecaster(script: script, kernel: linux).forecast()
      #expect(Sweep.subject(of: script, forecast)?.line == line)
    }
  }

  @Test func aPointIsMadeOfARunsVerdict() throws {
    let script = try script("expect client read fails as predicted")
    let forecast = Forecaster(script: script, kernel: linux).forecast()
    let verdict = Verdict(
      line: 11,
      text: "",
      outcome: .held,
      measured: "ETIMEDOUT after 5.5s",
      after: .milliseconds(5500),
      reason: "r"
    )
    let point = SweepPoint(
      values: ["5s"],
      line: 11,
      events: [],
      judgement: Judgement(verdicts: [verdict]),
      forecast: forecast
    )
    #expect(point.after == .milliseconds(5500) && point.outcome == .held && point.reason.isEmpty)
    let window = try #require(point.window)
    // The window of the write, not that of the script's own time with its slack.
    #expect(window.earliest >= .milliseconds(5400) && (window.latest ?? .zero) <= .milliseconds(5700), "\(window)")
    #expect(point.limit == "user timeout")
    let broken = Judgement(verdicts: [verdict], problems: ["torn"])
    #expect(SweepPoint(values: [], line: 11, events: [], judgement: broken, forecast: forecast).reason == "torn")
    let absent = SweepPoint(values: [], line: 11, events: [], judgement: Judgement(verdicts: []), forecast: forecast)
    #expect(absent.outcome == .notReached && !absent.reason.isEmpty)
  }

  // MARK: Pictures

  private func sweep(_ first: String = "x=1s..10s/10", _ second: String? = nil) throws -> Sweep {
    let axes = try ([first] + [second].compactMap { $0 }).map { (text) throws(Mistake) in try SweepAxis(text: text) }
    var sweep = Sweep(
      lab: "test",
      line: 11,
      statement: "client read fails",
      axes: axes,
      world: "real",
      kernel: "6.18",
      hz: 250
    )
    for (index, values) in Sweep.combinations(axes).enumerated() {
      let start = Duration.milliseconds(400 + 1000 * index)
      sweep.points.append(
        SweepPoint(
          values: values,
          after: index == 3 ? nil : start + .milliseconds(100),
          measured: index == 3 ? "nothing" : "ETIMEDOUT",
          window: index == 5 ? nil : .init(earliest: start, latest: index == 6 ? nil : start + .milliseconds(250)),
          limit: "user timeout",
          outcome: index == 3 ? .failed : .held,
          reason: index == 3 ? "=it did not come" : "",
          attempts: index == 3 ? 2 : 1
        )
      )
    }
    return sweep
  }

  @Test(arguments: [60, 80, 132])
  func theTableFitsItsWidth(width: Int) throws {
    for sweep in [try sweep(), try sweep("x=1s..3s/3", "y=a,b,c"), try sweep("x=1..200")] {
      let text = sweep.text(TableOptions(width: width))
      for line in text.split(separator: "\n") { #expect(line.count <= width, "\(line)") }
      #expect(text.contains("! "))
      let whole = text.split(separator: "\n").joined(separator: " ")
      #expect(whole.contains("of \(sweep.points.count) held what the lab expects; measured in real time on Linux 6.18"))
    }
    // What did not hold is never left out.
    let many = try sweep("x=1..2000").text(TableOptions(width: 100), mostRows: 10)
    #expect(many.contains("(11 of 2000 rows are shown)"))
    let row = try #require(
      try sweep().text(TableOptions(width: 100)).split(separator: "\n").first { $0.contains("2.40s-") }
    )
    #expect(row.contains("-o-") || row.contains("-o") || row.contains("o-"), "\(row)")
  }

  @Test func csvAndJSONHoldEveryPoint() throws {
    let sweep = try sweep("x=1s..3s/3", "y=a,b,c")
    let lines = sweep.csv.split(separator: "\r\n")
    #expect(lines.count == 10)
    #expect(lines[0].hasPrefix("x,y,outcome,measured,after_s,predicted_earliest_s,predicted_latest_s,limit,reason,lab"))
    #expect(lines[1].hasPrefix("1s,a,held,ETIMEDOUT,0.500000,0.400000,0.650000,user timeout,,test,11,real,6.18,250"))
    #expect(lines[4].contains("failed,nothing,,3.400000,3.650000,user timeout,'=it did not come"))
    let object = try #require(try JSON(text: sweep.json.split(separator: "\n")[0]).object)
    #expect(object["format"]?.string == "halfopen sweep 1")
    #expect(object["points"]?.array?.count == 9)
    #expect(object["parameters"]?.array?.compactMap(\.string) == ["x", "y"])
  }

  @Test func thePictureShowsBandsPointsAndWhatFailed() throws {
    let svg = try sweep().svg
    #expect(svg.count(of: "class=\"point\"") == 9)
    #expect(svg.count(of: "class=\"failed\"") == 1)
    // One window is unknown, so each of the others has a box of its own.
    #expect(svg.count(of: "<rect class=\"band\"") == 9)
    var whole = try sweep("x=1s..3s/3")
    whole.points[2].after = .seconds(3)
    #expect(whole.svg.count(of: "<path class=\"band\"") == 1)
    let two = try sweep("x=1s..3s/3", "y=a,b,c").svg
    #expect(two.contains("y a") && two.contains("class=\"s2\""))
    // A list without a scale has places of its own.
    #expect(try sweep("x=icmp,reset,drop").svg.contains(">reset</text>"))
    #expect(try sweep().html.contains("<table>"))
  }

  @Test func nothingThatIsToldBecomesMarkup() throws {
    let hostile = "</svg><script>alert(1)</script>\"'&\u{202E}\u{0}"
    var sweep = try sweep("x=1s..3s/3", "y=a,b")
    sweep.lab = hostile
    sweep.statement = hostile
    sweep.kernel = hostile
    sweep.axes[1].name = hostile
    sweep.axes[1].values = [hostile, "b"]
    for index in sweep.points.indices {
      sweep.points[index].reason = hostile
      sweep.points[index].measured = hostile
      sweep.points[index].limit = hostile
      sweep.points[index].values[1] = hostile
    }
    for text in [sweep.svg, sweep.html] {
      for part in ["<script>alert", "</svg><", "\u{202E}", "\u{0}"] { #expect(!text.contains(part), "\(part)") }
    }
    #expect(!sweep.text(TableOptions()).contains("\u{202E}"))
  }
}

extension String {
  fileprivate func count(of text: String) -> Int { ranges(of: text).count }
}
