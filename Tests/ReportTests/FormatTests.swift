import Judge
import LabScript
import Report
import Testing
import Timeline

/// The formats that machines read, each with its full text.
@Suite struct FormatTests {
  @Test func tapNamesEveryExpectationAndSaysWhyOneFailed() {
    #expect(tap([Example.run, Example.failing]) == Golden.tap)
  }

  @Test func theTableShowsTheThreeKindsOfTruthSideBySide() {
    #expect(Example.failing.conclusion(TextOptions(width: 90)) == Golden.table)
  }

  @Test func junitHoldsACaseForEachExpectationAndOneForTheRun() {
    #expect(junit([Example.failing]) == Golden.junit)
  }

  @Test func noTextEscapesFromItsPlaceInJUnit() {
    #expect(junit([Example.hostile]) == Golden.hostileJUnit)
  }

  @Test func noTextEscapesFromItsPlaceInTAP() {
    #expect(tap([Example.hostile]) == Golden.hostileTAP)
  }

  @Test func noRunsGiveEmptyReports() {
    #expect(tap([]) == "TAP version 13\n1..0\n")
    #expect(junit([]) == "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n</testsuites>\n")
  }

  @Test func severalLabsAreSummedUp() {
    #expect(summary(of: [Example.run, Example.failing], TextOptions()) == Golden.summary)
    #expect(summary(of: [Example.run, Example.failing], TextOptions(width: 60)) == Golden.narrowSummary)
  }

  @Test func labsThatCouldNotRunAreToldWithTheirReasonBelowTheTable() {
    let notRun = [(name: "nat", reason: "the lab needs the Debian package 'conntrack', which is not installed")]
    let text = summary(of: [], notRun: notRun, TextOptions(width: 60))
    #expect(
      text == """
          not run: nat: the lab needs the Debian package
            'conntrack', which is not installed

        0 of 0 labs passed, 1 not run

        """
    )
  }

  @Test(arguments: 60...140)
  func noLineOfTheSummaryIsWiderThanThePage(width: Int) {
    let text = summary(of: [Example.run, Example.failing, Example.hostile], TextOptions(width: width))
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= width })
  }

  @Test func labsAreListedWithWhatTheyTakeAndNeed() {
    var script = Example.script
    script.needs = ["postgresql"]
    script.peers[0].isTraced = true
    var entry = CatalogueEntry(script, path: "labs/poweroff.lab", folder: "labs", length: .milliseconds(941_260))
    let short = LabScript.Variant(name: "short", settings: [.init(name: "tcp_retries2", value: "5")], line: 5)
    entry.variants = [.init(short, length: .milliseconds(20_140))]
    #expect(catalogue([entry], TextOptions(width: 100)) == Golden.catalogue)
    #expect(catalogue([entry], TextOptions(width: 60)) == Golden.narrowCatalogue)
    #expect(
      entry.json.text.contains(
        """
        "parameters":{"tcp_retries2":"15"},"length_s":941.3,"needs":["postgresql","strace"],\
        "variants":[{"name":"short","settings":"tcp_retries2=5","length_s":20.1}]}
        """
      )
    )
  }

  @Test(arguments: [60, 90, 120])
  func everyFormatIsDrawnAgainFromTheSavedTimeline(width: Int) throws {
    for run in [Example.run, Example.failing] {
      let timeline = SavedTimeline(bytes: Array(run.jsonLines().utf8))
      #expect(timeline.mistakes == [])
      let judgement = try #require(Judgement(events: timeline.events))
      let again = LabRun(script: run.script, events: timeline.events, judgement: judgement)
      for verbosity in [TextOptions.Verbosity.story, .details, .everything] {
        let options = TextOptions(width: width, colour: true, verbosity: verbosity, showsCommands: true)
        #expect(again.text(options) == run.text(options))
      }
      #expect(again.jsonLines() == run.jsonLines())
      #expect(junit([again]) == junit([run]))
      #expect(tap([again]) == tap([run]))
      #expect(summary(of: [again], TextOptions()) == summary(of: [run], TextOptions()))
    }
  }

  @Test func theSavedTimelineEndsWithTheJudgement() {
    let lines = Example.run.jsonLines().split(separator: "\n")
    #expect(lines.count == Example.events.count + 4)
    #expect(lines.last?.contains("\"kind\":\"judgement\",\"passed\":true") == true)
  }

  @Test func claimsThatNoVerdictShowsAreShownBesides() {
    var script = Example.script
    script.published.append(
      PublishedClaim(
        condition: .connection(host: "kodos", port: nil, .state(.timeWait)),
        after: .seconds(120),
        source: "illumos",
        line: 16
      )
    )
    let judgement = judge(script: script, events: Example.events, forecast: Example.forecast)
    let run = LabRun(script: script, events: Example.events, judgement: judgement)
    #expect(
      run.conclusion(TextOptions()).contains(
        "\nAlso published\n  - kodos connection is TIME_WAIT after 2m (illumos)\n"
      )
    )
  }
}
