import Judge
import LabScript
import Testing
import Timeline

/// Predictions whose window does not count from the deed.
@Suite struct CountTests {
  /// A client that connects at 1 s, a power cut at 4 s, and an expectation as predicted, with keepalive's window of
  /// 10.1 to 10.4 s from the connect.
  private func judged(on prediction: Verdict.Prediction, from mark: Forecast.Mark, dies: Double) -> Verdict? {
    var run = Run()
    let start = run.step("start client", .start(peer: "client"))
    run.add(900, body: .step(line: start, text: "start client"))
    run.call(1000, "connect", 0)
    run.powerOff(4000)
    let expectation = Expectation(
      condition: .call(peer: "client", name: "read", .fails("ETIMEDOUT")),
      timing: .asPredicted
    )
    let line = run.step("expect client read fails ETIMEDOUT as predicted", .expect(expectation))
    run.add(4001, body: .step(line: line, text: "expect client read fails ETIMEDOUT as predicted"))
    run.call(dies, "read", fails: "ETIMEDOUT")
    run.add(dies + 1, body: .end(reason: nil))
    run.forecast.predictions[line] = prediction
    run.forecast.counts[line] = Forecast.Count(
      from: mark,
      earliest: .milliseconds(10_100),
      latest: .milliseconds(10_400)
    )
    return Judged(run).judgement.verdicts.first { $0.line == line }
  }

  private let wide = Verdict.Prediction(earliest: .seconds(6), latest: .seconds(9), errorName: "ETIMEDOUT")
  private var connected: Forecast.Mark { .call(peer: "client", name: "connect", after: 1) }

  @Test(arguments: [(11_050.0, false), (11_150.0, true), (11_390.0, true), (11_450.0, false)])
  func theWindowCountsFromTheMark(dies: Double, holds: Bool) throws {
    let verdict = try #require(judged(on: wide, from: connected, dies: dies))
    #expect((verdict.outcome == .held) == holds, "\(verdict.reason)")
    // It is told as counted from the deed, as everything else is.
    #expect(verdict.predicted?.earliest == .milliseconds(7100))
    #expect(verdict.predicted?.latest == .milliseconds(7400))
    #expect(verdict.predicted?.errorName == "ETIMEDOUT")
  }

  @Test func withoutTheMarkInTheTimelineTheForecastStands() throws {
    let other = Forecast.Mark.call(peer: "client", name: "write", after: 1)
    let verdict = try #require(judged(on: wide, from: other, dies: 12_900))
    #expect(verdict.outcome == .held, "\(verdict.reason)")
    #expect(verdict.predicted == wide)
  }

  @Test func aMarkBeforeItsStepIsNotMeant() throws {
    let later = Forecast.Mark.call(peer: "client", name: "connect", after: 2)
    let verdict = try #require(judged(on: wide, from: later, dies: 12_900))
    #expect(verdict.predicted == wide)
  }
}
