import Glibc
import Sockets
import Testing
import Timeline

/// The built dnc as a child process, with its input, outputs and events in the test's hands.
final class Program {
  /// How a program ended.
  enum Ending: Hashable {
    case exited(CInt)
    case killed(CInt)
  }

  /// What a test waits for longer than this is not going to happen.
  static let patience = Duration.seconds(20)

  let process: pid_t
  private var input: SharedDescriptor?
  private(set) var output: [UInt8] = []
  private(set) var errors: [UInt8] = []
  private var eventBytes: [UInt8] = []
  private var streams: [(kind: Stream, descriptor: SharedDescriptor)] = []
  private var ending: Ending?
  /// Processor time that the program used, once it has ended.
  private(set) var processorTime = Duration.zero

  private enum Stream {
    case output, errors, events
  }

  /// Where one of the program's descriptors leads.
  enum End {
    /// To the test.
    case test
    /// To a descriptor of the test's.
    case descriptor(CInt)
    /// Nowhere: it is closed.
    case closed
  }

  /// Where the built programs are: beside the tests.
  static let directory: String = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
    let path = String(decoding: buffer.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  }()

  /// Starts dnc, or another program, with `arguments`; events come through the environment unless `events` is closed.
  init(
    _ arguments: [String],
    executable: String = directory + "/dnc",
    input: End = .test,
    output: End = .test,
    events: End = .test,
    environment: [String] = []
  ) throws {
    Signal.ignoreBrokenPipes()
    let inputPipe = try Pipe()
    let outputPipe = try Pipe()
    let errorPipe = try Pipe()
    let eventPipe = try Pipe()
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    // The numbers are made out of reach first, so that none is overwritten before it is copied.
    func connect(_ end: End, _ pipe: CInt, to number: CInt) {
      switch end {
      case .test: unsafe posix_spawn_file_actions_adddup2(&actions, pipe, number)
      case .descriptor(let own): unsafe posix_spawn_file_actions_adddup2(&actions, own, number)
      case .closed: unsafe posix_spawn_file_actions_addclose(&actions, number)
      }
    }
    connect(input, inputPipe.reading.rawValue, to: 0)
    connect(output, outputPipe.writing.rawValue, to: 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, errorPipe.writing.rawValue, 2)
    connect(events, eventPipe.writing.rawValue, to: 100)
    // Whatever the test's own threads ignore and block, a program starts with the signals as a shell would leave them.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
    var blocked = sigset_t()
    unsafe sigemptyset(&blocked)
    unsafe posix_spawnattr_setsigmask(&attributes, &blocked)
    unsafe posix_spawnattr_setflags(&attributes, CShort(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))
    var variables = ["PATH=/usr/bin:/bin"] + environment
    if case .closed = events {} else { variables.append("DNC_EVENTS=100") }
    var pid: pid_t = 0
    let code = unsafe withStrings([executable] + arguments) { arguments in
      unsafe withStrings(variables) { variables in
        unsafe posix_spawn(&pid, executable, &actions, &attributes, arguments, variables)
      }
    }
    try #require(code == 0, "\(executable) does not start: \(Errno(rawValue: code).name)")
    process = pid
    if case .test = input { self.input = inputPipe.writing }
    streams = [(.errors, errorPipe.reading), (.events, eventPipe.reading)]
    if case .test = output { streams.append((.output, outputPipe.reading)) }
    for stream in streams { FileIO.setNonBlocking(stream.descriptor.rawValue) }
  }

  deinit {
    if ending == nil {
      Signal.kill.send(to: process)
      _ = waitpid(process, nil, 0)
    }
  }

  /// Types into standard input; blocks if the program takes no more.
  func type(_ text: String) throws {
    try type(Array(text.utf8))
  }

  /// Types into standard input; blocks if the program takes no more.
  func type(_ bytes: [UInt8]) throws {
    try FileIO.writeAll(bytes, to: #require(input).rawValue)
  }

  /// The descriptor that leads to standard input, for a test that fills it itself.
  var inputDescriptor: CInt { input?.rawValue ?? -1 }

  /// Ends standard input.
  func endInput() { input = nil }

  /// Stops reading the program's output: it has no reader any more.
  func abandonOutput() { streams.removeAll { $0.kind == .output } }

  /// Stops reading the program's events: they have no reader any more.
  func abandonEvents() { streams.removeAll { $0.kind == .events } }

  /// The lines of standard output so far.
  var lines: [String] {
    String(decoding: output, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      .map(String.init)
  }

  /// Standard error so far.
  var complaint: String { String(decoding: errors, as: UTF8.self) }

  /// The events so far.
  var calls: [SystemCall] {
    eventObjects.compactMap { object in
      var object = object
      return SystemCall(taking: &object)
    }
  }

  /// The events so far, as they were written.
  var eventObjects: [JSONObject] {
    let complete = eventBytes.lastIndex(of: 10).map { eventBytes[..<$0] } ?? []
    return complete.split(separator: 10).compactMap { (try? JSON(text: String(decoding: $0, as: UTF8.self)))?.object }
  }

  /// Waits until `condition` holds, reading meanwhile what the program says.
  func wait(_ what: String, until condition: () -> Bool) throws {
    let deadline = Clock.monotonic + Program.patience.nanoseconds
    while !condition() {
      let isLate = Clock.monotonic > deadline
      if try isLate || !pump() {
        Issue.record("\(what) did not come about; stdout \(lines), stderr \(complaint), calls \(calls.map(\.text))")
        throw Errno.timedOut
      }
    }
  }

  /// Waits for a line of standard output that is, or with a time stamp ends in, `text`.
  func waitForLine(_ text: String) throws {
    try wait("the line '\(text)'") { lines.contains { $0 == text || $0.hasSuffix(": " + text) } }
  }

  /// Waits for a call that has returned.
  @discardableResult
  func waitForCall(_ text: String) throws -> SystemCall {
    try wait("the call \(text)") { calls.contains { $0.text == text } }
    return try #require(calls.first { $0.text == text })
  }

  /// Waits until the program is in a call that blocks.
  func waitForEntry(_ name: String, count: Int = 1) throws {
    try wait("entering \(name)") { calls.count { $0.name == name && $0.phase == .enter } >= count }
  }

  /// Reads what is there, waiting a little for it; `false` when nothing can come any more.
  private func pump() throws -> Bool {
    guard !streams.isEmpty else { return false }
    var entries = streams.map { PollEntry($0.descriptor.rawValue, .readable) }
    _ = try poll(&entries, timeout: .milliseconds(50))
    for index in streams.indices.reversed() where !entries[index].ready.isEmpty {
      switch try FileIO.read(streams[index].descriptor.rawValue) {
      case .bytes(let bytes):
        switch streams[index].kind {
        case .output: output += bytes
        case .errors: errors += bytes
        case .events: eventBytes += bytes
        }
      case .end: streams.remove(at: index)
      case .wouldBlock: break
      }
    }
    return true
  }

  /// Waits until the program has ended and everything it said is read.
  func finish(within patience: Duration = Program.patience) throws -> Ending {
    if let ending { return ending }
    let deadline = Clock.monotonic + patience.nanoseconds
    while try pump() {
      if Clock.monotonic > deadline {
        Issue.record("dnc does not end; stdout \(lines), stderr \(complaint), calls \(calls.map(\.text))")
        throw Errno.timedOut
      }
    }
    var status: CInt = 0
    var usage = rusage()
    _ = unsafe wait4(process, &status, 0, &usage)
    processorTime =
      .seconds(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + .microseconds(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
    let ending: Ending = status & 0x7f == 0 ? .exited(status >> 8 & 0xff) : .killed(status & 0x7f)
    self.ending = ending
    return ending
  }

  /// The port on which the program listens.
  func listeningPort() throws -> UInt16 {
    try wait("listening") { calls.contains { $0.name == "listen" } }
    let address = calls.first { $0.name == "listen" }?.detail?.split(separator: ",").first
    return try #require(address?.split(separator: ":").last.flatMap { UInt16($0) })
  }

  /// Whether the program goes to sleep, and then sleeps whenever it is looked at, a hundred times in a row.
  func sleeps() throws -> Bool {
    try wait("the program's sleep") { state == "S" }
    return (0..<100).allSatisfy { _ in
      sched_yield()
      return state == "S"
    }
  }

  /// The state in /proc: `S` for a process that waits, `R` for one that runs.
  private var state: Character? {
    guard let bytes = try? FileIO.contents(of: "/proc/\(process)/stat") else { return nil }
    return String(decoding: bytes, as: UTF8.self).split(separator: ") ").last?.first
  }
}

/// Lends `strings` to a C function as a null-terminated vector.
private func withStrings<Result>(
  _ strings: [String],
  _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  let pointers = unsafe strings.map { unsafe strdup($0) } + [nil]
  defer { unsafe pointers.forEach { unsafe free($0) } }
  return unsafe pointers.withUnsafeBufferPointer { buffer in
    guard let base = buffer.baseAddress else { preconditionFailure("the vector is not empty") }
    return unsafe body(base)
  }
}
