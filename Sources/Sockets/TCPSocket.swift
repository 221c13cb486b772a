internal import CLinux
internal import Glibc

/// A TCP socket, listening or connected, that is closed when its owner goes.
///
/// See tcp(7), socket(2).
public struct TCPSocket: ~Copyable {
  private let descriptor: FileDescriptor

  /// The number, for a call that borrows it.
  public var rawValue: CInt { descriptor.rawValue }

  /// A new socket that blocks; it is closed on exec.
  public init(_ family: SocketAddress.Family) throws(SystemError) {
    let number = socket(family.number, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard number >= 0 else { throw SystemError(call: "socket", errno: .last) }
    descriptor = FileDescriptor(owning: number)
  }

  private init(owning number: CInt) {
    descriptor = FileDescriptor(owning: number)
  }

  /// Gives the socket its own address.
  ///
  /// See bind(2).
  public func bind(to address: SocketAddress) throws(SystemError) {
    let result = unsafe address.withSockAddr { (pointer, length) in unsafe Glibc.bind(rawValue, pointer, length) }
    if result == -1 { throw SystemError(call: "bind", subject: address.description, errno: .last) }
  }

  /// Lets peers connect, `backlog` of them before the first is accepted.
  ///
  /// See listen(2).
  public func listen(backlog: Int) throws(SystemError) {
    if Glibc.listen(rawValue, CInt(clamping: backlog)) == -1 { throw SystemError(call: "listen", errno: .last) }
  }

  /// Takes the next connection, waiting for one unless the socket is non-blocking.
  ///
  /// A signal ends the wait with `EINTR`.
  ///
  /// The new socket blocks whatever the listener does, and is closed on exec. See accept(2).
  public func accept() throws(SystemError) -> TCPSocket {
    let number = accept4(rawValue, nil, nil, CInt(SOCK_CLOEXEC.rawValue))
    if number == -1 { throw SystemError(call: "accept", errno: .last) }
    return TCPSocket(owning: number)
  }

  /// Connects, waiting for the answer unless the socket is non-blocking.
  ///
  /// A signal ends the wait with `EINTR`.
  ///
  /// See connect(2).
  public func connect(to address: SocketAddress) throws(SystemError) {
    let result = unsafe address.withSockAddr { (pointer, length) in unsafe Glibc.connect(rawValue, pointer, length) }
    if result == -1 { throw SystemError(call: "connect", subject: address.description, errno: .last) }
  }

  /// Which halves of a connection to shut down.
  public enum Direction: String, Hashable, Sendable {
    /// The corresponding C constant is `SHUT_RD`.
    case read
    /// Sends a FIN after the data. The corresponding C constant is `SHUT_WR`.
    case write
    /// The corresponding C constant is `SHUT_RDWR`.
    case both

    var number: CInt {
      switch self {
      case .read: CInt(SHUT_RD)
      case .write: CInt(SHUT_WR)
      case .both: CInt(SHUT_RDWR)
      }
    }
  }

  /// Ends one direction of the connection, or both.
  ///
  /// See shutdown(2).
  public func shutdown(_ direction: Direction) throws(SystemError) {
    if Glibc.shutdown(rawValue, direction.number) == -1 { throw SystemError(call: "shutdown", errno: .last) }
  }

  /// Closes the socket now and says what the kernel said.
  ///
  /// See close(2).
  public consuming func close() throws(SystemError) {
    if Glibc.close(descriptor.release()) == -1 { throw SystemError(call: "close", errno: .last) }
  }

  /// Makes reads and writes return at once, or wait again.
  ///
  /// The corresponding C flag is `O_NONBLOCK`.
  public func setNonBlocking(_ value: Bool) {
    let flags = fcntl(rawValue, F_GETFL)
    _ = fcntl(rawValue, F_SETFL, value ? flags | O_NONBLOCK : flags & ~O_NONBLOCK)
  }

  /// The socket's own address.
  ///
  /// See getsockname(2).
  public var localAddress: SocketAddress? {
    unsafe SocketAddress.filled { unsafe getsockname(rawValue, $0, $1) }
  }

  /// The peer's address; `nil` when there is none, or no more.
  ///
  /// See getpeername(2).
  public var peerAddress: SocketAddress? {
    unsafe SocketAddress.filled { unsafe getpeername(rawValue, $0, $1) }
  }
}

extension TCPSocket {
  /// Sets an option.
  ///
  /// See setsockopt(2); a value that the option cannot take as it is fails with `EINVAL`.
  public func set<Value>(_ option: SocketOption<Value>, to value: Value) throws(SystemError) {
    guard let numbers = try? option.encode(value) else {
      throw SystemError(call: "setsockopt", subject: option.name, errno: .invalidArgument)
    }
    let size = socklen_t(numbers.count * MemoryLayout<CInt>.size)
    if unsafe setsockopt(rawValue, option.level, option.number, numbers, size) == -1 {
      throw SystemError(call: "setsockopt", subject: option.name, errno: .last)
    }
  }

  /// The value of an option as the kernel now has it.
  ///
  /// See getsockopt(2).
  public func get<Value>(_ option: SocketOption<Value>) throws(SystemError) -> Value {
    var numbers = [CInt](repeating: 0, count: option.width)
    var size = socklen_t(numbers.count * MemoryLayout<CInt>.size)
    if unsafe getsockopt(rawValue, option.level, option.number, &numbers, &size) == -1 {
      throw SystemError(call: "getsockopt", subject: option.name, errno: .last)
    }
    return option.decode(numbers)
  }

  /// Takes the error that is pending on the socket; `nil` if none is.
  ///
  /// The corresponding C constant is `SO_ERROR`.
  ///
  /// Whoever takes it is the only one to see it: the next read then returns 0, as if the peer had ended the stream.
  public func takePendingError() throws(SystemError) -> Errno? {
    var number: CInt = 0
    var size = socklen_t(MemoryLayout<CInt>.size)
    if unsafe getsockopt(rawValue, SOL_SOCKET, SO_ERROR, &number, &size) == -1 {
      throw SystemError(call: "getsockopt", subject: "SO_ERROR", errno: .last)
    }
    return number == 0 ? nil : Errno(rawValue: number)
  }

  /// What the kernel tells of the connection.
  ///
  /// The corresponding C constant is `TCP_INFO`.
  public func info() throws(SystemError) -> TCPInfo {
    var bytes = [UInt8](repeating: 0, count: 1024)
    var size = socklen_t(bytes.count)
    if unsafe getsockopt(rawValue, CInt(IPPROTO_TCP), TCP_INFO, &bytes, &size) == -1 {
      throw SystemError(call: "getsockopt", subject: "TCP_INFO", errno: .last)
    }
    return TCPInfo(bytes: Array(bytes.prefix(Int(size))))
  }

  /// Bytes received and not yet read.
  ///
  /// See tcp(7), `SIOCINQ`.
  public var receiveQueue: Int? { queue(UInt(FIONREAD)) }

  /// Bytes written and not yet acknowledged.
  ///
  /// See tcp(7), `SIOCOUTQ`.
  public var sendQueue: Int? { queue(UInt(TIOCOUTQ)) }

  private func queue(_ request: UInt) -> Int? {
    var count: CInt = 0
    return unsafe clinux_ioctl_int(rawValue, request, &count) == -1 ? nil : Int(count)
  }
}
