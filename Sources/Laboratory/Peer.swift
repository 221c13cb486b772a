internal import LabScript
internal import Sockets
internal import Strace
internal import Timeline

/// A peer's program while it runs, and the four pipes that lead to it.
///
/// Of a traced one the fourth leads from strace.
final class Peer {
  let declaration: PeerDeclaration
  /// Its process as the laboratory sees it.
  let process: Int32
  private var input: SharedDescriptor?
  private var pendingInput: ArraySlice<UInt8> = []
  private var inputEnds = false
  private var streams: [Stream]
  private var trace: Trace?

  /// The descriptor where the program may write its system calls, one JSON line each, as `dnc --events` does.
  static let eventsDescriptor: CInt = 3
  /// The environment variable that tells a program so.
  static let eventsVariable = "DNC_EVENTS"

  private struct Stream {
    enum Kind {
      case output(Event.OutputStream)
      case calls
    }
    var kind: Kind
    var descriptor: SharedDescriptor?
    var lines = LineSplitter()
  }

  /// Starts the program in its host, whose namespaces are entered by `entrances`.
  init(
    _ declaration: PeerDeclaration,
    entrances: [ChildProcess.Entrance],
    environment: [String],
    directory: String
  ) throws(SystemError) {
    self.declaration = declaration
    let input = try Pipe()
    let output = try Pipe()
    let errors = try Pipe()
    let calls = try Pipe()
    let trace = declaration.isTraced ? try Trace(of: declaration) : nil
    var child = ChildProcess(
      command: trace?.command(tracing: declaration.command) ?? declaration.command,
      environment: environment,
      descriptors: [(input.reading.rawValue, 0), (output.writing.rawValue, 1), (errors.writing.rawValue, 2)]
    )
    if trace == nil {
      child.environment.append("\(Peer.eventsVariable)=\(Peer.eventsDescriptor)")
      child.descriptors.append((calls.writing.rawValue, Peer.eventsDescriptor))
    }
    child.entrances = entrances
    child.leadsSession = true
    child.directory = directory
    if declaration.isUnprivileged { Disk.settle(&child, from: directory) }
    process = try child.start()
    self.trace = trace
    self.input = input.writing
    streams = [
      Stream(kind: .calls, descriptor: calls.reading),
      Stream(kind: .output(.stdout), descriptor: output.reading),
      Stream(kind: .output(.stderr), descriptor: errors.reading),
    ]
    FileIO.setNonBlocking(self.input?.rawValue ?? -1)
    for stream in streams { FileIO.setNonBlocking(stream.descriptor?.rawValue ?? -1) }
  }

  /// What to poll for it.
  var interests: [PollEntry] {
    var entries = streams.compactMap { stream in stream.descriptor.map { PollEntry($0.rawValue, .readable) } }
    if let trace { entries.append(PollEntry(trace.descriptor, .readable)) }
    if let input, !pendingInput.isEmpty { entries.append(PollEntry(input.rawValue, .writable)) }
    return entries
  }

  /// When it should be read next although nothing came from it, by the monotonic clock: a call of it may block.
  var due: Int64? { trace?.due }

  /// Types into its standard input; what does not fit into the pipe follows when it reads.
  func type(_ text: String) {
    pendingInput += Array(text.utf8)
    writeInput()
  }

  /// Closes its standard input once everything typed is in.
  func endInput() {
    inputEnds = true
    writeInput()
  }

  /// Writes typed text as far as the pipe takes it.
  ///
  /// A program that has closed its input does not hear the rest.
  func writeInput() {
    guard let input else { return }
    while !pendingInput.isEmpty {
      guard let count = try? FileIO.write(pendingInput, to: input.rawValue) else {
        self.input = nil
        return
      }
      if count == 0 { return }
      pendingInput.removeFirst(count)
    }
    if inputEnds { self.input = nil }
  }

  /// Reads what it has said and done since the last time; `origin` is the clock's reading at moment zero.
  func read(now: Moment, origin: Int64) -> [Event] {
    var events = traced(origin: origin)
    for index in streams.indices {
      reading: while let descriptor = streams[index].descriptor {
        switch try? FileIO.read(descriptor.rawValue) {
        case .bytes(let bytes):
          for line in streams[index].lines.take(bytes) {
            events.append(event(line, from: streams[index].kind, now: now, origin: origin))
          }
        case .wouldBlock: break reading
        case .end, nil:
          if let line = streams[index].lines.finish() {
            events.append(event(line, from: streams[index].kind, now: now, origin: origin))
          }
          streams[index].descriptor = nil
        }
      }
    }
    return events
  }

  /// What strace has written of it since the last time.
  private func traced(origin: Int64) -> [Event] {
    let items = trace?.read() ?? []
    let now = Moment(nanoseconds: Clock.monotonic - origin)
    return items.map { item in
      let (host, name) = (declaration.host, declaration.name)
      switch item {
      case .call(let time, let call):
        let moment = Moment(nanoseconds: time.subtractingReportingOverflow(origin).partialValue)
        return Event(time: min(moment, now), host: host, peer: name, body: .call(call))
      case .unreadable(let line):
        return Event(
          time: now,
          host: host,
          peer: name,
          body: .note("strace of \(name) wrote what is no call: \(line)")
        )
      }
    }
  }

  private func event(_ line: String, from kind: Stream.Kind, now: Moment, origin: Int64) -> Event {
    let (host, name) = (declaration.host, declaration.name)
    switch kind {
    case .output(let stream):
      return Event(time: now, host: host, peer: name, body: .output(stream: stream, text: line))
    case .calls:
      guard var object = (try? JSON(text: line))?.object, let time = object.take(integer: "t"),
        let call = SystemCall(taking: &object)
      else {
        return Event(
          time: now,
          host: host,
          peer: name,
          body: .note("\(name) wrote a line to descriptor \(Peer.eventsDescriptor) that is no call: \(line)")
        )
      }
      // A program's own clock reading is believed only as far as it can be true.
      let moment = Moment(nanoseconds: time.subtractingReportingOverflow(origin).partialValue)
      return Event(time: min(moment, now), host: host, peer: name, body: .call(call), unknown: object)
    }
  }
}
