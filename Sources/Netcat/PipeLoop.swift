import Sockets
import Timeline

/// Copies between standard input and output and the connection as fast as it can, without a word.
///
/// The end of standard input becomes a FIN, and when both directions have ended the connection is closed.
struct PipeLoop {
  private let events: EventWriter
  private let closesOnEndOfStream: Bool
  private var outbound: Flow
  private var inbound: Flow
  /// Why no more can be sent, until it is known what else the connection has to say.
  private var sendFailure: Failure?
  /// Whether poll has reported an error or a hang-up: then only what was received before is of interest.
  private var isDead = false
  /// Whether standard input was still open when that happened.
  private var wasCutOff = false

  init(settings: Settings, events: EventWriter, socket: borrowing TCPSocket) {
    self.events = events
    closesOnEndOfStream = settings.closesOnEndOfStream
    outbound = .outbound(to: socket.rawValue, events: events)
    inbound = .inbound(from: socket.rawValue, events: events)
  }

  /// Runs until both directions have ended in order, or the connection fails.
  mutating func run(_ socket: consuming TCPSocket) throws(Failure) {
    socket.setNonBlocking(true)
    while outbound.need != .nothing || inbound.need != .nothing {
      if inbound.need == .nothing, closesOnEndOfStream { break }
      let ready = try poll(socket)
      // Output that nobody reads is lost, however well the connection does.
      if !ready.stdout.isDisjoint(with: [.errorPending, .hungUp, .invalid]) { throw .output(.brokenPipe) }
      if !ready.socket.isDisjoint(with: [.errorPending, .hungUp]) { try die(socket) }
      if isReady(outbound.need, source: ready.stdin, sink: ready.socket.intersection(.writable)) {
        try send(socket)
      }
      if isReady(inbound.need, source: ready.socket, sink: ready.stdout) { try receive(socket) }
    }
    if let sendFailure { throw sendFailure }
    if wasCutOff { throw .connection(call: "write", .brokenPipe) }
    try events.close(socket, .socket)
  }

  private func poll(
    _ socket: borrowing TCPSocket
  ) throws(Failure) -> (stdin: Readiness, socket: Readiness, stdout: Readiness) {
    var interest: Readiness = inbound.need == .source ? .readable : []
    if outbound.need == .sink { interest.insert(.writable) }
    // A dead socket reports its death in every poll, so it is left out while standard output is waited for.
    let watchesSocket = !isDead || !interest.isEmpty
    var entries = [
      PollEntry(outbound.need == .source ? 0 : -1, .readable),
      PollEntry(watchesSocket ? socket.rawValue : -1, interest),
      PollEntry(inbound.need == .nothing ? -1 : 1, inbound.need == .sink ? .writable : []),
    ]
    do throws(SystemError) {
      _ = try events.poll(&entries, names: ["stdin", "socket", "stdout"])
    } catch {
      throw .system(error)
    }
    return (entries[0].ready, entries[1].ready, entries[2].ready)
  }

  private func isReady(_ need: Flow.Need, source: Readiness, sink: Readiness) -> Bool {
    switch need {
    case .source: !source.isEmpty
    case .sink: !sink.isEmpty
    case .nothing: false
    }
  }

  /// Standard input to the connection.
  private mutating func send(_ socket: borrowing TCPSocket) throws(Failure) {
    do throws(Flow.Trouble) {
      try outbound.advance()
    } catch {
      switch error {
      case .reading(let errno): throw .input(errno)
      case .writing(let errno):
        // What the peer said before it went is still in the receive queue.
        sendFailure = .connection(call: "write", errno)
        outbound.stop()
        return
      }
    }
    if outbound.need == .nothing {
      // On a connection that is gone it fails, which reading then reports.
      try? events.call("shutdown", of: .socket, detail: "SHUT_WR") { () throws(SystemError) in
        try socket.shutdown(.write)
      }
    }
  }

  /// The connection to standard output.
  private mutating func receive(_ socket: borrowing TCPSocket) throws(Failure) {
    do throws(Flow.Trouble) {
      try inbound.advance()
    } catch {
      switch error {
      case .reading(let errno): throw sendFailure ?? .connection(call: "read", errno)
      case .writing(let errno): throw .output(errno)
      }
    }
    if inbound.need == .nothing, isDead { try takeError(socket) }
  }

  /// Poll reported an error or a hang-up.
  private mutating func die(_ socket: borrowing TCPSocket) throws(Failure) {
    isDead = true
    if inbound.need == .nothing { try takeError(socket) }
    if outbound.need != .nothing {
      outbound.stop()
      wasCutOff = true
    }
  }

  /// Asks for the error that poll announced and no read delivered: with data unread the read delivers it.
  private func takeError(_ socket: borrowing TCPSocket) throws(Failure) {
    if let error = events.takePendingError(of: socket) { throw sendFailure ?? .connection(call: "socket", error) }
  }
}
