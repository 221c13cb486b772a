internal import Glibc

/// What a hypervisor takes away from this machine's processors: the time for which they were ready to run and were not let.
///
/// Whoever shares a machine has a share of it, and is made to wait where that is used up, for a tenth of a second at a time:
/// a kernel's timers are late by that, too. See proc(5), `/proc/stat`, the number `steal` of each processor; the kernel tells
/// it in hundredths of a second.
public final class StolenTime {
  private let file: SharedDescriptor
  private var last: [Int64]

  /// Begins to count; `nil` where the kernel does not tell.
  public init?() {
    guard let file = try? FileIO.open("/proc/stat") else { return nil }
    self.file = SharedDescriptor(file)
    last = StolenTime.read(self.file)
    if last.isEmpty { return nil }
  }

  /// The most that was taken from one processor since the last call, in nanoseconds.
  public func sinceLastCall() -> Int64 {
    let now = StolenTime.read(file)
    defer { last = now }
    // Processors come and go.
    guard now.count == last.count else { return 0 }
    return zip(now, last).map { $0 - $1 }.max() ?? 0
  }

  private static func read(_ file: SharedDescriptor) -> [Int64] {
    let ticks = Int64(sysconf(CInt(_SC_CLK_TCK)))
    guard ticks > 0 else { return [] }
    let text = String(decoding: FileIO.bytes(file.rawValue, at: 0, count: 1 << 16), as: UTF8.self)
    return counts(in: text).map { $0 * (1_000_000_000 / ticks) }
  }

  /// What was stolen from each processor, in the kernel's unit.
  static func counts(in text: String) -> [Int64] {
    text.split(separator: "\n").prefix { $0.hasPrefix("cpu") }.dropFirst().map { line in
      let numbers = line.split(separator: " ").dropFirst()
      return numbers.count > 7 ? Int64(numbers[numbers.startIndex + 7]) ?? 0 : 0
    }
  }
}
