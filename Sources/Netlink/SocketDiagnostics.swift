internal import CLinux
internal import Glibc
public import Sockets
public import Timeline

/// What the kernel knows of every TCP socket of one network namespace, see sock_diag(7).
///
/// The netlink socket belongs to the namespace in which it was opened, and keeps showing that one wherever this process
/// goes later.
public final class SocketDiagnostics {
  private let requests: SharedDescriptor
  private let notices: SharedDescriptor
  /// The number of the last request: answers to an earlier one, given up half-way, are passed over.
  private var sequence: UInt32 = 0

  /// Readable when a socket of the namespace has been destroyed.
  public var descriptor: CInt { notices.rawValue }

  /// Opens the diagnostics of the network namespace that this process is in.
  ///
  /// Notices of destroyed sockets need CAP_NET_ADMIN in it.
  public init() throws(SystemError) {
    requests = try SocketDiagnostics.open(groups: 0)
    // SKNLGRP_INET_TCP_DESTROY and SKNLGRP_INET6_TCP_DESTROY.
    notices = try SocketDiagnostics.open(groups: 1 << 0 | 1 << 2)
    FileIO.setNonBlocking(notices.rawValue)
  }

  private static func open(groups: UInt32) throws(SystemError) -> SharedDescriptor {
    let type = CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue)
    let descriptor = socket(AF_NETLINK, type, CInt(NETLINK_SOCK_DIAG))
    guard descriptor >= 0 else { throw SystemError(call: "socket", subject: "NETLINK_SOCK_DIAG", errno: .last) }
    let shared = SharedDescriptor(FileDescriptor(owning: descriptor))
    var address = sockaddr_nl()
    address.nl_family = sa_family_t(AF_NETLINK)
    address.nl_groups = groups
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_nl>.size))
      }
    }
    guard result == 0 else { throw SystemError(call: "bind", subject: "NETLINK_SOCK_DIAG", errno: .last) }
    return shared
  }

  /// Every TCP socket of the namespace, connection requests and TIME_WAIT included, in the order of its addresses.
  public func sockets() throws(SystemError) -> [SocketSample] {
    try messages().map(\.sample).sorted { ($0.local, $0.remote) < ($1.local, $1.remote) }
  }

  private func messages() throws(SystemError) -> [DiagnosticsMessage] {
    var messages: [DiagnosticsMessage] = []
    try send(type: SocketDiagnostics.bothFamilies, flags: SocketDiagnostics.dump, payload: SocketDiagnostics.everything)
    try receiveDump(into: &messages)
    return messages
  }

  // `NLM_F_REQUEST | NLM_F_DUMP`
  private static let dump: UInt16 = 0x301
  // `NLM_F_REQUEST | NLM_F_ACK`
  private static let acknowledged: UInt16 = 0x5
  // `TCPDIAG_GETSOCK`: the older question, which is one for IPv4 and IPv6 together (`inet_diag_dump_compat`).
  private static let bothFamilies: UInt16 = 18
  // `SOCK_DESTROY`
  private static let destroy: UInt16 = 21

  /// The payload of the question for every socket and what `struct tcp_info` says of it: `struct inet_diag_req`.
  private static let everything: [UInt8] =
    [0, 0, 0, UInt8(1) << UInt8(INET_DIAG_INFO - 1)] + [UInt8](repeating: 0, count: 48)
    + [0xFF, 0xFF, 0xFF, 0xFF]  // idiag_states
    + [0, 0, 0, 0]  // idiag_dbs

  /// The payload that names one socket: `struct inet_diag_req_v2`.
  private static func request(family: UInt8, identity: [UInt8]) -> [UInt8] {
    [family, UInt8(IPPROTO_TCP), 0, 0] + [0xFF, 0xFF, 0xFF, 0xFF] + identity
  }

  private func send(type: UInt16, flags: UInt16, payload: [UInt8]) throws(SystemError) {
    sequence &+= 1
    let bytes = NetlinkMessage.request(type: type, flags: flags, sequence: sequence, payload: payload)
    let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.send(requests.rawValue, $0.baseAddress, $0.count, 0) }
    guard count == bytes.count else { throw SystemError(call: "send", subject: "sock_diag", errno: .last) }
  }

  private func receiveDump(into messages: inout [DiagnosticsMessage]) throws(SystemError) {
    while true {
      guard case .bytes(let datagram) = try FileIO.read(requests.rawValue, upTo: 1 << 16) else { return }
      for message in NetlinkMessage.all(in: ByteReader(datagram)) where message.sequence == sequence {
        switch message.type {
        case UInt16(NLMSG_DONE): return
        case UInt16(NLMSG_ERROR): throw SocketDiagnostics.error(in: message)
        default: if let socket = DiagnosticsMessage(message.payload) { messages.append(socket) }
        }
      }
    }
  }

  private static func error(in message: NetlinkMessage) -> SystemError {
    let number = Int32(bitPattern: message.payload.uint32(at: 0) ?? 0)
    return SystemError(call: "sock_diag", errno: Errno(rawValue: number == .min ? 0 : -number))
  }

  /// The sockets that were destroyed since the last call, with what the kernel knew of them last.
  public func readDestroyed() -> [SocketDeath] {
    var deaths: [SocketDeath] = []
    // A burst that overflowed the buffer (ENOBUFS) is a bell all the same: who needs more asks for all sockets.
    while case .bytes(let datagram) = try? FileIO.read(notices.rawValue, upTo: 1 << 16) {
      for message in NetlinkMessage.all(in: ByteReader(datagram)) {
        if let socket = DiagnosticsMessage(message.payload) { deaths.append(socket.death) }
      }
    }
    return deaths
  }

  /// Destroys every TCP socket of the namespace, as `ss --kill` does; without CONFIG_INET_DIAG_DESTROY none.
  public func destroyAll() throws(SystemError) {
    for socket in try messages() {
      let payload = SocketDiagnostics.request(family: socket.family, identity: socket.identity)
      try send(type: SocketDiagnostics.destroy, flags: SocketDiagnostics.acknowledged, payload: payload)
      _ = try FileIO.read(requests.rawValue, upTo: 1 << 16)
    }
  }
}
