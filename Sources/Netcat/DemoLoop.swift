import Sockets
import Timeline

/// Copies between standard input and the connection with poll, and logs every step: the original's loop.
///
/// At the end of the peer's stream the socket stays open, and at the end of standard input no FIN is sent.
struct DemoLoop {
  let events: EventWriter
  let log: Log
  let closesOnEndOfStream: Bool

  private var stdinIsOpen = true
  private var peerHasEnded = false
  /// Whether both directions are over without an error: then the socket has nothing more to tell.
  private var socketIsOver = false
  /// What was read from standard input and the socket has not yet taken.
  private var unsent: ArraySlice<UInt8> = []
  /// One read's worth.
  ///
  /// The log quotes what came, so a line of it stays within reason.
  private var buffer = [UInt8](repeating: 0, count: 4096)

  init(settings: Settings, events: EventWriter, log: Log) {
    self.events = events
    self.log = log
    closesOnEndOfStream = settings.closesOnEndOfStream
  }

  /// Runs until the connection fails; returns when it was closed in order.
  mutating func run(_ socket: consuming TCPSocket) throws(Failure) {
    socket.setNonBlocking(true)
    while true {
      try log("entering poll()")
      if !stdinIsOpen, peerHasEnded, unsent.isEmpty { break }
      let (stdin, ready) = try poll(socket)
      try log("poll returned events \(stdin.hexadecimal)/\(ready.hexadecimal)")
      if !stdin.isEmpty { try readStdin(socket) }
      if ready.contains(.writable), !unsent.isEmpty { try send(to: socket) }
      if !ready.isDisjoint(with: [.readable, .errorPending, .hungUp]) { try read(socket, ready) }
      if closesOnEndOfStream, peerHasEnded, unsent.isEmpty {
        try log("closing the socket")
        try events.close(socket, .socket)
        return
      }
    }
    try log("read end-of-stream from both socket and stdin")
    try log("pausing until signal")
    while true { try pause(socket) }
  }

  private func poll(_ socket: borrowing TCPSocket) throws(Failure) -> (stdin: Readiness, socket: Readiness) {
    var interest: Readiness = peerHasEnded ? [] : .readable
    if !unsent.isEmpty { interest.insert(.writable) }
    // Nothing more is read from standard input than the socket takes. The socket is watched to the end: poll reports
    // errors even when asked for nothing.
    var entries = [
      PollEntry(stdinIsOpen && unsent.isEmpty ? 0 : -1, .readable),
      PollEntry(socketIsOver ? -1 : socket.rawValue, interest),
    ]
    do throws(SystemError) {
      _ = try events.poll(&entries, names: ["stdin", "socket"])
    } catch {
      throw .system(error)
    }
    return (entries[0].ready, entries[1].ready)
  }

  /// Waits as the original's pause(2) does, but does learn that the connection fails.
  private mutating func pause(_ socket: borrowing TCPSocket) throws(Failure) {
    let (_, ready) = try poll(socket)
    if !ready.isDisjoint(with: [.errorPending, .hungUp]) { try takeError(of: socket, ready) }
  }

  private mutating func readStdin(_ socket: borrowing TCPSocket) throws(Failure) {
    try log("reading from stdin")
    switch events.read(0, of: .stdin, into: &buffer) {
    case .data(let count):
      try log("writing \(count) bytes read from stdin to socket")
      unsent = ArraySlice(buffer.prefix(count))
    case .endOfStream:
      stdinIsOpen = false
      try log("writing 0 bytes read from stdin to socket")
    case .wouldBlock: return
    case .failed(let errno): throw .input(errno)
    }
    try send(to: socket)
  }

  private mutating func send(to socket: borrowing TCPSocket) throws(Failure) {
    switch events.write(of: .socket, { Transfer.write(unsent, to: socket.rawValue) }) {
    case .written(let count):
      unsent.removeFirst(count)
      if !unsent.isEmpty { try log("the socket took \(count) bytes, \(unsent.count) wait") }
    case .wouldBlock: try log("the socket takes nothing now, \(unsent.count) bytes wait")
    case .failed(let errno):
      // What the peer said before it went is still in the receive queue.
      try readRest(of: socket)
      throw .connection(call: "write", errno)
    }
  }

  private mutating func read(_ socket: borrowing TCPSocket, _ ready: Readiness) throws(Failure) {
    try log("reading from socket")
    switch events.read(socket.rawValue, of: .socket, into: &buffer) {
    case .data(let count):
      try logData(count)
    case .endOfStream:
      if !peerHasEnded { try log("read end-of-stream from socket") }
      peerHasEnded = true
      try log("read 0 bytes from socket")
      try takeError(of: socket, ready)
    case .wouldBlock:
      try takeError(of: socket, ready)
    case .failed(let errno):
      throw .connection(call: "read", errno)
    }
  }

  /// Asks for the error that poll announced and no read delivered.
  ///
  /// On a connection whose peer has ended its stream no read ever does: an RST then leaves `EPIPE`, and read goes on
  /// returning 0 (tcp_reset in net/ipv4/tcp_input.c), so a loop of poll and read would never rest.
  private mutating func takeError(of socket: borrowing TCPSocket, _ ready: Readiness) throws(Failure) {
    guard !ready.isDisjoint(with: [.errorPending, .hungUp]) else { return }
    if let error = events.takePendingError(of: socket) { throw .connection(call: "socket", error) }
    if ready.contains(.hungUp) {
      peerHasEnded = true
      socketIsOver = true
    }
  }

  private mutating func readRest(of socket: borrowing TCPSocket) throws(Failure) {
    while case .data(let count) = events.read(socket.rawValue, of: .socket, into: &buffer) { try logData(count) }
  }

  private func logData(_ count: Int) throws(Failure) {
    try log("read \(count) bytes from socket")
    try log("received \(quoted(buffer.prefix(count)))")
  }
}
