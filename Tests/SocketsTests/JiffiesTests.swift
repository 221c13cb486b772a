import Glibc
import Testing

@testable import Sockets

@Suite struct JiffiesTests {
  @Test func aTimerListHasBothClocks() throws {
    let text = """
      Timer List Version: v0.10
      HRTIMER_MAX_CLOCK_BASES: 8
      now at 1476552820990 nsecs

      cpu: 0
        .last_jiffies   : 4295261371
      jiffies: 4295261372
      """
    let reading = try #require(Jiffies.reading(of: text))
    #expect(reading == (1_476_552_820_990, 4_295_261_372))
    #expect(Jiffies.reading(of: "nothing of the kind") == nil)
    #expect(Jiffies.reading(of: "now at 12 nsecs\n") == nil)
    #expect(Jiffies.reading(of: "now at 99999999999999999999 nsecs\njiffies: 1\n") == nil)
  }

  @Test(.enabled(if: geteuid() == 0, "only root may read /proc/timer_list"))
  func theCountGoesOnWithTheMonotonicClock() throws {
    let first = try #require(Jiffies.count(atMonotonic: 0))
    let later = try #require(Jiffies.count(atMonotonic: 1_000_000_000))
    #expect(later - first == 1_000_000_000 / Clock.tick)
  }
}
