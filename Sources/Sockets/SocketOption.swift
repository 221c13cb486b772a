internal import CLinux
internal import Glibc

/// An option of a socket whose value is a `Value` here and one or two C integers in the kernel.
///
/// The known ones are in the table below, each with its C name. See socket(7), tcp(7).
public struct SocketOption<Value: Sendable>: Sendable {
  /// The C name, such as `TCP_KEEPIDLE`.
  public let name: String
  let level: CInt
  let number: CInt
  /// How many C integers the kernel's value is.
  let width: Int
  let encode: @Sendable (Value) throws(OptionValueError) -> [CInt]
  let decode: @Sendable ([CInt]) -> Value

  /// Whether the kernel can take `value` as it is; nothing is ever rounded.
  public func check(_ value: Value) throws(OptionValueError) {
    _ = try encode(value)
  }
}

/// Why the kernel cannot take a value as it is.
public enum OptionValueError: Error, Hashable, Sendable {
  /// What a value counts.
  public enum Unit: String, Hashable, Sendable {
    /// The option takes seconds.
    case seconds
    /// The option takes milliseconds.
    case milliseconds
    /// The option takes a number of segments, probes or connections.
    case times
    /// The option takes bytes.
    case bytes
  }

  /// The duration is no whole number of this unit.
  case notWhole(Unit)
  /// The value is not between these, both included.
  case outOfRange(ClosedRange<Int>, Unit)
}

extension SocketOption where Value == Bool {
  fileprivate static func flag(_ name: String, _ level: CInt, _ number: CInt) -> Self {
    Self(
      name: name,
      level: level,
      number: number,
      width: 1,
      encode: { (value) throws(OptionValueError) in [value ? 1 : 0] },
      decode: { $0[0] != 0 }
    )
  }
}

extension SocketOption where Value == Int {
  fileprivate static func count(
    _ name: String,
    _ level: CInt,
    _ number: CInt,
    _ range: ClosedRange<Int>,
    _ unit: OptionValueError.Unit
  ) -> Self {
    Self(
      name: name,
      level: level,
      number: number,
      width: 1,
      encode: { (value) throws(OptionValueError) in
        guard range.contains(value) else { throw .outOfRange(range, unit) }
        return [CInt(value)]
      },
      decode: { Int($0[0]) }
    )
  }
}

extension SocketOption where Value == Duration {
  fileprivate static func time(
    _ name: String,
    _ level: CInt,
    _ number: CInt,
    _ range: ClosedRange<Int>,
    _ unit: OptionValueError.Unit
  ) -> Self {
    Self(
      name: name,
      level: level,
      number: number,
      width: 1,
      encode: { (value) throws(OptionValueError) in [try whole(value, unit, range)] },
      decode: { unit == .seconds ? .seconds(Int($0[0])) : .milliseconds(Int($0[0])) }
    )
  }
}

/// `value` in whole `unit`s, of which there must be a number in `range`.
private func whole(
  _ value: Duration,
  _ unit: OptionValueError.Unit,
  _ range: ClosedRange<Int>
) throws(OptionValueError) -> CInt {
  let perUnit: Int64 = unit == .seconds ? 1_000_000_000_000_000_000 : 1_000_000_000_000_000
  let (seconds, attoseconds) = value.components
  guard attoseconds % perUnit == 0 else { throw .notWhole(unit) }
  let perSecond: Int64 = unit == .seconds ? 1 : 1000
  let (product, overflow) = seconds.multipliedReportingOverflow(by: perSecond)
  let total = overflow ? Int.max : Int(product + attoseconds / perUnit)
  guard range.contains(total) else { throw .outOfRange(range, unit) }
  return CInt(total)
}

// The table. The ranges are those of do_tcp_setsockopt (net/ipv4/tcp.c) and sk_setsockopt (net/core/sock.c).

extension SocketOption where Value == Bool {
  /// Probes an idle connection after ``keepAliveIdle``. `SO_KEEPALIVE`
  public static var keepAlive: Self { flag("SO_KEEPALIVE", SOL_SOCKET, SO_KEEPALIVE) }
  /// Lets a listener take a port on which old connections are still in TIME_WAIT. `SO_REUSEADDR`
  public static var reuseAddress: Self { flag("SO_REUSEADDR", SOL_SOCKET, SO_REUSEADDR) }
  /// Sends small segments at once, without Nagle's algorithm (RFC 896). `TCP_NODELAY`
  public static var noDelay: Self { flag("TCP_NODELAY", CInt(IPPROTO_TCP), TCP_NODELAY) }
  /// Keeps an IPv6 listener from taking IPv4 connections. `IPV6_V6ONLY`
  public static var onlyIPv6: Self { flag("IPV6_V6ONLY", CInt(IPPROTO_IPV6), IPV6_V6ONLY) }
}

extension SocketOption where Value == Duration {
  /// How long a connection must be idle before it is probed: 1 s to 32767 s. `TCP_KEEPIDLE`
  public static var keepAliveIdle: Self { time("TCP_KEEPIDLE", CInt(IPPROTO_TCP), TCP_KEEPIDLE, 1...32767, .seconds) }
  /// The time between unanswered probes: 1 s to 32767 s. `TCP_KEEPINTVL`
  public static var keepAliveInterval: Self {
    time("TCP_KEEPINTVL", CInt(IPPROTO_TCP), TCP_KEEPINTVL, 1...32767, .seconds)
  }
  /// How long sent data may stay unacknowledged, 1 ms to 24 days; 0 for the system's own limits. `TCP_USER_TIMEOUT`
  public static var userTimeout: Self {
    time("TCP_USER_TIMEOUT", CInt(IPPROTO_TCP), TCP_USER_TIMEOUT, 0...Int(CInt.max), .milliseconds)
  }
  /// How long a listener waits for data before it hands the connection over. `TCP_DEFER_ACCEPT`
  ///
  /// The kernel turns it into a number of SYN-ACKs and gives back the time that these take: 10 s become 15 s.
  public static var deferAccept: Self {
    time("TCP_DEFER_ACCEPT", CInt(IPPROTO_TCP), TCP_DEFER_ACCEPT, 1...29767, .seconds)
  }
}

extension SocketOption where Value == Int {
  /// How many probes may stay unanswered: 1 to 127. `TCP_KEEPCNT`
  public static var keepAliveCount: Self { count("TCP_KEEPCNT", CInt(IPPROTO_TCP), TCP_KEEPCNT, 1...127, .times) }
  /// How often a SYN, or a listener's SYN-ACK, is sent again: 1 to 127. `TCP_SYNCNT`
  public static var synRetries: Self { count("TCP_SYNCNT", CInt(IPPROTO_TCP), TCP_SYNCNT, 1...127, .times) }
  /// The send buffer in bytes: the kernel doubles what is asked, within `net.core.wmem_max`. `SO_SNDBUF`
  public static var sendBuffer: Self { count("SO_SNDBUF", SOL_SOCKET, SO_SNDBUF, 1...Int(CInt.max / 2), .bytes) }
  /// The receive buffer in bytes: the kernel doubles what is asked, within `net.core.rmem_max`. `SO_RCVBUF`
  public static var receiveBuffer: Self { count("SO_RCVBUF", SOL_SOCKET, SO_RCVBUF, 1...Int(CInt.max / 2), .bytes) }
}

extension SocketOption where Value == Duration? {
  /// How long close waits for unsent data; 0 sends an RST at once, `nil` leaves it to the kernel. `SO_LINGER`
  public static var linger: Self {
    Self(
      name: "SO_LINGER",
      level: SOL_SOCKET,
      number: SO_LINGER,
      width: 2,
      encode: { (value) throws(OptionValueError) in
        guard let value else { return [0, 0] }
        return [1, try whole(value, .seconds, 0...Int(CInt.max))]
      },
      decode: { $0[0] == 0 ? nil : .seconds(Int($0[1])) }
    )
  }
}
