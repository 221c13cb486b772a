internal import LabScript
internal import Sockets
internal import Strace

/// What strace writes of one peer, through a FIFO in the laboratory's own /run.
final class Trace {
  private let pipe: NamedPipe
  private var reader = StraceReader()

  /// The tracer waits while the FIFO is full, and its program with it: room for some thousands of calls.
  private static let capacity = 1 << 20

  /// Makes the FIFO; strace opens it by its path, so that the program inherits no descriptor of it.
  ///
  /// strace runs as the program's user.
  init(of peer: PeerDeclaration) throws(SystemError) {
    pipe = try NamedPipe(at: "/run/halfopen-trace-\(peer.name)", isWritableForAll: peer.isUnprivileged)
    FileIO.enlargePipe(pipe.reading.rawValue, to: Trace.capacity)
  }

  /// The command line that runs `command` under strace.
  func command(tracing command: [String]) -> [String] { StraceCommand.words(tracing: command, into: pipe.path) }

  /// What to poll.
  var descriptor: CInt { pipe.reading.rawValue }

  /// When to read although nothing came, by the monotonic clock.
  var due: Int64? { reader.due }

  /// What strace has written since the last time, and which calls have come to block.
  func read() -> [StraceReader.Item] {
    var items: [StraceReader.Item] = []
    while case .bytes(let bytes) = try? FileIO.read(pipe.reading.rawValue) {
      // Between the readings of two clocks this process may be put aside: the error is never more than that pause.
      let offset = Clock.realtime - Clock.monotonic
      items += reader.take(bytes, clockOffset: offset)
    }
    return items + reader.overdue(at: Clock.monotonic)
  }
}
