import Sockets
import Timeline

/// One direction of a plain pipe: bytes from a source to a sink, of which one is the connection.
///
/// From the connection into a pipe the kernel moves the bytes itself, see splice(2); otherwise they go through a buffer.
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
  private var splices: Bool
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
      splices: false
    )
  }

  /// From the connection to standard output.
  static func inbound(from socket: CInt, events: EventWriter) -> Flow {
    let kind = FileIO.kind(of: 1)
    if kind == .pipe { FileIO.enlargePipe(1, to: Flow.spliceSize) }
    let sinkKind: Sink =
      switch kind {
      case .socket: .sharedSocket
      case .pipe: .inPortions
      case .file, .other: FileIO.isTerminal(1) ? .inPortions : .neverFull
      }
    return Flow(
      source: socket,
      sink: 1,
      sinkKind: sinkKind,
      names: (.socket, .stdout),
      events: events,
      splices: kind == .pipe && !events.isOn
    )
  }

  private init(
    source: CInt,
    sink: CInt,
    sinkKind: Sink,
    names: (SystemCall.Subject, SystemCall.Subject),
    events: EventWriter,
    splices: Bool
  ) {
    self.source = source
    self.sink = sink
    self.sinkKind = sinkKind
    self.names = names
    self.events = events
    self.splices = splices
  }

  /// Moves what can be moved now that what ``need`` names is ready.
  mutating func advance() throws(Trouble) {
    if splices { try splice() } else { try copy() }
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
        splices = false
        return
      case .failed(let errno):
        // A pipe fails in no other way than by having lost its reader.
        throw errno == .brokenPipe ? .writing(errno) : .reading(errno)
      }
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
