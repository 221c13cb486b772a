/// The kernel's count of its timer ticks, which decides when a bucket of the timer wheel is full.
public enum Jiffies {
  /// What the kernel's count was at the monotonic moment `nanoseconds`; `nil` where only root may know.
  ///
  /// It is read from `/proc/timer_list`. Ticks stand at multiples of their length of the monotonic clock
  /// (`kernel/time/tick-sched.c`), and neither clock is ever set, so one reading is good for every moment.
  public static func count(atMonotonic nanoseconds: Int64) -> Int64? {
    let tick = Clock.tick
    guard tick > 0 else { return nil }
    // A tick between the file's two lines would put it off by one: what two readings agree on is right.
    var last: Int64?
    for _ in 0..<5 {
      guard let text = try? FileIO.contents(of: "/proc/timer_list"),
        let (now, jiffies) = reading(of: text)
      else { return nil }
      let atZero = jiffies - now / tick
      if atZero == last { break }
      last = atZero
    }
    return last.map { $0 + nanoseconds / tick }
  }

  /// The monotonic clock and the jiffies that a timer list shows in its lines `now at … nsecs` and `jiffies: …`.
  static func reading(of timerList: [UInt8]) -> (monotonic: Int64, jiffies: Int64)? {
    var now: Int64?
    var jiffies: Int64?
    var rest = timerList[...]
    while !rest.isEmpty {
      let line = rest.prefix { $0 != UInt8(ascii: "\n") }
      rest = rest[line.endIndex...].dropFirst()
      if now == nil { now = number(in: line, behind: "now at ") }
      if jiffies == nil { jiffies = number(in: line, behind: "jiffies: ") }
      if let now, let jiffies { return (now, jiffies) }
    }
    return nil
  }

  private static func number(in line: ArraySlice<UInt8>, behind words: String) -> Int64? {
    guard line.first == words.utf8.first, line.starts(with: words.utf8) else { return nil }
    let digits = line.dropFirst(words.utf8.count).prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    return Int64(String(decoding: digits, as: UTF8.self))
  }
}
