import Sockets
import Synchronization
import Timeline

/// Tells of every system call: to `--events` as a line of JSON, and with `--repl` to the terminal.
///
/// Each line is one write(2), made at once, so that a reader sees it when it happened and threads do not mix theirs.
final class EventWriter: Sendable {
  /// Where the lines of JSON go; `nil` if nowhere.
  private let descriptor: CInt?
  /// Whether whoever types the calls is answered on standard output.
  private let answers: Bool
  /// Whether nobody reads the events any more: then dnc goes on without.
  private let isAbandoned = Atomic(false)

  init(descriptor: CInt?, answers: Bool) {
    self.descriptor = descriptor
    self.answers = answers
    if let descriptor { FileIO.closeOnExec(descriptor) }
  }

  /// Whether `number` is an open descriptor.
  static func isOpen(_ number: CInt) -> Bool { FileIO.isOpen(number) }

  /// Whether anybody is told of anything.
  var isOn: Bool { answers || descriptor != nil && !isAbandoned.load(ordering: .relaxed) }

  /// Says that a call that may block is entered.
  func enter(_ name: String, of subject: SystemCall.Subject? = nil, detail: String? = nil) {
    guard isOn else { return }
    write(SystemCall(name: name, phase: .enter, subject: subject, detail: detail), at: Clock.monotonic)
  }

  /// Says what a call that was entered at `start` returned just now, at `end`.
  func record(
    _ name: String,
    of subject: SystemCall.Subject?,
    result: Int64,
    errno: Errno? = nil,
    from start: Int64,
    to end: Int64,
    detail: String?
  ) {
    let call = SystemCall(
      name: name,
      subject: subject,
      result: result,
      errorName: errno?.name,
      took: end - start,
      detail: detail
    )
    write(call, at: end)
    if answers { answer(call, errno: errno) }
  }

  private func write(_ call: SystemCall, at moment: Int64) {
    guard let descriptor, !isAbandoned.load(ordering: .relaxed) else { return }
    var object = JSONObject([("t", .integer(moment))])
    for member in call.json.members { object[member.name] = member.value }
    do throws(SystemError) {
      try FileIO.writePatiently(JSON.object(object).utf8 + [UInt8(ascii: "\n")], to: descriptor)
    } catch {
      isAbandoned.store(true, ordering: .relaxed)
    }
  }

  /// The answer to whoever typed the call: `read(socket) = -1 ECONNRESET (Connection reset by peer), 1.204s`.
  private func answer(_ call: SystemCall, errno: Errno?) {
    let reason = errno.map { " (\($0.text))" } ?? ""
    Console.answer(call.text + reason + ", " + Duration.nanoseconds(call.took ?? 0).text)
  }
}

extension EventWriter {
  /// Makes a call that succeeds or throws, and tells of it; `result` is what the C function returned, 0 for most.
  func call<Result: ~Copyable>(
    _ name: String,
    of subject: SystemCall.Subject? = nil,
    detail: @autoclosure () -> String? = nil,
    blocks: Bool = false,
    result: (borrowing Result) -> (number: Int64, detail: String?) = { _ in (0, nil) },
    _ body: () throws(SystemError) -> Result
  ) throws(SystemError) -> Result {
    guard isOn else { return try body() }
    let detail = detail()
    if blocks { enter(name, of: subject, detail: detail) }
    let start = Clock.monotonic
    do throws(SystemError) {
      let value = try body()
      let end = Clock.monotonic
      let told = result(value)
      record(name, of: subject, result: told.number, from: start, to: end, detail: told.detail ?? detail)
      return value
    } catch {
      let end = Clock.monotonic
      record(name, of: subject, result: -1, errno: error.errno, from: start, to: end, detail: detail)
      throw error
    }
  }

  /// Reads once and tells of it.
  func read(
    _ descriptor: CInt,
    of subject: SystemCall.Subject,
    into buffer: inout [UInt8],
    blocks: Bool = false,
    interruptible: Bool = false
  ) -> ReadOutcome {
    guard isOn else { return Transfer.read(descriptor, into: &buffer, interruptible: interruptible) }
    if blocks { enter("read", of: subject) }
    let start = Clock.monotonic
    let outcome = Transfer.read(descriptor, into: &buffer, interruptible: interruptible)
    let end = Clock.monotonic
    let (result, errno): (Int64, Errno?) =
      switch outcome {
      case .data(let count): (Int64(count), nil)
      case .endOfStream: (0, nil)
      case .wouldBlock: (-1, .wouldBlock)
      case .failed(let errno): (-1, errno)
      }
    record("read", of: subject, result: result, errno: errno, from: start, to: end, detail: nil)
    return outcome
  }

  /// Writes once, by `body`, and tells of it.
  func write(of subject: SystemCall.Subject, blocks: Bool = false, _ body: () -> WriteOutcome) -> WriteOutcome {
    guard isOn else { return body() }
    if blocks { enter("write", of: subject) }
    let start = Clock.monotonic
    let outcome = body()
    let end = Clock.monotonic
    let (result, errno): (Int64, Errno?) =
      switch outcome {
      case .written(let count): (Int64(count), nil)
      case .wouldBlock: (-1, .wouldBlock)
      case .failed(let errno): (-1, errno)
      }
    record("write", of: subject, result: result, errno: errno, from: start, to: end, detail: nil)
    return outcome
  }

  /// Takes the error pending on `socket`, the one place where dnc does, and tells of it.
  ///
  /// The result is the error's number and the detail its name. To be called only when poll reported an error or a
  /// hang-up and reading gave none: on a socket that still works it would take away what the kernel ends it with.
  func takePendingError(of socket: borrowing TCPSocket) -> Errno? {
    let start = Clock.monotonic
    let error: Errno?
    do throws(SystemError) {
      error = try socket.takePendingError()
    } catch {
      record(
        "getsockopt",
        of: .socket,
        result: -1,
        errno: error.errno,
        from: start,
        to: Clock.monotonic,
        detail: "SO_ERROR"
      )
      return nil
    }
    let end = Clock.monotonic
    if isOn {
      let detail = "SO_ERROR" + (error.map { " " + $0.name } ?? "")
      record("getsockopt", of: .socket, result: Int64(error?.rawValue ?? 0), from: start, to: end, detail: detail)
    }
    return error
  }

  /// Closes a socket and tells of it.
  func close(_ socket: consuming TCPSocket, _ subject: SystemCall.Subject) throws(Failure) {
    let start = Clock.monotonic
    do throws(SystemError) {
      try socket.close()
      if isOn { record("close", of: subject, result: 0, from: start, to: Clock.monotonic, detail: nil) }
    } catch {
      record("close", of: subject, result: -1, errno: error.errno, from: start, to: Clock.monotonic, detail: nil)
      throw .connection(call: "close", error.errno)
    }
  }

  /// Polls and tells of it; each entry has the name under which it is told.
  func poll(
    _ entries: inout [PollEntry],
    names: [String],
    timeout: Duration? = nil,
    interruptible: Bool = false
  ) throws(SystemError) -> Int {
    guard isOn else { return try Sockets.poll(&entries, timeout: timeout, interruptible: interruptible) }
    let asked = zip(names, entries).filter { $0.1.descriptor >= 0 }
    let question = asked.map { "\($0) \($1.interest.names)" }.joined(separator: ", ")
    enter("poll", detail: question + (timeout.map { ", \($0.text)" } ?? ""))
    let start = Clock.monotonic
    do throws(SystemError) {
      let count = try Sockets.poll(&entries, timeout: timeout, interruptible: interruptible)
      let end = Clock.monotonic
      let detail = zip(names, entries).filter { $0.1.descriptor >= 0 }
        .map { "\($0) \($1.ready.text)" }.joined(separator: ", ")
      record("poll", of: nil, result: Int64(count), from: start, to: end, detail: detail)
      return count
    } catch {
      record("poll", of: nil, result: -1, errno: error.errno, from: start, to: Clock.monotonic, detail: question)
      throw error
    }
  }
}

extension Readiness {
  /// The bits as C has them: `POLLIN|POLLHUP`; `0` for none.
  var names: String {
    let table: [(Readiness, String)] = [
      (.readable, "POLLIN"), (.writable, "POLLOUT"), (.errorPending, "POLLERR"), (.hungUp, "POLLHUP"),
      (.invalid, "POLLNVAL"), (.peerClosed, "POLLRDHUP"),
    ]
    let names = table.filter { contains($0.0) }.map(\.1)
    return names.isEmpty ? "0" : names.joined(separator: "|")
  }

  /// The bits as a number: `0x19`.
  var hexadecimal: String { "0x" + String(UInt16(bitPattern: rawValue), radix: 16) }

  /// The number and the names: `0x19 POLLIN|POLLERR|POLLHUP`; `0x0` for none.
  var text: String { isEmpty ? hexadecimal : hexadecimal + " " + names }
}
