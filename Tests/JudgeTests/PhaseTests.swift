import Judge
import LabScript
import Testing
import Timeline
import TimerModel

/// Predictions that are moments, since the run shows the phase of jiffies and when the timer was armed.
@Suite struct PhaseTests {
  /// Data into silence with a user timeout of 1200 ms, written at 1 s; the forecast's window is the model's own.
  static func run(jiffies: Int64? = 4_294_912_546, userTimeout: Int = 1200, kernel: Kernel = Kernel()) throws -> Run {
    var run = Run()
    var beginning = Run.beginning
    beginning.clockAtStart = 81_000_000_000
    beginning.jiffies = jiffies
    run.events[0].body = .begin(beginning)
    run.types(1000)
    run.expect("client read fails ETIMEDOUT as predicted", .readFails, .asPredicted)
    let question = Forecast.Question(
      kernel: kernel,
      situation: .sending(.init()),
      options: SocketOptions(userTimeout: userTimeout),
      path: Path(),
      host: "kang",
      peer: "client",
      port: .other(8080)
    )
    let window = try #require(
      try question.kernel.predict(.sending(.init()), options: question.options).end?.window
    )
    run.forecast.predictions[2] = Verdict.Prediction(earliest: window.earliest, latest: window.latest)
    run.forecast.counts[2] = Forecast.Count(
      from: .call(peer: "client", name: "write", after: 1),
      earliest: window.earliest,
      latest: window.latest,
      questions: [question]
    )
    run.call(1001, "write", 6)
    return run
  }

  /// The moment that the model gives for data sent at `milliseconds` of that run, after the deed at 1 s.
  static func moment(_ milliseconds: Double, jiffies: Int64 = 4_294_912_546, sent: [Double] = []) throws -> Duration {
    func monotonic(_ milliseconds: Double) -> Int64 { 81_000_000_000 + Int64(milliseconds * 1_000_000) }
    let clock = JiffyClock(jiffies: jiffies, atMonotonic: 81_000_000_000, rate: .hz250)
    let end = try Kernel().predict(
      .sending(.init()),
      options: SocketOptions(userTimeout: 1200),
      phase: .known(clock, start: monotonic(milliseconds)),
      sent: sent.map(monotonic)
    ).end
    return try #require(end).window.earliest + .nanoseconds(Int64((milliseconds - 1000) * 1_000_000))
  }

  static func data(_ run: inout Run, _ milliseconds: Double, port: Int = 33226, meaning: String? = nil) {
    var packet = PacketSample(
      direction: .out,
      source: "10.88.1.10:\(port)",
      destination: "10.88.2.20:8080",
      carried: "TCP",
      flags: "PSH ACK",
      length: 6
    )
    packet.meaning = meaning
    run.add(milliseconds, host: "kang", body: .packet(packet))
  }

  @Test func theDataAndThePhaseMakeAMoment() throws {
    var run = try PhaseTests.run()
    PhaseTests.data(&run, 1000.7)
    let moment = try PhaseTests.moment(1000.7)
    run.call(1000 + moment.inSeconds * 1000 + 4.5, "read", fails: "ETIMEDOUT")
    let verdict = run.judged(at: 5000).verdicts[0]
    #expect(verdict.outcome == .held, "\(verdict.reason)")
    #expect(verdict.predicted?.earliest == moment)
    #expect(verdict.predicted?.latest == moment)
    #expect(verdict.predicted?.errorName == "ETIMEDOUT")
    #expect(verdict.reason.contains("a moment, since the run shows the data at 1.001s and the phase of jiffies"))
    #expect(verdict.reason.contains("a tick of 4ms"))
  }

  @Test(arguments: [(-24.1, false), (-23.9, true), (23.9, true)])
  func aMomentAllowsATickAndTheObserversError(milliseconds: Double, holds: Bool) throws {
    var run = try PhaseTests.run()
    PhaseTests.data(&run, 1000.7)
    run.call(1000 + (try PhaseTests.moment(1000.7).inSeconds) * 1000 + milliseconds, "read", fails: "ETIMEDOUT")
    #expect((run.judged(at: 5000).verdicts[0].outcome == .held) == holds)
  }

  @Test func aLastTimerThatRanLateHoldsWithinTheWindowOfAnyPhase() throws {
    let window = try #require(
      try Kernel().predict(.sending(.init()), options: SocketOptions(userTimeout: 1200)).end?.window
    )
    // With this phase the moment is early in its window.
    let jiffies: Int64 = 4_294_912_550
    // The window counts from the end of the write, 1 ms after the deed.
    let latest = window.latest.inSeconds * 1000 + 1
    for (milliseconds, holds) in [(latest + 23.9, true), (latest + 24.1, false)] {
      var run = try PhaseTests.run(jiffies: jiffies)
      PhaseTests.data(&run, 1000.7)
      let moment = try PhaseTests.moment(1000.7, jiffies: jiffies).inSeconds * 1000
      // Otherwise the window would end where the moment's own tolerance does.
      try #require(latest > moment + 2)
      run.call(1000 + milliseconds, "read", fails: "ETIMEDOUT")
      let verdict = run.judged(at: 5000).verdicts[0]
      #expect((verdict.outcome == .held) == holds, "\(verdict.reason)")
      #expect(verdict.reason.contains("the processor ran the last timer late") == holds)
    }
  }

  @Test func whatNobodyLookedAtMayHaveComeEarlier() throws {
    for unseen in [Int64?.none, 150_000_000] {
      var run = try PhaseTests.run()
      run.forecast.counts[3] = run.forecast.counts[2]
      run.forecast.predictions[3] = run.forecast.predictions[2]
      run.expect(
        "kang connection is gone as predicted",
        .kangGone,
        .asPredicted,
        predicted: run.forecast.predictions[2]
      )
      PhaseTests.data(&run, 1000.7)
      run.sample(900, .established)
      var gone = SocketSample(cookie: 1, local: "10.88.1.10:33226", remote: "10.88.2.20:8080", state: .established)
      gone.unseen = unseen
      run.add(1000 + (try PhaseTests.moment(1000.7).inSeconds) * 1000 + 160, host: "kang", body: .socketGone(gone))
      let verdict = run.judged(at: 5000).verdicts[1]
      #expect((verdict.outcome == .held) == (unseen != nil), "\(verdict.reason)")
      #expect(verdict.reason.contains("nobody had looked for 150ms") == (unseen != nil))
    }
  }

  @Test func lateTimersMoveTheMoment() throws {
    // The first retransmission is seen so late that the next timer falls into another bucket.
    let onTime = try PhaseTests.moment(1000.7)
    let late = (1...90).lazy.map { 1414.0 + Double($0) }.first { seen in
      (try? PhaseTests.moment(1000.7, sent: [seen])).map { $0 > onTime + .milliseconds(30) } ?? false
    }
    let seen = try #require(late)
    let moved = try PhaseTests.moment(1000.7, sent: [seen])
    for (sees, holds) in [(true, true), (false, false)] {
      var run = try PhaseTests.run()
      PhaseTests.data(&run, 1000.7)
      if sees { PhaseTests.data(&run, seen) }
      run.call(1000 + moved.inSeconds * 1000 + 1, "read", fails: "ETIMEDOUT")
      let verdict = run.judged(at: 5000).verdicts[0]
      #expect((verdict.outcome == .held) == holds, "\(verdict.reason)")
      #expect(verdict.predicted?.earliest == onTime)
      #expect(verdict.reason.contains("ran timers late") == sees)
    }
  }

  /// With tcp_retries2=3 the fourth timer runs 80 ms before the limit of 3 s after the first retransmission, and the
  /// connection goes on to the fifth; 93 ms late, as a busy hypervisor once made it, it is the last.
  @Test(arguments: [(3433.1, true), (3433.1, false), (2500, true), (3600, true)])
  func aTimerThatRunsLateMayFindTheLimitPassed(end: Double, isTraced: Bool) throws {
    var kernel = Kernel()
    try kernel.set(name: "tcp_retries2", to: "3")
    var run = try PhaseTests.run(userTimeout: 0, kernel: kernel)
    for sent in [0, 207.7, 415.7, 839.7, 1671.7] { PhaseTests.data(&run, 1000.7 + sent) }
    if isTraced {
      let change = StateChange(
        local: "10.88.1.10:33226",
        remote: "10.88.2.20:8080",
        from: .established,
        to: .closed
      )
      run.add(1000.7 + end, host: "kang", body: .stateChange(change))
    }
    run.call(1001 + end, "read", fails: "ETIMEDOUT")
    let verdict = run.judged(at: 9000).verdicts[0]
    #expect((verdict.outcome == .held) == (end == 3433.1 && isTraced), "\(verdict.reason)")
    #expect((verdict.predicted?.earliest ?? .zero) > .milliseconds(6500))
  }

  /// Jiffies had stood still when the timer was armed.
  ///
  /// All comes a tick earlier, and what is left of the user timeout falls into an earlier bucket. The times are those of a run
  /// in which a hypervisor had taken a processor away.
  @Test(arguments: [("tail loss probe", true), ("data", false)])
  func aTimerThatWasArmedFromOldJiffiesFiresEarlier(meaning: String, holds: Bool) throws {
    var run = try PhaseTests.run(jiffies: 4_309_790_039)
    if case .begin(var beginning) = run.events[0].body {
      beginning.clockAtStart = 59_591_112_727_537 - 946_664_000
      beginning.jiffies = 4_309_789_802
      run.events[0].body = .begin(beginning)
    }
    PhaseTests.data(&run, 1000.001)
    PhaseTests.data(&run, 1201.976, meaning: meaning)
    PhaseTests.data(&run, 1409.990, meaning: "retransmission 1")
    PhaseTests.data(&run, 1850.011, meaning: "retransmission 2")
    run.call(2614.1, "read", fails: "ETIMEDOUT")
    let verdict = run.judged(at: 5000).verdicts[0]
    #expect((verdict.outcome == .held) == holds, "\(verdict.reason)")
  }

  @Test func withoutThePhaseTheWindowStands() throws {
    for hasPhase in [true, false] {
      var run = try PhaseTests.run(jiffies: hasPhase ? 4_294_912_546 : nil)
      // With the phase the only packet is another connection's.
      PhaseTests.data(&run, hasPhase ? 900 : 1000.7)
      run.call(2640, "read", fails: "ETIMEDOUT")
      let verdict = run.judged(at: 5000).verdicts[0]
      let predicted = try #require(verdict.predicted)
      #expect(predicted.earliest != predicted.latest)
      #expect(!verdict.reason.contains("a moment"))
    }
  }

  @Test func withoutAnyPacketTheProgramsOwnCallIsTheOnset() throws {
    var run = try PhaseTests.run()
    run.call(2640, "read", fails: "ETIMEDOUT")
    let verdict = run.judged(at: 5000).verdicts[0]
    #expect(verdict.reason.contains("the run shows the call's return at 1.001s"))
    #expect(verdict.predicted?.earliest == (try PhaseTests.moment(1001)))
  }

  @Test func twoConnectionsThatCouldBeMeantGiveNoMoment() throws {
    var run = try PhaseTests.run()
    PhaseTests.data(&run, 1000.7)
    PhaseTests.data(&run, 1000.8, port: 33228)
    run.call(2640, "read", fails: "ETIMEDOUT")
    #expect(!run.judged(at: 5000).verdicts[0].reason.contains("a moment"))
  }

  @Test func aHostileBeginningGivesNoMoment() throws {
    for jiffies in [Int64.min, -1, .max] {
      var run = try PhaseTests.run(jiffies: jiffies)
      PhaseTests.data(&run, 1000.7)
      run.call(2640, "read", fails: "ETIMEDOUT")
      #expect(!run.judged(at: 5000).verdicts[0].reason.contains("a moment"))
    }
  }
}

extension Duration {
  fileprivate var inSeconds: Double { Double(nanoseconds) / 1e9 }
}
