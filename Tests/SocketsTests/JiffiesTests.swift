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
    let reading = try #require(Jiffies.reading(of: Array(text.utf8)))
    #expect(reading == (1_476_552_820_990, 4_295_261_372))
    #expect(Jiffies.reading(of: Array("nothing of the kind".utf8)) == nil)
    #expect(Jiffies.reading(of: Array("now at 12 nsecs\n".utf8)) == nil)
    #expect(Jiffies.reading(of: Array("now at 99999999999999999999 nsecs\njiffies: 1\n".utf8)) == nil)
  }

  @Test(.enabled(if: geteuid() == 0, "only root may read /proc/timer_list"))
  func theCountGoesOnWithTheMonotonicClock() throws {
    let first = try #require(Jiffies.count(atMonotonic: 0))
    let later = try #require(Jiffies.count(atMonotonic: 1_000_000_000))
    #expect(later - first == 1_000_000_000 / Clock.tick)
  }
}
