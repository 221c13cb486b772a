internal import CommandLine
internal import Sockets
internal import Timeline
internal import TimerModel

extension PredictCommand {
  struct Settings {
    var situation: Situation?
    /// The options that named a situation.
    var situationOptions: Set<String> = []
    /// How many segments the data takes, if that was said.
    var segments: Int?
    var options = SocketOptions()
    var hz: Int?
    var release: String?
    var sysctls: [(name: String, value: String)] = []
    var path = Path()
    var network: NetworkWord?
    var isDown = Failure.silent
    /// When it began, in nanoseconds of the monotonic clock.
    var began: Int64?
    var json = false
  }

  /// Where the other end is.
  enum NetworkWord { case lan, routed }

  /// What is wrong.
  enum Failure: Hashable { case silent, powerCycled, absent, icmp(ICMPError), local(LocalRefusal) }

  static let socketOptions: [Option<Settings>] = [
    .value(
      "keepalive",
      "IDLE,INTERVAL,COUNT",
      "SO_KEEPALIVE with these values, such as 10s,5s,3; 'default' for the system's"
    ) {
      (settings, text) throws(InvalidValue) in settings.options.keepalive = try keepalive(text)
    },
    .value("user-timeout", "DURATION", "TCP_USER_TIMEOUT") { (settings, text) throws(InvalidValue) in
      settings.options.userTimeout = try milliseconds(text)
    },
    .value("syn-count", "COUNT", "TCP_SYNCNT") { (settings, text) throws(InvalidValue) in
      settings.options.synCount = try wholeNumber(text, "a count", in: 1...127)
    },
    .value("linger2", "SECONDS", "TCP_LINGER2, a duration in whole seconds; -1s for an RST at once") {
      (settings, text) throws(InvalidValue) in
      settings.options.linger2 = text.hasPrefix("-") ? -1 : try seconds(text)
    },
    .value("rto-max", "DURATION", "TCP_RTO_MAX_MS") { (settings, text) throws(InvalidValue) in
      settings.options.rtoMax = try milliseconds(text)
    },
    .flag("thin", "TCP_THIN_LINEAR_TIMEOUTS") { $0.options.thinLinearTimeouts = true },
    .value("segments", "COUNT", "how many segments the data takes; 1 unless given") {
      (settings, text) throws(InvalidValue) in
      settings.segments = try wholeNumber(text, "a number of segments", in: 1...1000)
    },
  ]

  static let machineOptions: [Option<Settings>] = [
    .value("hz", "HZ", "the timer frequency: 100, 250, 300 or 1000") { (settings, text) throws(InvalidValue) in
      settings.hz = try frequency(text)
    },
    .value("kernel", "RELEASE", "the version of Linux, such as 6.1") { (settings, text) throws(InvalidValue) in
      settings.release = try release(text)
    },
    .value("sysctl", "NAME=VALUE", "a kernel setting, such as tcp_retries2=8; may be given several times") {
      (settings, text) throws(InvalidValue) in
      settings.sysctls.append(try assignment(text))
    },
    .value(
      "began",
      "NANOSECONDS",
      "when it began, by this machine's CLOCK_MONOTONIC: the answer is then a moment instead of a window (root)"
    ) { (settings, text) throws(InvalidValue) in
      settings.began = try wholeNumber(text, "a number of nanoseconds", in: 0...Int64.max / 4)
    },
  ]

  static let wayOptions: [Option<Settings>] = [
    .value("rtt", "DURATION", "the round-trip time; 50us unless given") { (settings, text) throws(InvalidValue) in
      settings.path.roundTrip = try duration(text)
    },
    .value("rto", "DURATION", "the retransmission timeout as 'ss -i' shows it, instead of one from --rtt") {
      (settings, text) throws(InvalidValue) in settings.path.rto = try duration(text)
    },
    .value("network", "KIND", "routed (a router between, the default) or lan (the own network: ARP)") {
      (settings, text) throws(InvalidValue) in
      settings.network = try choice(text, of: [("routed", .routed), ("lan", .lan)])
    },
    .value(
      "failure",
      "KIND",
      "silent (the default), power-cycled, absent (never there, own network), output-drop, queue-full, no-route, or icmp-net-unreachable and its like"
    ) {
      (settings, text) throws(InvalidValue) in settings.isDown = try choice(text, of: failures)
    },
  ]

  private static let failures: [(name: String, value: Failure)] =
    [
      ("silent", .silent), ("power-cycled", .powerCycled), ("absent", .absent), ("output-drop", .local(.netfilter)),
      ("queue-full", .local(.queue)), ("no-route", .local(.noRoute(errno: "ENETUNREACH"))),
    ] + ICMPError.allCases.map { ($0.rawValue, .icmp($0)) }

  /// Reads a timer frequency of Linux.
  static func frequency(_ text: String) throws(InvalidValue) -> Int {
    guard let hz = Int(text), TickRate(rawValue: hz) != nil else {
      throw InvalidValue("'\(text)' is no timer frequency of Linux: write 100, 250, 300 or 1000")
    }
    return hz
  }

  /// Reads a version of Linux.
  static func release(_ text: String) throws(InvalidValue) -> String {
    do throws(ModelError) { _ = try KernelVersion(release: text) } catch { throw InvalidValue(error.description) }
    return text
  }

  /// Reads NAME=VALUE, a setting that the model knows.
  static func assignment(_ text: String) throws(InvalidValue) -> (name: String, value: String) {
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      throw InvalidValue("'\(text)' is not of the form NAME=VALUE, such as tcp_retries2=8")
    }
    let names = Sysctl.allCases.map(\.rawValue)
    guard Sysctl(name: parts[0]) != nil else {
      let last = parts[0].split(whereSeparator: { $0 == "." || $0 == "/" }).last.map(String.init) ?? ""
      let question = nearest(to: last, in: names).map { "; did you mean '\($0)'" } ?? ""
      throw InvalidValue(
        "the timer model knows no setting '\(parts[0])'\(question)\(question.isEmpty ? ":" : "?") it knows "
          + names.joined(separator: ", ")
      )
    }
    return (parts[0], parts[1])
  }

  /// Reads a duration with its unit.
  static func duration(_ text: String) throws(InvalidValue) -> Duration {
    do throws(Duration.TextError) { return try Duration(text: text) } catch {
      if case .missingUnit = error { throw InvalidValue(error.message) }
      throw InvalidValue("'\(text)' is \(error.message)")
    }
  }

  /// Reads a duration of whole milliseconds, which is all that the kernel takes here.
  static func milliseconds(_ text: String) throws(InvalidValue) -> Int {
    let duration = try duration(text)
    guard duration.nanoseconds % 1_000_000 == 0 else {
      throw InvalidValue("'\(text)' is not a whole number of milliseconds, which is all that the kernel takes here")
    }
    return Int(duration.nanoseconds / 1_000_000)
  }

  /// Reads a duration of whole seconds, which is all that the kernel takes here.
  static func seconds(_ text: String) throws(InvalidValue) -> Int {
    let duration = try duration(text)
    guard duration.nanoseconds % 1_000_000_000 == 0 else {
      throw InvalidValue("'\(text)' is not a whole number of seconds, which is all that the kernel takes here")
    }
    return Int(duration.nanoseconds / 1_000_000_000)
  }

  private static func keepalive(_ text: String) throws(InvalidValue) -> SocketOptions.Keepalive {
    if text == "default" { return .init() }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3 else {
      throw InvalidValue("'\(text)' is not of the form IDLE,INTERVAL,COUNT, such as 10s,5s,3")
    }
    let keepalive = SocketOptions.Keepalive(
      idle: try seconds(parts[0]),
      interval: try seconds(parts[1]),
      count: try wholeNumber(parts[2], "a count of probes", in: 1...127)
    )
    do throws(ModelError) { try SocketOptions(keepalive: keepalive).validate(for: Kernel()) } catch {
      throw InvalidValue(error.description)
    }
    return keepalive
  }
}

extension ThisMachine {
  /// This machine's kernel and settings, or the ones given instead.
  static func kernel(hz: Int?, release: String?, sysctls: [(name: String, value: String)]) throws(ModelError) -> Kernel
  {
    let version = try KernelVersion(release: release ?? ThisMachine.release)
    var kernel = Kernel(version: version, rate: try TickRate(validating: hz ?? Int(Clock.hz)))
    for sysctl in Sysctl.allCases {
      guard let text = setting(sysctl.path), let value = Int(text), value != sysctl.defaultValue else { continue }
      // What the other version lacks, or means nothing to the model, stays at its default.
      try? kernel.set(sysctl, to: value)
    }
    for (name, value) in sysctls { try kernel.set(name: name, to: value) }
    return kernel
  }

  /// How jiffies and the monotonic clock correspond; `nil` if only root may know.
  static var jiffyClock: JiffyClock? {
    guard let rate = TickRate(rawValue: Int(Clock.hz)) else { return nil }
    return Jiffies.count(atMonotonic: 0).map { JiffyClock(jiffies: $0, atMonotonic: 0, rate: rate) }
  }

  private static func setting(_ path: String) -> String? {
    guard let text = try? FileIO.contents(of: "/proc/sys/" + path) else { return nil }
    return String(decoding: text.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
  }
}
