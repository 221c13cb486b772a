import Sockets
import Testing

/// The other end of dnc's connection, in the test's own hands.
enum Peer {
  /// A listener on a free port of the loopback interface.
  static func listener() throws -> TCPSocket {
    let listener = try TCPSocket(.ipv4)
    try listener.bind(to: SocketAddress.resolve(host: "127.0.0.1", port: "0", family: .ipv4)[0])
    try listener.listen(backlog: 8)
    return listener
  }

  /// Starts dnc as a client and takes its connection.
  static func ofClient(
    _ options: [String] = [],
    input: Program.End = .test,
    output: Program.End = .test,
    events: Program.End = .test
  ) throws -> (peer: Connected, program: Program) {
    let listener = try Peer.listener()
    let port = try #require(listener.localAddress?.port)
    let program = try Program(options + ["127.0.0.1", "\(port)"], input: input, output: output, events: events)
    return (Connected(try listener.accept()), program)
  }
}

/// A connection of the test's that can be kept beside the program.
final class Connected {
  private var socket: TCPSocket

  init(_ socket: consuming TCPSocket) {
    self.socket = socket
  }

  /// Connects to dnc, which listens on `port`.
  convenience init(to port: UInt16) throws {
    let socket = try TCPSocket(.ipv4)
    try socket.connect(to: SocketAddress.resolve(host: "127.0.0.1", port: "\(port)", family: .ipv4)[0])
    self.init(socket)
  }

  var descriptor: CInt { socket.rawValue }
  var address: SocketAddress? { socket.peerAddress }

  /// Sends bytes, all of them.
  func send(_ bytes: [UInt8]) throws { try FileIO.writeAll(bytes, to: socket.rawValue) }

  /// Sends a text.
  func send(_ text: String) throws { try send(Array(text.utf8)) }

  /// Reads `count` bytes, or to the end of the stream.
  func receive(_ count: Int = .max) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 18)
    while bytes.count < count {
      if buffer.count > count - bytes.count { buffer = [UInt8](repeating: 0, count: count - bytes.count) }
      switch Transfer.read(socket.rawValue, into: &buffer) {
      case .data(let count): bytes += buffer.prefix(count)
      case .endOfStream: return bytes
      case .wouldBlock: return bytes
      case .failed(let errno): throw errno
      }
    }
    return bytes
  }

  /// Sends a FIN.
  func finish() throws { try socket.shutdown(.write) }

  /// Sends an RST.
  func reset() throws {
    try socket.set(.linger, to: .seconds(0))
    socket = try TCPSocket(.ipv4)
  }

  /// Closes the connection.
  func close() throws { socket = try TCPSocket(.ipv4) }
}
