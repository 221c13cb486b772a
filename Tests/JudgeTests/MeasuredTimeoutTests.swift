import Judge
import LabScript
import Testing
import Timeline
import TimerModel

/// Predictions where the run measured another retransmission timeout than the usual one, as a slow machine does.
@Suite struct MeasuredTimeoutTests {
  /// Data into silence with tcp_retries2=5, written at 1 s; a sample shows this timeout (microseconds) of that.
  private static func run(rto: Int64?, rtt: Int64 = 94_455, backoff: Int = 0) throws -> Run {
    var run = Run()
    run.types(1000)
    run.expect("client read fails ETIMEDOUT as predicted", .readFails, .asPredicted)
    var kernel = Kernel()
    try kernel.set(name: "tcp_retries2", to: "5")
    let question = Forecast.Question(
      kernel: kernel,
      situation: .sending(.init()),
      options: SocketOptions(),
      path: Path(),
      host: "kang",
      peer: "client",
      port: .other(8080)
    )
    let window = try #require(try kernel.predict(.sending(.init())).end?.window)
    run.forecast.predictions[2] = Verdict.Prediction(earliest: window.earliest, latest: window.latest)
    run.forecast.counts[2] = Forecast.Count(
      from: .call(peer: "client", name: "write", after: 1),
      earliest: window.earliest,
      latest: window.latest,
      questions: [question]
    )
    run.call(1001, "write", 6)
    if let rto {
      var sample = SocketSample(
        cookie: 1,
        local: "10.88.1.10:33226",
        remote: "10.88.2.20:8080",
        state: .established,
        timer: SocketTimer(kind: .retransmission, expiresInMilliseconds: 290, count: 0)
      )
      (sample.rto, sample.rtt, sample.backoff) = (rto, rtt, backoff)
      run.add(1002, host: "kang", body: .socket(sample))
    }
    return run
  }

  private static func outcome(rto: Int64?, after milliseconds: Double, backoff: Int = 0) throws -> Verdict.Outcome {
    var run = try run(rto: rto, backoff: backoff)
    run.call(1000 + milliseconds, "read", fails: "ETIMEDOUT")
    return run.judged(at: 40_000).verdicts[0].outcome
  }

  @Test func aLongerTimeoutMovesTheWindow() throws {
    // 0.296 s, doubled five times: the sum of six is 18.6 s, which the timer wheel lengthens.
    #expect(try MeasuredTimeoutTests.outcome(rto: 296_000, after: 19_700) == .held)
    #expect(try MeasuredTimeoutTests.outcome(rto: 296_000, after: 13_400) == .failed)
    #expect(try MeasuredTimeoutTests.outcome(rto: 296_000, after: 21_000) == .failed)
  }

  @Test func theUsualTimeoutLeavesItWhereItIs() throws {
    for rto in [nil, 204_000] as [Int64?] {
      #expect(try MeasuredTimeoutTests.outcome(rto: rto, after: 13_400) == .held)
      #expect(try MeasuredTimeoutTests.outcome(rto: rto, after: 19_700) == .failed)
    }
  }

  @Test(arguments: [(0, 0), (-1, 0), (.max, 0), (592_000, 1)] as [(Int64, Int)])
  func aTimeoutThatIsNoneOrBackedOffCountsForNothing(rto: Int64, backoff: Int) throws {
    #expect(try MeasuredTimeoutTests.outcome(rto: rto, after: 13_400, backoff: backoff) == .held)
  }
}
