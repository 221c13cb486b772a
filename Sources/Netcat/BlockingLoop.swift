import Sockets
import Synchronization
import Timeline

/// Copies without poll: this thread blocks reading the connection, a second one blocks reading standard input and
/// writing the connection, as programs do that know nothing of poll.
///
/// Such a program learns of the connection's end only by the call that it is in, or makes next.
struct BlockingLoop: Sendable {
  private let events: EventWriter
  private let log: Log
  private let isQuiet: Bool
  private let closesOnEndOfStream: Bool

  init(settings: Settings, events: EventWriter, log: Log) {
    self.events = events
    self.log = log
    isQuiet = settings.isQuiet
    closesOnEndOfStream = settings.closesOnEndOfStream
  }

  /// What the second thread came to.
  private final class Outcome: Sendable {
    let failure = Mutex<Failure?>(nil)
  }

  /// Runs until both directions have ended in order, or the connection fails.
  func run(_ socket: consuming TCPSocket) throws(Failure) {
    let (number, outcome) = (socket.rawValue, Outcome())
    let writer: WorkerThread
    do throws(SystemError) {
      writer = try WorkerThread {
        do throws(Failure) {
          try send(to: number)
        } catch {
          outcome.failure.withLock { $0 = error }
        }
      }
    } catch {
      throw .system(error)
    }
    try receive(from: number)
    if closesOnEndOfStream {
      try log("closing the socket")
      return try events.close(socket, .socket)
    }
    writer.join()
    if let failure = outcome.failure.withLock({ $0 }) { throw failure }
    if isQuiet { return try events.close(socket, .socket) }
    try log("read end-of-stream from both socket and stdin")
    try log("pausing until signal")
    var nothing: [PollEntry] = []
    while true { _ = try? poll(&nothing, timeout: nil) }
  }

  private func receive(from socket: CInt) throws(Failure) {
    var buffer = [UInt8](repeating: 0, count: isQuiet ? 262_144 : 4096)
    while true {
      try log("reading from socket")
      switch events.read(socket, of: .socket, into: &buffer, blocks: true) {
      case .data(let count):
        try log("read \(count) bytes from socket")
        try log("received \(quoted(buffer.prefix(count)))")
        if isQuiet { try writeAll(buffer.prefix(count), to: 1, of: .stdout) }
      case .endOfStream:
        try log("read end-of-stream from socket")
        try log("read 0 bytes from socket")
        return
      case .wouldBlock: continue
      case .failed(let errno): throw .connection(call: "read", errno)
      }
    }
  }

  private func send(to socket: CInt) throws(Failure) {
    var buffer = [UInt8](repeating: 0, count: isQuiet ? 262_144 : 4096)
    while true {
      try log("reading from stdin")
      switch events.read(0, of: .stdin, into: &buffer, blocks: true) {
      case .data(let count):
        try log("writing \(count) bytes read from stdin to socket")
        try writeAll(buffer.prefix(count), to: socket, of: .socket)
      case .endOfStream:
        try log("writing 0 bytes read from stdin to socket")
        if isQuiet { try endWriting(socket) } else { try writeAll([], to: socket, of: .socket) }
        return
      case .wouldBlock: try wait(for: .readable, on: 0)
      case .failed(let errno): throw .input(errno)
      }
    }
  }

  /// Writes until everything is taken; nothing at all is written once, as the original does.
  private func writeAll(
    _ bytes: ArraySlice<UInt8>,
    to descriptor: CInt,
    of subject: SystemCall.Subject
  ) throws(Failure) {
    var rest = bytes
    repeat {
      switch events.write(of: subject, blocks: true, { Transfer.write(rest, to: descriptor) }) {
      case .written(let count): rest.removeFirst(count)
      case .wouldBlock: try wait(for: .writable, on: descriptor)
      case .failed(let errno) where subject == .stdout: throw .output(errno)
      case .failed(let errno): throw .connection(call: "write", errno)
      }
    } while !rest.isEmpty
  }

  private func endWriting(_ socket: CInt) throws(Failure) {
    // On a connection that is gone it fails, which the reading thread then reports.
    try? events.call("shutdown", of: .socket, detail: "SHUT_WR") { () throws(SystemError) in
      try Transfer.endWriting(socket)
    }
  }

  /// Standard input and output may have been handed over as ones that do not block.
  private func wait(for readiness: Readiness, on descriptor: CInt) throws(Failure) {
    do throws(SystemError) {
      try FileIO.wait(for: readiness, on: descriptor)
    } catch {
      throw .system(error)
    }
  }
}
