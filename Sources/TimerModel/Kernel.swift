/// A version of Linux, as far as its TCP timers differ: `6.18`.
public struct KernelVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The first number.
  public var major: Int
  /// The second number.
  public var minor: Int

  /// The version `major.minor`.
  public init(_ major: Int, _ minor: Int) {
    self.major = major
    self.minor = minor
  }

  /// The version in a release as `uname -r` prints it: `6.18.44-cloud-amd64`.
  ///
  /// The model was read from 6.1 to 7.3; before 5.11 a full window was kept alive whatever the user timeout, and
  /// before 5.4 other rules differ, so that is the oldest version it answers for.
  public init(release: String) throws(ModelError) {
    let parts = release.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
    let minor = parts.count > 1 ? parts[1].prefix { $0.isASCII && $0.isNumber } : ""
    guard let first = parts.first, let major = Int(first), let minor = Int(minor), major < 1000, minor < 1000 else {
      throw ModelError(subject: "kernel version", value: "'\(release)'", allowed: "a release such as 6.1 or 6.18.44")
    }
    self.init(major, minor)
    guard self >= KernelVersion(5, 4) else {
      throw ModelError(
        subject: "kernel version",
        value: "\(self)",
        allowed: "5.4 or later; the rules were read in 6.1 to 7.3"
      )
    }
  }

  /// The version as it is written: `6.18`.
  public var description: String { "\(major).\(minor)" }

  /// Whether the left version is the older one.
  public static func < (left: KernelVersion, right: KernelVersion) -> Bool {
    (left.major, left.minor) < (right.major, right.minor)
  }

  /// Whether the first SYNs are retransmitted without backing off (`tcp_syn_linear_timeouts`, 6.5).
  var hasLinearSYNs: Bool { self >= KernelVersion(6, 5) }
  /// Whether the largest RTO can be set (`tcp_rto_max_ms`, `TCP_RTO_MAX_MS`, 6.15).
  var hasRTOMax: Bool { self >= KernelVersion(6, 15) }
  /// Whether the SYN-ACK's timer heeds the largest RTO too (7.0).
  var capsSYNACKAtRTOMax: Bool { self >= KernelVersion(7, 0) }
  /// Whether a user timeout ends a connection whose peer answers zero-window probes (5.11).
  var userTimeoutEndsZeroWindow: Bool { self >= KernelVersion(5, 11) }
}

/// What the model needs to know of a machine: its Linux, its timer frequency and its settings.
public struct Kernel: Hashable, Sendable {
  /// The version.
  public var version: KernelVersion
  /// The timer frequency.
  public var rate: TickRate
  /// The settings that differ from the kernel's own defaults.
  public private(set) var settings: [Sysctl: Int] = [:]

  /// A kernel with default settings.
  public init(version: KernelVersion = KernelVersion(6, 18), rate: TickRate = .hz250) {
    self.version = version
    self.rate = rate
  }

  /// The value of a setting.
  public subscript(_ sysctl: Sysctl) -> Int {
    settings[sysctl] ?? sysctl.defaultValue
  }

  /// Changes a setting; refuses what the kernel refuses, and a setting that this version lacks.
  public mutating func set(_ sysctl: Sysctl, to value: Int) throws(ModelError) {
    if let since = sysctl.since, version < since {
      throw ModelError(
        subject: sysctl.rawValue,
        value: "set on Linux \(version)",
        allowed: "Linux \(since) or later, where it came"
      )
    }
    try ModelError.check(value, in: sysctl.range, subject: sysctl.rawValue, unit: sysctl.unit)
    settings[sysctl] = value
  }

  /// Changes the setting called `name`, with or without its directory: `tcp_retries2`, `net.ipv4.tcp_retries2`.
  public mutating func set(name: String, to text: String) throws(ModelError) {
    guard let sysctl = Sysctl(name: name) else {
      let known = Sysctl.allCases.map(\.rawValue).joined(separator: ", ")
      throw ModelError(subject: "a setting of the model", value: "'\(name)'", allowed: "one of \(known)")
    }
    guard let value = Int(text) else {
      throw ModelError(
        subject: sysctl.rawValue,
        value: "'\(text)'",
        allowed: "a number from \(sysctl.range.lowerBound) to \(sysctl.range.upperBound)"
      )
    }
    try set(sysctl, to: value)
  }

  /// The wheel that the timers run on.
  public var wheel: TimerWheel { TimerWheel(rate: rate) }
}
