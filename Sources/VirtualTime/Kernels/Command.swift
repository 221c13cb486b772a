internal import Sockets

/// A program of the system that is run to its end for what it prints.
struct Command {
  /// The program and its arguments.
  var words: [String]
  /// The Debian package that has the program, named if it is missing.
  var package: String
  /// Signals that end the command, and the work that it is part of.
  var signals: SignalQueue?
  /// The directory it runs in.
  var directory: String?
  /// Where its standard output goes instead of being read here.
  var redirection: SharedDescriptor?

  /// A command.
  init(_ words: [String], package: String, interruptedBy signals: SignalQueue? = nil) {
    self.words = words
    self.package = package
    self.signals = signals
  }

  /// How a command ended and what it printed.
  struct Result {
    var ending: ProcessEnding?
    var output: [UInt8] = []
    var complaint: [UInt8] = []
  }

  /// Runs the command and returns what it printed; throws with its own complaint if it fails.
  func output() throws(KernelError) -> [UInt8] {
    let result = try run()
    guard result.ending == .exited(0) else {
      let complaint = Command.lines(result.complaint).joined(separator: "; ")
      throw KernelError("'\(words[0])' failed: \(complaint.isEmpty ? "without a word" : complaint)")
    }
    return result.output
  }

  /// Runs the command and returns the lines that it printed.
  func outputLines() throws(KernelError) -> [String] {
    Command.lines(try output())
  }

  /// Runs the command to its end, whatever that is; throws if it cannot be started, or a signal came.
  func run() throws(KernelError) -> Result {
    var result = Result()
    let signal: Signal?
    do {
      let (process, output, complaint) = try start()
      signal = try read(output.rawValue, complaint.rawValue, into: &result)
      if signal != nil { Signal.kill.send(to: process) }
      result.ending = ChildProcess.wait(for: process)
    } catch {
      if error.errno == .noSuchFile, Programs.path(of: words[0]) == nil {
        throw KernelError("'\(words[0])' is missing: apt-get install \(package)")
      }
      throw KernelError(words[0], error)
    }
    if let signal { throw .interrupted(by: signal) }
    return result
  }

  private func start() throws(SystemError) -> (process: Int32, output: SharedDescriptor, complaint: SharedDescriptor) {
    var output = try Pipe()
    var complaint = try Pipe()
    let null = try FileIO.open("/dev/null")
    let process = try Spawning(
      words: (directory.map { ["env", "-C", $0] } ?? []) + words,
      environment: Command.environment,
      descriptors: [null.rawValue, redirection?.rawValue ?? output.writing.rawValue, complaint.writing.rawValue]
    ).start()
    output.closeWriting()
    complaint.closeWriting()
    return (process, output.reading, complaint.reading)
  }

  /// Reads both pipes at once, so that the program can fill neither while the other is waited for.
  ///
  /// Returns the signal that came before their end.
  private func read(_ output: CInt, _ complaint: CInt, into result: inout Result) throws(SystemError) -> Signal? {
    var entries = [PollEntry(output, .readable), PollEntry(complaint, .readable)]
    entries.append(PollEntry(signals?.descriptor ?? -1, .readable))
    while entries[0].descriptor >= 0 || entries[1].descriptor >= 0 {
      _ = try poll(&entries, timeout: nil)
      if !entries[2].ready.isEmpty, let signal = signals?.read().first { return signal }
      for index in 0...1 where !entries[index].ready.isEmpty {
        guard case .bytes(let bytes) = try FileIO.read(entries[index].descriptor) else {
          entries[index].descriptor = -1
          continue
        }
        if index == 0 { result.output += bytes } else { result.complaint += bytes }
      }
    }
    return nil
  }

  /// The caller's environment in a language whose messages are known, with the system's directories in PATH.
  private static var environment: [String] {
    let own = ChildProcess.ownEnvironment
    let path = own.first { $0.hasPrefix("PATH=") }.map { $0.dropFirst(5) + ":" } ?? ""
    return own.filter { !$0.hasPrefix("LC_ALL=") && !$0.hasPrefix("PATH=") } + [
      "LC_ALL=C.UTF-8", "PATH=" + path + "/usr/sbin:/sbin:/usr/bin:/bin",
    ]
  }

  private static func lines(_ bytes: [UInt8]) -> [String] {
    bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
  }
}
