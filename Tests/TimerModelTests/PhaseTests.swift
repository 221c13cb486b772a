import Testing
import Timeline
import TimerModel

@Suite struct PhaseTests {
  @Test func aKnownPhaseGivesAMomentWithinTheWindow() throws {
    let kernel = Kernel()
    let situations: [(Situation, SocketOptions)] = [
      (.sending(.init()), SocketOptions()), (.sending(.init()), SocketOptions(userTimeout: 1200)),
      (.idle(.init()), IdleTests.options(10, 5, 3)), (.connecting, SocketOptions(userTimeout: 5000)),
      (.connecting, SocketOptions()), (.closing(.timeWait), SocketOptions()), (.zeroWindow(.init()), SocketOptions()),
    ]
    for (situation, options) in situations {
      let window = try #require(try kernel.predict(situation, options: options).end?.window)
      for step in 0..<40 {
        let clock = JiffyClock(jiffies: 4_295_261_372, atMonotonic: 1_476_552_820_990, rate: .hz250)
        let phase = Phase.known(clock, start: 1_500_000_000_000 + Int64(step) * 73_123_457)
        let moment = try #require(try kernel.predict(situation, options: options, phase: phase).end?.window)
        #expect(moment.width == .zero)
        #expect(window.contains(moment.earliest), "\(moment.text) is outside \(window.text)")
      }
    }
  }

  @Test func theMomentIsThatOfTheTimerWheel() throws {
    // Armed at jiffy 1000 for 2500: the bucket of 64 that holds 3500 ends at 3520.
    let clock = JiffyClock(jiffies: 1000, atMonotonic: 8_000_000_000, rate: .hz250)
    let prediction = try Kernel().predict(
      .idle(.init()),
      options: IdleTests.options(10, 5, 3),
      phase: .known(clock, start: 8_001_000_000)
    )
    let probe = try #require(prediction.probeMoments.first)
    #expect(probe == Window(.milliseconds(2520 * 4 - 1)))
  }

  @Test func aClockTellsTheJiffyOfEveryMoment() {
    let clock = JiffyClock(jiffies: 4_295_261_372, atMonotonic: 1_476_552_820_990, rate: .hz250)
    #expect(clock.jiffies(atMonotonic: 1_476_552_820_990) == 4_295_261_372)
    #expect(clock.jiffies(atMonotonic: 1_476_556_820_990) == 4_295_261_373)
  }

  @Test func aPhaseOfAnotherFrequencyIsRefused() {
    let clock = JiffyClock(jiffies: 0, atMonotonic: 0, rate: .hz1000)
    #expect(throws: ModelError.self) { try Kernel().predict(.connecting, phase: .known(clock, start: 0)) }
  }
}
