internal import Sockets
internal import TimerModel

/// What the timer model needs to know of the machine that this program runs on.
enum ThisMachine {
  /// The kernel's release, as `uname -r` prints it.
  static var release: String {
    let text = (try? FileIO.contents(of: "/proc/sys/kernel/osrelease")) ?? []
    return String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }

  /// The running kernel with its own defaults; `nil` if the model does not know such a one.
  static var kernel: Kernel? {
    guard let version = try? KernelVersion(release: release), let rate = TickRate(rawValue: Int(Clock.hz)) else {
      return nil
    }
    return Kernel(version: version, rate: rate)
  }
}
