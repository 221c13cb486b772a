internal import CLinux
internal import Sockets
public import Timeline

/// The answer of sock_diag for one TCP socket: `struct inet_diag_msg` and its attributes, see sock_diag(7).
public struct DiagnosticsMessage: Sendable {
  /// The size of `struct inet_diag_msg`.
  static let size = 72

  /// What it says of the socket.
  public var sample: SocketSample
  /// `struct inet_diag_sockid` as it came, to name the socket in a request.
  var identity: [UInt8]
  /// `AF_INET` or `AF_INET6`.
  var family: UInt8

  /// Decodes the payload of a message; `nil` if it is too short or of no known state.
  public init?(_ payload: ByteReader) {
    guard let family = payload.byte(at: 0), let state = payload.byte(at: 1).flatMap(TCPState.init(rawValue:)),
      let timer = payload.byte(at: 2), let retransmissions = payload.byte(at: 3),
      let identity = payload.part(at: 4, length: 48), let expires = payload.uint32(at: 52),
      let receiveQueue = payload.uint32(at: 56), let sendQueue = payload.uint32(at: 60),
      payload.count >= DiagnosticsMessage.size
    else { return nil }
    self.family = family
    self.identity = identity.array
    let cookie = UInt64(identity.uint32(at: 40) ?? 0) | UInt64(identity.uint32(at: 44) ?? 0) << 32
    sample = SocketSample(
      cookie: Int64(bitPattern: cookie),
      local: DiagnosticsMessage.address(identity, family: family, port: 0, at: 4),
      remote: DiagnosticsMessage.address(identity, family: family, port: 2, at: 20),
      state: state,
      receiveQueue: Int64(receiveQueue),
      sendQueue: Int64(sendQueue)
    )
    if let kind = SocketTimer.Kind(number: timer) {
      sample.timer = SocketTimer(
        kind: kind,
        expiresInMilliseconds: Int64(expires),
        count: Int(retransmissions)
      )
    }
    let attributes = NetlinkMessage.attributes(in: payload, from: DiagnosticsMessage.size)
    if let info = attributes[UInt16(INET_DIAG_INFO)] { sample.take(TCPInfo(bytes: info.array)) }
  }

  private static func address(_ identity: ByteReader, family: UInt8, port: Int, at offset: Int) -> String {
    let port = identity.networkUInt16(at: port) ?? 0
    if family == 2 {
      let octets = (0..<4).map { String(identity.byte(at: offset + $0) ?? 0) }
      return octets.joined(separator: ".") + ":\(port)"
    }
    let groups = (0..<8).map { identity.networkUInt16(at: offset + 2 * $0) ?? 0 }
    return "[\(IPv6Text.text(of: groups))]:\(port)"
  }
}

extension SocketTimer.Kind {
  /// The kind by `idiag_timer`, see `inet_diag_msg_sock_fill` in net/ipv4/inet_diag.c; `nil` for no timer.
  fileprivate init?(number: UInt8) {
    switch number {
    case 1: self = .retransmission
    case 2: self = .keepalive
    case 3: self = .timeWait
    case 4: self = .persist
    case 5: self = .delayedAck
    default: return nil
    }
  }
}

extension SocketSample {
  /// Takes what a sample holds of the kernel's `struct tcp_info`.
  fileprivate mutating func take(_ info: TCPInfo) {
    retransmits = info.retransmits.map { Int($0) }
    probes = info.probes.map { Int($0) }
    backoff = info.backoff.map { Int($0) }
    rto = info.retransmissionTimeout.map { Int64($0) }
    rtt = info.roundTripTime.map { Int64($0) }
    totalRetransmissions = info.totalRetransmissions.map { Int($0) }
  }
}

/// IPv6 addresses as RFC 5952 writes them.
enum IPv6Text {
  /// The address of eight groups, the longest run of zeros shortened.
  static func text(of groups: [UInt16]) -> String {
    var longest = 0..<0
    var start = 0
    while start < groups.count {
      let end = groups[start...].firstIndex { $0 != 0 } ?? groups.count
      if end - start > max(1, longest.count) { longest = start..<end }
      start = max(end, start) + 1
    }
    func join(_ part: ArraySlice<UInt16>) -> String {
      part.map { String($0, radix: 16) }.joined(separator: ":")
    }
    if longest.isEmpty { return join(groups[...]) }
    return join(groups[..<longest.lowerBound]) + "::" + join(groups[longest.upperBound...])
  }
}
