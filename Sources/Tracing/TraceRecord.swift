internal import Netlink
public import Timeline

/// What a tracepoint said of one socket.
public struct TraceRecord: Hashable, Sendable {
  /// When, by CLOCK_MONOTONIC, in nanoseconds.
  public var time: Int64
  /// The cookie of the socket's network namespace (`SO_NETNS_COOKIE`).
  public var namespace: UInt64
  /// The kernel's address of the socket, which names it until it is destroyed.
  public var socket: UInt64
  /// Local address and port; port 0 while the kernel has not chosen one.
  public var local: String
  /// Remote address and port.
  public var remote: String
  /// What happened.
  public var event: Event

  /// What can happen.
  public enum Event: Hashable, Sendable {
    /// It went from one state to another.
    case state(from: TCPState, to: TCPState)
    /// It sent something again; `refused` is the error with which the own machine refused to send.
    case retransmission(state: TCPState?, refused: Int64?)
    /// A connection request had its SYN-ACK sent again.
    case retransmittedSynAck
    /// It sent an RST, for this reason in the kernel's words.
    case sentReset(state: TCPState?, reason: String?)
    /// An RST came in for it.
    case receivedReset
    /// It is no more; the cookie is that of sock_diag.
    case destroyed(cookie: Int64?)
  }

  /// Reads what a filter put into the ring; `nil` if it is not of that shape, or no TCP socket's.
  init?(_ bytes: [UInt8], formats: [Tracepoint: TracepointFormat]) {
    let reader = ByteReader(bytes)
    guard let time = reader.uint64(at: 0), let namespace = reader.uint64(at: 8), let kind = reader.uint32(at: 16),
      let tracepoint = Int32(exactly: kind).flatMap(Tracepoint.init), let format = formats[tracepoint],
      let time = Int64(exactly: time)
    else { return nil }
    let record = Fields(reader: reader, format: format)
    guard let socket = record.number("skaddr"), let ends = record.ends else { return nil }
    if let number = record.number("protocol"), number != 6 { return nil }
    let state = record.number("state").flatMap { UInt8(exactly: $0) }.flatMap(TCPState.init)
    switch tracepoint {
    case .setState:
      guard let from = record.state("oldstate"), let to = record.state("newstate") else { return nil }
      event = .state(from: from, to: to)
    case .retransmit:
      // A failure is a negative errno; a positive number is the queueing discipline's own.
      let error = record.signed("err").flatMap { $0 == 0 ? nil : $0 }
      event = .retransmission(state: state, refused: error)
    case .retransmitSynAck: event = .retransmittedSynAck
    case .sendReset:
      let reason = record.number("reason").flatMap { format.names["reason"]?[Int64(clamping: $0)] }
      event = .sentReset(state: state, reason: reason)
    case .receiveReset: event = .receivedReset
    case .destroy: event = .destroyed(cookie: record.number("sock_cookie").map { Int64(bitPattern: $0) })
    }
    self.time = time
    self.namespace = namespace
    self.socket = socket
    (local, remote) = ends
  }

  /// The members of a record.
  private struct Fields {
    let reader: ByteReader
    let format: TracepointFormat

    /// Where a member stands behind the ring's header.
    private func place(_ name: String) -> (offset: Int, size: Int)? {
      format.fields[name].map { (Filter.headerSize - Filter.commonSize + $0.offset, $0.size) }
    }

    func number(_ name: String) -> UInt64? {
      guard let (offset, size) = place(name), offset >= Filter.headerSize else { return nil }
      return switch size {
      case 1: reader.byte(at: offset).map { UInt64($0) }
      case 2: reader.uint16(at: offset).map { UInt64($0) }
      case 4: reader.uint32(at: offset).map { UInt64($0) }
      case 8: reader.uint64(at: offset)
      default: nil
      }
    }

    func signed(_ name: String) -> Int64? {
      number(name).map { format.fields[name]?.size == 4 ? Int64(Int32(truncatingIfNeeded: $0)) : Int64(bitPattern: $0) }
    }

    func state(_ name: String) -> TCPState? { number(name).flatMap { UInt8(exactly: $0) }.flatMap(TCPState.init) }

    /// Local and remote address and port.
    var ends: (local: String, remote: String)? {
      if number("sport") != nil { return plainEnds }
      // tcp_send_reset has two `struct sockaddr` instead, since 6.10.
      guard let local = socketAddress("saddr"), let remote = socketAddress("daddr") else { return nil }
      return (local, remote)
    }

    private var plainEnds: (String, String)? {
      guard let own = number("sport"), let other = number("dport"), let family = number("family") else { return nil }
      func text(_ four: String, _ six: String, _ port: UInt64) -> String? {
        family == 2
          ? address(four, 4).map { AddressText.ipv4($0, port: port) }
          : address(six, 16).map { AddressText.ipv6($0, port: port) }
      }
      guard let local = text("saddr", "saddr_v6", own), let remote = text("daddr", "daddr_v6", other) else {
        return nil
      }
      return (local, remote)
    }

    private func address(_ name: String, _ size: Int) -> [UInt8]? {
      place(name).flatMap { reader.part(at: $0.offset, length: size)?.array }
    }

    private func socketAddress(_ name: String) -> String? {
      guard let (offset, size) = place(name), let part = reader.part(at: offset, length: size),
        let family = part.uint16(at: 0), let port = part.networkUInt16(at: 2)
      else { return nil }
      if family == 2 { return part.part(at: 4, length: 4).map { AddressText.ipv4($0.array, port: UInt64(port)) } }
      return part.part(at: 8, length: 16).map { AddressText.ipv6($0.array, port: UInt64(port)) }
    }
  }
}
