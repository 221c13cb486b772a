internal import CLinux
public import Sockets
public import Timeline

/// The answer of sock_diag for one TCP socket: `struct inet_diag_msg` and its attributes, see sock_diag(7).
public struct DiagnosticsMessage: Sendable {
  /// The size of `struct inet_diag_msg`.
  static let size = 72

  /// What it says of the socket.
  public var sample: SocketSample
  /// The kernel's `struct tcp_info` of it, where the answer has one.
  public private(set) var info: TCPInfo?
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
    info = attributes[UInt16(INET_DIAG_INFO)].map { TCPInfo(bytes: $0.array) }
    if let info { sample.take(info) }
    sample.isIPv6Only = attributes[UInt16(INET_DIAG_SKV6ONLY)]?.byte(at: 0).map { $0 != 0 }
  }

  private static func address(_ identity: ByteReader, family: UInt8, port: Int, at offset: Int) -> String {
    let port = UInt64(identity.networkUInt16(at: port) ?? 0)
    let bytes = identity.part(at: offset, length: 16)?.array ?? []
    return family == 2 ? AddressText.ipv4(bytes, port: port) : AddressText.ipv6(bytes, port: port)
  }
}

extension DiagnosticsMessage {
  /// What the kernel knew of a socket when it destroyed it.
  var death: SocketDeath {
    var death = SocketDeath(cookie: sample.cookie, local: sample.local, remote: sample.remote)
    guard let info else { return death }
    func set(_ number: SocketDeath.Number, _ value: (some BinaryInteger)?) {
      death.numbers[number] = value.map { Int64(clamping: $0) }
    }
    set(.timeout, info.retransmissionTimeout)
    set(.roundTrip, info.roundTripTime)
    set(.retransmits, info.retransmits)
    set(.probes, info.probes)
    set(.retransmitted, info.totalRetransmissions)
    set(.timeouts, info.totalTimeouts)
    set(.segmentsOut, info.segmentsSent)
    set(.segmentsIn, info.segmentsReceived)
    set(.bytesSent, info.bytesSent)
    set(.bytesAcknowledged, info.bytesAcknowledged)
    set(.bytesReceived, info.bytesReceived)
    set(.lastSent, info.lastDataSent)
    set(.lastReceived, info.lastDataReceived)
    set(.lastAcknowledged, info.lastAcknowledgmentReceived)
    return death
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
