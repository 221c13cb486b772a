import Judge
import LabScript
import Testing
import Timeline
import TimerModel

/// Predictions where the run measured another retransmission timeout than the usual one, as a slow machine does.
@Suite struct MeasuredTimeoutTests {
  /// What the model is asked about the client's connection, with so many for tcp_retries2.
  private static func question(_ situation: Situation, retries2: String) throws -> Forecast.Question {
    var kernel = Kernel()
    try kernel.set(name: "tcp_retries2", to: retries2)
    return Forecast.Question(
      kernel: kernel,
      situation: situation,
      options: SocketOptions(),
      path: Path(),
      host: "kang",
      peer: "client",
      port: .other(8080)
    )
  }

  /// A sample of the client's connection with this timer armed, and its timeout and round trip in microseconds.
  private static func sample(
    _ run: inout Run,
    _ milliseconds: Double,
    _ timer: SocketTimer.Kind,
    rto: Int64,
    rtt: Int64,
    backoff: Int
  ) {
    var sample = SocketSample(
      cookie: 1,
      local: "10.88.1.10:33226",
      remote: "10.88.2.20:8080",
      state: .established,
      timer: SocketTimer(kind: timer, expiresInMilliseconds: 290, count: 0)
    )
    (sample.rto, sample.rtt, sample.backoff) = (rto, rtt, backoff)
    run.add(milliseconds, host: "kang", body: .socket(sample))
  }

  /// Data into silence with tcp_retries2=5, written at 1 s; a sample shows this timeout (microseconds) of that.
  private static func run(rto: Int64?, rtt: Int64 = 94_455, backoff: Int = 0) throws -> Run {
    var run = Run()
    run.types(1000)
    run.expect("client read fails ETIMEDOUT as predicted", .readFails, .asPredicted)
    let question = try question(.sending(.init()), retries2: "5")
    let window = try #require(question.predict()?.end?.window)
    run.forecast.predictions[2] = Verdict.Prediction(earliest: window.earliest, latest: window.latest)
    run.forecast.counts[2] = Forecast.Count(
      from: .call(peer: "client", name: "write", after: 1),
      earliest: window.earliest,
      latest: window.latest,
      questions: [question]
    )
    run.call(1001, "write", 6)
    if let rto { sample(&run, 1002, .retransmission, rto: rto, rtt: rtt, backoff: backoff) }
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

  /// A full window from 1 s on, whose other end dies at 3 s, with tcp_retries2=4; a persist sample shows this timeout.
  private static func fullWindow(rto: Int64?, after milliseconds: Double) throws -> Verdict {
    var run = Run()
    run.types(1000)
    run.call(1001, "write", 20_000)
    if let rto { sample(&run, 1900, .persist, rto: rto, rtt: 20_942, backoff: 2) }
    run.powerOff(3000)
    run.expect("client read fails ETIMEDOUT as predicted", .readFails, .asPredicted)
    let question = try question(.zeroWindow(.init(answered: true)), retries2: "4")
    let window = Forecast.FullWindow(question: question, brokenAfter: .seconds(2), slack: .milliseconds(300))
    let usual = try Forecast.FullWindow.usualTimeouts.flatMap { try #require(window.courses(timeout: $0)) }
    let all = try #require(usual.endWindow)
    run.forecast.predictions[3] = Verdict.Prediction(earliest: all.earliest, latest: all.latest)
    run.forecast.counts[3] = Forecast.Count(
      from: .call(peer: "client", name: "write", after: 1),
      earliest: all.earliest,
      latest: all.latest
    )
    run.forecast.counts[3]?.fullWindow = window
    run.call(1000 + milliseconds, "read", fails: "ETIMEDOUT")
    return run.judged(at: 40_000).verdicts[0]
  }

  @Test func aLongerTimeoutMovesTheEndOfAFullWindow() throws {
    // Seven probes and four intervals of sixteen timeouts each.
    #expect(try MeasuredTimeoutTests.fullWindow(rto: 224_000, after: 18_790).outcome == .held)
    #expect(try MeasuredTimeoutTests.fullWindow(rto: 224_000, after: 17_000).outcome == .failed)
    #expect(try MeasuredTimeoutTests.fullWindow(rto: nil, after: 18_790).outcome == .failed)
    #expect(try MeasuredTimeoutTests.fullWindow(rto: 204_000, after: 17_000).outcome == .held)
  }
}
