import Sockets

/// A listener on a free port of the loopback interface.
func listeningSocket(backlog: Int = 8) throws -> TCPSocket {
  let listener = try TCPSocket(.ipv4)
  try listener.bind(to: loopback(port: 0))
  try listener.listen(backlog: backlog)
  return listener
}

/// The loopback interface's IPv4 address.
func loopback(port: UInt16) throws -> SocketAddress {
  try SocketAddress.resolve(host: "127.0.0.1", port: String(port), numericOnly: true)[0]
}

/// Both ends of a connection over the loopback interface.
struct ConnectedPair: ~Copyable {
  var client: TCPSocket
  var server: TCPSocket

  init() throws {
    let listener = try listeningSocket()
    let client = try TCPSocket(.ipv4)
    try client.connect(to: loopback(port: listener.localAddress?.port ?? 0))
    server = try listener.accept()
    self.client = client
  }
}

/// Waits until the socket reports `readiness`, at most ten seconds.
func wait(for readiness: Readiness, on socket: borrowing TCPSocket) throws -> Readiness {
  var entries = [PollEntry(socket.rawValue, readiness)]
  _ = try poll(&entries, timeout: .seconds(10))
  return entries[0].ready
}
