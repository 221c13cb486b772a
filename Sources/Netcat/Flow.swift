import Sockets
import Timeline

/// One direction of a plain pipe: bytes from a source to a sink, of which one is the connection.
///
/// What comes from the connection the kernel moves itself where it can, see splice(2); the rest goes through a buffer.
/// With events every read and write is a call of its own, so then too. The other way splice would save one copy in
/// dnc and cost the receiver more than that: a segment of many single pages is dear to take apart.
struct Flow {
  /// What comes next.
  enum Need {
    /// Bytes from the source.
    case source
    /// Room in the sink.
    case sink
    /// Nothing: the source has ended, and the sink has everything.
    case nothing
  }

  /// How the sink is written to so that one that is full does not stop the other direction.
  enum Sink {
    /// Our socket, which does not block.
    case connection
    /// A socket that is shared with others, whose mode is left alone.
    case sharedSocket
    /// A regular file, or a device such as /dev/null.
    case neverFull
    /// A pipe or a terminal, which may block: poll promises room for as much as PIPE_BUF, 4096 bytes, and no more.
    case inPortions
  }

  /// How the bytes are moved.
  private enum Method {
    /// Through the buffer.
    case copy
    /// By splice: the sink is a pipe.
    case splice
    /// By two splices, since one end of each has to be a pipe: this one.
    case relay(Relay)
  }

  /// A pipe of dnc's own.
  private final class Relay {
    let pipe: Pipe

    init(size: Int) throws(SystemError) {
      pipe = try Pipe()
      FileIO.enlargePipe(pipe.writing.rawValue, to: size)
    }
  }

  /// What went wrong, and on which side.
  enum Trouble: Error {
    case reading(Errno)
    case writing(Errno)
  }

  private let source: CInt
  private let sink: CInt
  private let sinkKind: Sink
  private let names: (source: SystemCall.Subject, sink: SystemCall.Subject)
  private let events: EventWriter
  private var method: Method
  private var buffer: [UInt8] = []
  /// The part of the buffer that the sink has not yet taken.
  private var unwritten = 0..<0
  private(set) var need = Need.source

  /// One read's worth: beyond this a larger buffer gained nothing.
  private static let bufferSize = 256 * 1024
  /// How much is asked of one splice, and how large pipes are made where the system allows.
  private static let spliceSize = 1 << 20

  /// From standard input to the connection.
  static func outbound(to socket: CInt, events: EventWriter) -> Flow {
    if FileIO.kind(of: 0) == .pipe { FileIO.enlargePipe(0, to: Flow.spliceSize) }
    return Flow(
      source: 0,
      sink: socket,
      sinkKind: .connection,
      names: (.stdin, .socket),
      events: events,
      method: .copy
    )
  }

  /// From the connection to standard output.
  static func inbound(from socket: CInt, events: EventWriter) -> Flow {
    let kind = FileIO.kind(of: 1)
    if kind == .pipe { FileIO.enlargePipe(1, to: Flow.spliceSize) }
    var (sinkKind, method) = (Sink.neverFull, Method.copy)
    switch kind {
    case .socket: sinkKind = .sharedSocket
    case .pipe: (sinkKind, method) = (.inPortions, .splice)
    case .file, .other:
      if FileIO.isTerminal(1) {
        sinkKind = .inPortions
      } else if let relay = try? Relay(size: Flow.spliceSize) {
        method = .relay(relay)
      }
    }
    return Flow(
      source: socket,
      sink: 1,
      sinkKind: sinkKind,
      names: (.socket, .stdout),
      events: events,
      method: events.isOn ? .copy : method
    )
  }

  private init(
    source: CInt,
    sink: CInt,
    sinkKind: Sink,
    names: (SystemCall.Subject, SystemCall.Subject),
    events: EventWriter,
    method: Method
  ) {
    self.source = source
    self.sink = sink
    self.sinkKind = sinkKind
    self.names = names
    self.events = events
    self.method = method
  }

  /// Moves what can be moved now that what ``need`` names is ready.
  mutating func advance() throws(Trouble) {
    switch method {
    case .copy: try copy()
    case .splice: try splice()
    case .relay(let relay): try splice(through: relay)
    }
  }

  /// Ends the flow: nothing more is read.
  mutating func stop() {
    need = .nothing
    unwritten = 0..<0
  }

  private mutating func splice() throws(Trouble) {
    var hasMoved = false
    // A few at a time, so that the other direction has its turn.
    for _ in 0..<16 {
      switch Transfer.splice(from: source, to: sink, upTo: Flow.spliceSize) {
      case .written(0):
        need = .nothing
        return
      case .written: hasMoved = true
      case .wouldBlock:
        // It does not say whether the source is empty or the sink full: wait for the one, and if that is not it, for
        // the other.
        need = hasMoved || need == .sink ? .source : .sink
        return
      case .failed(let errno) where errno == .invalidArgument:
        method = .copy
        return
      case .failed(let errno):
        // A pipe fails in no other way than by having lost its reader.
        throw errno == .brokenPipe ? .writing(errno) : .reading(errno)
      }
    }
  }

  private mutating func splice(through relay: Relay) throws(Trouble) {
    for _ in 0..<16 {
      switch Transfer.splice(from: source, to: relay.pipe.writing.rawValue, upTo: Flow.spliceSize) {
      case .written(0):
        need = .nothing
        return
      case .written(let count): try empty(relay, of: count)
      case .wouldBlock: return
      case .failed(let errno) where errno == .invalidArgument: method = .copy
      case .failed(let errno): throw .reading(errno)
      }
      guard case .relay = method else { return }
    }
  }

  /// Moves the `count` bytes that are in the pipe on to the sink.
  private mutating func empty(_ relay: Relay, of count: Int) throws(Trouble) {
    let descriptor = relay.pipe.reading.rawValue
    var rest = count
    while rest > 0 {
      if case .copy = method {
        var left = [UInt8](repeating: 0, count: rest)
        guard case .data(let count) = Transfer.read(descriptor, into: &left) else { return }
        try writeAll(left.prefix(count))
        rest -= count
        continue
      }
      switch Transfer.splice(from: descriptor, to: sink, upTo: rest) {
      case .written(let count) where count > 0: rest -= count
      case .wouldBlock: try wait()
      case .failed(let errno) where errno != .invalidArgument: throw .writing(errno)
      // A file that is appended to, or a device that takes only what is written: what is in the pipe is copied.
      case .written, .failed: method = .copy
      }
    }
  }

  /// Writes everything, waiting if need be.
  private func writeAll(_ bytes: ArraySlice<UInt8>) throws(Trouble) {
    do throws(SystemError) {
      try FileIO.writePatiently(Array(bytes), to: sink)
    } catch {
      throw .writing(error.errno)
    }
  }

  private func wait() throws(Trouble) {
    do throws(SystemError) {
      try FileIO.wait(for: .writable, on: sink)
    } catch {
      throw .writing(error.errno)
    }
  }

  private mutating func copy() throws(Trouble) {
    if unwritten.isEmpty {
      if buffer.isEmpty { buffer = [UInt8](repeating: 0, count: Flow.bufferSize) }
      switch events.read(source, of: names.source, into: &buffer) {
      case .data(let count): unwritten = 0..<count
      case .endOfStream:
        need = .nothing
        return
      case .wouldBlock:
        need = .source
        return
      case .failed(let errno): throw .reading(errno)
      }
      need = .sink
      // A sink that may block is asked first whether it has room.
      if case .inPortions = sinkKind { return }
    }
    switch write() {
    case .written(let count): unwritten.removeFirst(count)
    case .wouldBlock: break
    case .failed(let errno): throw .writing(errno)
    }
    need = unwritten.isEmpty ? .source : .sink
  }

  private func write() -> WriteOutcome {
    events.write(of: names.sink) {
      switch sinkKind {
      case .connection, .neverFull: Transfer.write(buffer[unwritten], to: sink)
      case .sharedSocket: Transfer.sendWithoutWaiting(buffer[unwritten], to: sink)
      case .inPortions: Transfer.write(buffer[unwritten.prefix(4096)], to: sink)
      }
    }
  }
}
