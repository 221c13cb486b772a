import CommandLine
import Sockets
import Timeline

extension Repl {
  /// What can be typed: the words, how they are written, and what they do.
  static let commands: [(name: String, form: String, help: String)] = [
    ("connect", "connect [HOST PORT]", "make a socket, set its options, connect it"),
    ("listen", "listen [PORT]", "make a socket, bind it, listen"),
    ("accept", "accept", "wait for a connection"),
    ("poll", "poll [TIME] [in] [out]", "wait for the socket, for ever without TIME"),
    ("read", "read [BYTES]", "read, waiting for data (65536)"),
    ("write", "write \"TEXT\"", "write, waiting for room; \\n \\t \\xNN are known"),
    ("shutdown", "shutdown read|write|both", "end one direction, or both"),
    ("close", "close [listener]", "close the socket, or the listener"),
    ("set", "set OPTION [VALUE]", "set keepalive 10s,5s,3; set user-timeout 9s; set no-delay"),
    ("error", "error", "take the error pending on the socket (SO_ERROR)"),
    ("options", "options", "the socket's options as the kernel has them"),
    ("info", "info", "what the kernel knows of the connection (TCP_INFO)"),
    ("wait", "wait TIME", "do nothing"),
    ("help", "help", "this list"),
    ("quit", "quit", "leave; so does the end of input"),
  ]

  /// The options of `set`: those of the command line that concern a socket.
  static let settable = [
    "keepalive", "keepalive-idle", "keepalive-interval", "keepalive-count", "user-timeout", "syn-retries", "linger",
    "defer-accept", "send-buffer", "receive-buffer", "no-delay", "nonblocking",
  ]

  /// Does what one line asks for; returns whether to go on.
  mutating func perform(_ line: String) throws(UsageError) -> Bool {
    let words = try ReplLine(line).words
    guard let first = words.first else { return true }
    let arguments = Array(words.dropFirst())
    let texts = arguments.map(\.text)
    switch first.text {
    case "connect": try connect(texts)
    case "listen": try listen(texts)
    case "accept": try accept(texts)
    case "poll": try poll(texts)
    case "read": try read(texts)
    case "write": try write(arguments)
    case "shutdown": try shutdown(texts)
    case "close": try close(texts)
    case "set": try set(texts)
    case "error": try takeError(texts)
    case "options": try showOptions(texts)
    case "info": try showInfo(texts)
    case "wait": try wait(texts)
    case "help":
      try expect(texts, 0...0, "help")
      for command in Repl.commands {
        let form = command.form + String(repeating: " ", count: max(1, 26 - command.form.count))
        Console.answer(form + command.help)
      }
    case "quit", "exit": return false
    default:
      let names = Repl.commands.map(\.name)
      guard let name = nearest(to: first.text, in: names) else {
        throw UsageError("there is no command '\(first.text)'; type 'help' for a list")
      }
      throw UsageError("there is no command '\(first.text)'; did you mean '\(name)'?")
    }
    return true
  }

  /// Refuses a wrong number of arguments by showing how the command is written.
  func expect(_ arguments: [String], _ count: ClosedRange<Int>, _ name: String) throws(UsageError) {
    guard !count.contains(arguments.count) else { return }
    let form = Repl.commands.first { $0.name == name }?.form ?? name
    throw UsageError("write it as: \(form)")
  }

  /// Reads a time of `poll` or `wait`.
  func time(_ text: String) throws(UsageError) -> Duration {
    do throws(Duration.TextError) {
      return try Duration(text: text)
    } catch {
      if case .missingUnit = error { throw UsageError(error.message) }
      throw UsageError("'\(text)' is \(error.message)")
    }
  }

  mutating func poll(_ arguments: [String]) throws(UsageError) {
    var (timeout, interest): (Duration?, Readiness) = (nil, [])
    for argument in arguments {
      switch argument {
      case "in": interest.insert(.readable)
      case "out": interest.insert(.writable)
      default:
        guard timeout == nil else { throw UsageError("write it as: poll [TIME] [in] [out]") }
        timeout = try time(argument)
      }
    }
    if interest.isEmpty { interest = .readable }
    guard let (descriptor, name) = polled else { throw UsageError("there is no socket: type 'connect' or 'listen'") }
    var entries = [PollEntry(descriptor, interest)]
    _ = try? events.poll(&entries, names: [name], timeout: timeout, interruptible: true)
  }

  mutating func wait(_ arguments: [String]) throws(UsageError) {
    try expect(arguments, 1...1, "wait")
    let duration = try time(arguments[0])
    let start = Clock.monotonic
    var nothing: [PollEntry] = []
    _ = try? Sockets.poll(&nothing, timeout: duration, interruptible: true)
    Console.answer("waited " + Duration.nanoseconds(Clock.monotonic - start).text)
  }

  mutating func set(_ arguments: [String]) throws(UsageError) {
    guard let name = arguments.first, arguments.count <= 2 else { throw UsageError("write it as: set OPTION VALUE") }
    guard Repl.settable.contains(name) else {
      guard let near = nearest(to: name, in: Repl.settable) else {
        throw UsageError("there is no option '\(name)'; there are \(Repl.settable.joined(separator: ", "))")
      }
      throw UsageError("there is no option '\(name)'; did you mean '\(near)'?")
    }
    let value = arguments.count == 2 ? arguments[1] : nil
    if value == "off" || name == "nonblocking" { return try setSwitch(name, value ?? "on") }
    var option = ["--" + name]
    if let value, !(name == "no-delay" && value == "on") { option.append(value) }
    var change = Settings()
    let request = try Settings.options.parse(option, into: &change)
    guard request == .run(operands: []) else { throw UsageError("option '\(name)' takes no value but 'off'") }
    // What is set now also holds for the sockets to come.
    _ = try Settings.options.parse(option, into: &opening.settings)
    apply(change)
  }
}
