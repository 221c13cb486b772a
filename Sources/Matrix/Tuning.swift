internal import Timeline
public import TimerModel

/// A column of the matrix: what a program sets on its socket, and the machine's administrator on its kernel.
public struct Tuning: Hashable, Sendable {
  /// What the column is called: small letters, digits, `-`, `_` and `.`, at most 24 of them.
  public var name: String
  /// The socket's options: keepalive, user timeout and SYN count are used.
  public var options: SocketOptions
  /// The kernel's settings that differ from Linux's defaults.
  public var sysctls: [KernelValue]
  /// What the source of the settings says that no kernel knows of, each in a sentence.
  public var remarks: [String]

  /// The value of a kernel setting.
  public struct KernelValue: Hashable, Sendable {
    /// The setting.
    public var sysctl: Sysctl
    /// Its value.
    public var value: Int

    /// A value of a setting.
    public init(_ sysctl: Sysctl, _ value: Int) {
      self.sysctl = sysctl
      self.value = value
    }
  }

  /// A column; by default one where nothing is set.
  public init(
    _ name: String,
    options: SocketOptions = SocketOptions(),
    sysctls: [KernelValue] = [],
    remarks: [String] = []
  ) {
    self.name = name
    self.options = options
    self.sysctls = sysctls
    self.remarks = remarks
  }

  /// The four that every matrix has unless told otherwise: Linux's defaults, keepalive alone, a user timeout alone, both.
  ///
  /// The values are those that the authors of *The Vanishing Thread* chose for their database connections.
  public static let standard = [
    Tuning("defaults"),
    Tuning("keepalive", options: SocketOptions(keepalive: chosen)),
    Tuning("user-timeout", options: SocketOptions(userTimeout: 9000)),
    Tuning("both", options: SocketOptions(keepalive: chosen, userTimeout: 9000)),
  ]

  private static let chosen = SocketOptions.Keepalive(idle: 2, interval: 3, count: 3)

  /// How long to watch, in virtual time, a program that should be told nothing: longer than Linux retransmits by default,
  /// or where keepalive sees to it that something happens sooner, 60 of its probes and twice as long as it takes to give up.
  ///
  /// Idle time costs a guest nothing, but each probe does: an hour of them every two seconds takes longer than all other
  /// cells together.
  public var virtualWatch: Duration {
    let most = 1200
    guard let keepalive else { return .seconds(most) }
    let end = keepalive.idle + keepalive.interval * keepalive.count
    return .seconds(min(most, max(120, 60 * keepalive.idle, 2 * end)))
  }

  /// What is set, in words: `keepalive 2s,3s,3, user timeout 9s, tcp_retries2 8`; `nothing set`.
  public var words: String { parts.isEmpty ? "nothing set" : parts.joined(separator: ", ") }

  /// What is set, one thing each.
  var parts: [String] {
    var parts: [String] = []
    if let keepalive { parts.append("keepalive \(keepalive.idle)s,\(keepalive.interval)s,\(keepalive.count)") }
    if options.userTimeout > 0 { parts.append("user timeout \(userTimeout.text)") }
    if let count = options.synCount { parts.append("SYN count \(count)") }
    return parts + sysctls.map { "\($0.sysctl.rawValue) \($0.value)" }
  }

  /// Keepalive's values, with the kernel's own where the program sets none.
  private var keepalive: (idle: Int, interval: Int, count: Int)? {
    guard let keepalive = options.keepalive else { return nil }
    func own(_ sysctl: Sysctl) -> Int { sysctls.last { $0.sysctl == sysctl }?.value ?? sysctl.defaultValue }
    return (
      keepalive.idle ?? own(.keepaliveTime), keepalive.interval ?? own(.keepaliveInterval),
      keepalive.count ?? own(.keepaliveProbes)
    )
  }

  private var userTimeout: Duration { .milliseconds(options.userTimeout) }

  /// The words that make dnc set this: `--keepalive 2s,3s,3 --user-timeout 9s`.
  var dncOptions: [String] {
    var words: [String] = []
    if let keepalive { words += ["--keepalive", "\(keepalive.idle)s,\(keepalive.interval)s,\(keepalive.count)"] }
    if options.userTimeout > 0 { words += ["--user-timeout", "\(options.userTimeout)ms"] }
    if let count = options.synCount { words += ["--syn-retries", "\(count)"] }
    return words
  }

  /// Refuses what no kernel takes.
  func validated() throws(Mistake) -> Tuning {
    do throws(ModelError) {
      var kernel = Kernel(version: KernelVersion(7, 0))
      for setting in sysctls { try kernel.set(setting.sysctl, to: setting.value) }
      try options.validate(for: kernel)
    } catch {
      throw Mistake(error.description)
    }
    // The model follows every timer of such a time: days of them, three seconds apart, take it minutes.
    guard userTimeout <= .seconds(3600) else {
      throw Mistake("user-timeout cannot be \(userTimeout.text) in a matrix: allowed is 1ms to 1h")
    }
    if let keepalive {
      // A socket option takes less than the kernel's own setting does.
      for (value, name) in [(keepalive.idle, "keepalive's idle time"), (keepalive.interval, "keepalive's interval")]
      where !(1...32767).contains(value) {
        throw Mistake("\(name) cannot be \(value) s: allowed is 1 to 32767 s")
      }
      guard (1...127).contains(keepalive.count) else {
        throw Mistake("keepalive's count cannot be \(keepalive.count): allowed is 1 to 127")
      }
    }
    return self
  }
}
