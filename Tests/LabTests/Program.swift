import Glibc
import Sockets
import Testing

/// The built programs, driven as a user does: as child processes.
struct Program {
  /// What a program that has ended left behind.
  struct Outcome {
    var status: ProcessEnding?
    var output: String
    var errors: String
  }

  /// Who runs the program.
  enum User: String, CaseIterable, CustomTestStringConvertible {
    /// Root, who makes namespaces directly.
    case root
    /// An ordinary user, who needs a user namespace.
    case ordinary

    var testDescription: String { rawValue }

    /// The words that go before a command so that this user runs it.
    var prefix: [String] {
      switch self {
      case .ordinary where Privilege.isRoot:
        ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
      default: []
      }
    }

    /// Those whom this test run can be: an ordinary user cannot become root.
    static var possible: [User] { Privilege.isRoot ? [.root, .ordinary] : [.ordinary] }
  }

  /// The folder of the built programs, where an ordinary user can reach them too.
  ///
  /// A checkout may lie in a folder that only its owner may enter, so the programs are copied out of it once.
  static let folder: String = {
    let built = ChildProcess.ownDirectory ?? "."
    let copy = "/tmp/halfopen-tests.\(getpid())"
    _ = mkdir(copy, 0o755)
    atexit { Program.removeFolder() }
    for name in ["halfopen", "dnc"] {
      let bytes = (try? FileIO.contents(of: "\(built)/\(name)")) ?? []
      guard let file = try? FileIO.open("\(copy)/\(name)", for: .replacing) else { continue }
      try? FileIO.writeAll(bytes, to: file.rawValue)
      _ = chmod("\(copy)/\(name)", 0o755)
    }
    return copy
  }()

  /// Removes the copies and what tests wrote beside them.
  private static func removeFolder() {
    for name in (try? FileIO.names(in: folder)) ?? [] { unlink("\(folder)/\(name)") }
    rmdir(folder)
  }

  /// Writes a lab into the folder, and returns its path.
  static func write(_ lab: String, _ name: String) throws -> String {
    let path = "\(folder)/\(name).lab"
    try FileIO.write(lab, toNew: path)
    return path
  }

  static var halfopen: String { folder + "/halfopen" }
  static var dnc: String { folder + "/dnc" }

  /// The repository's folder: where `Package.swift` is.
  static let repository: String = {
    var parts = #filePath.split(separator: "/")
    parts.removeLast(3)
    return "/" + parts.joined(separator: "/")
  }()

  /// Runs a command to its end, with `input` on its standard input.
  static func run(
    _ command: [String],
    as user: User = .root,
    input: String = "",
    environment: [String] = []
  ) throws -> Outcome {
    let started = try Started(command, as: user, environment: environment)
    try started.type(input)
    started.endInput()
    return try started.finish()
  }

  /// Starts a program with these three descriptors.
  ///
  /// Tests run on many threads, where only posix_spawn(3) is safe.
  private static func spawn(_ command: [String], environment: [String], descriptors: [CInt]) throws -> Int32 {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    for (number, descriptor) in descriptors.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor, CInt(number))
    }
    var arguments = command.map { strdup($0) } + [nil]
    var variables = environment.map { strdup($0) } + [nil]
    defer { for text in arguments + variables { free(text) } }
    var process: pid_t = 0
    let result = posix_spawnp(&process, command[0], &actions, nil, &arguments, &variables)
    guard result == 0 else {
      throw SystemError(call: "posix_spawn", subject: command[0], errno: Errno(rawValue: result))
    }
    return process
  }

  /// A program that runs.
  final class Started {
    let process: Int32
    private var input: SharedDescriptor?
    private let output: SharedDescriptor
    private let errors: SharedDescriptor
    private(set) var outputText = ""
    private var errorText = ""

    init(_ command: [String], as user: User = .root, environment: [String] = []) throws {
      let (input, output, errors) = (try Pipe(), try Pipe(), try Pipe())
      process = try Program.spawn(
        user.prefix + command,
        environment: ChildProcess.ownEnvironment + environment,
        descriptors: [input.reading.rawValue, output.writing.rawValue, errors.writing.rawValue]
      )
      self.input = input.writing
      self.output = output.reading
      self.errors = errors.reading
    }

    func type(_ text: String) throws {
      if let input { try FileIO.writeAll(Array(text.utf8), to: input.rawValue) }
    }

    func endInput() { input = nil }

    /// Reads what it prints until a line contains `text`, or it ends.
    ///
    /// Returns whether it did.
    func wait(for text: String) throws -> Bool {
      while !outputText.contains(text) {
        guard case .bytes(let bytes) = try FileIO.read(output.rawValue) else { return false }
        outputText += String(decoding: bytes, as: UTF8.self)
      }
      return true
    }

    /// Reads all that it still prints, and waits for its end.
    func finish() throws -> Outcome {
      var open = [output, errors]
      while !open.isEmpty {
        var entries = open.map { PollEntry($0.rawValue, .readable) }
        _ = try poll(&entries, timeout: nil)
        for (index, entry) in entries.enumerated().reversed() where !entry.ready.isEmpty {
          switch try FileIO.read(entry.descriptor) {
          case .bytes(let bytes):
            let text = String(decoding: bytes, as: UTF8.self)
            if entry.descriptor == output.rawValue { outputText += text } else { errorText += text }
          default: open.remove(at: index)
          }
        }
      }
      return Outcome(status: ChildProcess.wait(for: process), output: outputText, errors: errorText)
    }
  }
}
