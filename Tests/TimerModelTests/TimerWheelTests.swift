import Testing
import TimerModel

@Suite struct TimerWheelTests {
  @Test(arguments: [
    // At 250 Hz, armed on a bucket's border: 5 s become 5.120 s, 3 s 3.072 s, 120 s 120.832 s, 1 s 1.024 s, 500 ms 512 ms.
    (TickRate.hz250, 1250, 1280), (.hz250, 750, 768), (.hz250, 30000, 30208), (.hz250, 250, 256), (.hz250, 125, 128),
  ])
  func equalIntervalsHaveAFixedLengthOnceAligned(rate: TickRate, timeout: Int64, interval: Int64) {
    let wheel = TimerWheel(rate: rate)
    let start: Int64 = 1 << 24
    #expect(wheel.fire(now: start, timeout: timeout, insideCallback: true) == start + interval)
  }

  @Test(arguments: TickRate.allCases)
  func aTimerIsNeverEarlyAndLateByAtMostOneBucket(rate: TickRate) {
    let wheel = TimerWheel(rate: rate)
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<10_000 {
      let now = Int64.random(in: 0...1 << 40, using: &generator)
      let timeout = Int64.random(in: 1...(1 << Int64.random(in: 1...24)), using: &generator)
      let late = wheel.fire(now: now, timeout: timeout, insideCallback: false) - (now + timeout)
      #expect(late >= 1 && late <= wheel.granularity(ofLevel: wheel.level(of: timeout)))
    }
  }

  @Test(arguments: [
    // The first timeout of each level, in jiffies.
    (62, 0), (63, 1), (503, 1), (504, 2), (4031, 2), (4032, 3), (32255, 3), (32256, 4), (258_048, 5), (2_064_384, 6),
  ])
  func longerTimersAreKeptOnCoarserLevels(timeout: Int64, level: Int) {
    #expect(TimerWheel(rate: .hz250).level(of: timeout) == level)
  }

  @Test func aTimerBeyondTheLastLevelFiresAtItsEnd() {
    let wheel = TimerWheel(rate: .hz1000)
    let fire = wheel.fire(now: 0, timeout: .max / 4, insideCallback: false)
    #expect(fire == 63 << 24)
    #expect(TimerWheel(rate: .hz100).levels == 8)
  }

  @Test func unitsAreRoundedUpToJiffies() {
    let wheel = TimerWheel(rate: .hz300)
    #expect(wheel.jiffies(milliseconds: 200) == 60)
    #expect(wheel.jiffies(milliseconds: 201) == 61)
    #expect(wheel.jiffies(microseconds: 200_050) == 61)
    #expect(wheel.jiffies(milliseconds: Int64.max) > 0)
    #expect(wheel.jiffies(seconds: Int64.max) > 0)
    #expect(wheel.milliseconds(jiffies: 61) == 203)
  }

  @Test func otherTimerFrequenciesAreRefused() {
    let error = #expect(throws: ModelError.self) { try TickRate(validating: 7) }
    #expect(error?.description == "HZ cannot be 7: allowed is 100, 250, 300 or 1000, as CONFIG_HZ offers them")
  }
}
