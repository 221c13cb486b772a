import CommandLine
import Sockets
import Timeline

/// `--repl`: the socket by hand, one system call for each line typed, each answered with what it returned.
///
/// Nothing happens between the lines: what poll would have told is learnt by the next call, or not at all.
struct Repl: ~Copyable {
  var opening: Opening
  private var socket: TCPSocket?
  private var listener: TCPSocket?
  private var isNonBlocking = false
  private let isInteractive = FileIO.isTerminal(0)

  var events: EventWriter { opening.events }

  init(_ opening: Opening) {
    self.opening = opening
  }

  /// Reads and performs lines until the input ends; returns whether every line was understood.
  mutating func run() -> Bool {
    var input = LineInput()
    var allUnderstood = true
    if isInteractive {
      // At a terminal Ctrl-C ends the call that blocks; a program that drives dnc can still end dnc with it.
      Signal.interrupt.interruptsCallsOnly()
      Console.answer("dnc: the socket by hand; 'help' lists the calls, Ctrl-C interrupts one, Ctrl-D leaves")
    }
    while true {
      if isInteractive { Console.print("> ") }
      switch input.next() {
      case .line(let line):
        do throws(UsageError) {
          guard try perform(line) else { return allUnderstood || isInteractive }
        } catch {
          Console.complain(error.description)
          allUnderstood = false
        }
      case .interrupted: Console.print("\n")
      case .end:
        if isInteractive { Console.print("\n") }
        return allUnderstood || isInteractive
      }
    }
  }

  /// What `poll` waits for: the connection, or else the listener.
  var polled: (descriptor: CInt, name: String)? {
    switch socket {
    case .some(let socket): (socket.rawValue, "socket")
    case .none:
      switch listener {
      case .some(let listener): (listener.rawValue, "listener")
      case .none: nil
      }
    }
  }

  mutating func connect(_ arguments: [String]) throws(UsageError) {
    guard arguments.isEmpty || arguments.count == 2 else { throw UsageError("write it as: connect [HOST PORT]") }
    guard socket == nil else { throw UsageError("there is a socket already: type 'close' first") }
    let host = arguments.isEmpty ? opening.settings.host : arguments[0]
    guard let host else { throw UsageError("where to? Write it as: connect HOST PORT") }
    do throws(Failure) {
      let addresses = try opening.resolve(host: host, port: arguments.isEmpty ? opening.settings.port : arguments[1])
      for address in addresses {
        let made = try opening.makeSocket(for: address)
        if isNonBlocking { made.setNonBlocking(true) }
        let failure = connectFailure(made, address)
        // A failed socket is kept, since what it says afterwards is of interest; but another address has its turn.
        socket = consume made
        if failure == nil || failure == .interrupted || failure == .inProgress { return }
      }
    } catch {
      tell(error)
    }
  }

  private func connectFailure(_ socket: borrowing TCPSocket, _ address: SocketAddress) -> Errno? {
    do throws(Failure) {
      try opening.connect(socket, to: address)
      return nil
    } catch {
      if case .connection(_, let errno) = error { return errno }
      return nil
    }
  }

  mutating func listen(_ arguments: [String]) throws(UsageError) {
    try expect(arguments, 0...1, "listen")
    guard listener == nil else { throw UsageError("there is a listener already: type 'close listener' first") }
    if let port = arguments.first { opening.settings.port = port }
    do throws(Failure) {
      listener = try opening.listen()
    } catch {
      tell(error)
    }
  }

  mutating func accept(_ arguments: [String]) throws(UsageError) {
    try expect(arguments, 0...0, "accept")
    guard socket == nil else { throw UsageError("there is a socket already: type 'close' first") }
    switch listener {
    case .none: throw UsageError("there is no listener: type 'listen' first")
    case .some(let listener):
      do throws(Failure) {
        let accepted = try opening.accept(from: listener)
        if isNonBlocking { accepted.setNonBlocking(true) }
        socket = consume accepted
      } catch {
        tell(error)
      }
    }
  }

  mutating func read(_ arguments: [String]) throws(UsageError) {
    try expect(arguments, 0...1, "read")
    var size = 65536
    if let text = arguments.first {
      do throws(InvalidValue) {
        size = try byteCount(text, in: 1...1 << 24)
      } catch {
        throw UsageError(error.reason)
      }
    }
    let descriptor = try connection()
    var buffer = [UInt8](repeating: 0, count: size)
    if case .data(let count) = events.read(descriptor, of: .socket, into: &buffer, blocks: true, interruptible: true) {
      Console.answer("received " + quoted(buffer.prefix(count)))
    }
  }

  mutating func write(_ arguments: [ReplLine.Word]) throws(UsageError) {
    guard arguments.count == 1 else { throw UsageError("write it as: write \"TEXT\"") }
    let descriptor = try connection()
    _ = events.write(of: .socket, blocks: true) {
      Transfer.write(arguments[0].bytes[...], to: descriptor, interruptible: true)
    }
  }

  mutating func shutdown(_ arguments: [String]) throws(UsageError) {
    guard arguments.count == 1, let direction = TCPSocket.Direction(rawValue: arguments[0]) else {
      throw UsageError("write it as: shutdown read, shutdown write or shutdown both")
    }
    let name = [TCPSocket.Direction.read: "SHUT_RD", .write: "SHUT_WR"][direction] ?? "SHUT_RDWR"
    switch socket {
    case .none: throw UsageError(Repl.noSocket)
    case .some(let socket):
      try? events.call("shutdown", of: .socket, detail: name) { () throws(SystemError) in try socket.shutdown(direction)
      }
    }
  }

  mutating func close(_ arguments: [String]) throws(UsageError) {
    switch arguments {
    case []:
      guard let open = socket.take() else { throw UsageError(Repl.noSocket) }
      try? events.close(open, .socket)
    case ["listener"]:
      guard let open = listener.take() else { throw UsageError("there is no listener") }
      try? events.close(open, .listener)
    default: throw UsageError("write it as: close [listener]")
    }
  }

  mutating func takeError(_ arguments: [String]) throws(UsageError) {
    try expect(arguments, 0...0, "error")
    switch socket {
    case .none: throw UsageError(Repl.noSocket)
    case .some(let socket): _ = events.takePendingError(of: socket)
    }
  }

  /// Sets what `change` asks for on the sockets that are open.
  mutating func apply(_ change: Settings) {
    let setup = SocketSetup(settings: change, events: events)
    do throws(Failure) {
      switch socket {
      case .some(let socket):
        try setup.prepare(socket, as: .socket)
        try setup.configure(socket)
      case .none:
        switch listener {
        case .some(let listener): try setup.prepare(listener, as: .listener)
        case .none: Console.answer("there is no socket yet: it is set when one is made")
        }
      }
    } catch {
      tell(error)
    }
  }

  /// Turns an option off, or the socket's non-blocking mode on or off.
  mutating func setSwitch(_ name: String, _ value: String) throws(UsageError) {
    guard value == "on" || value == "off" else { throw UsageError("'\(value)' is unknown: write on or off") }
    if name == "nonblocking" { isNonBlocking = value == "on" }
    switch name {
    case "keepalive":
      opening.settings.keepAliveIdle = nil
      opening.settings.keepAliveInterval = nil
      opening.settings.keepAliveCount = nil
    case "linger": opening.settings.linger = nil
    case "no-delay": opening.settings.noDelay = false
    case "nonblocking": break
    default: throw UsageError("option '\(name)' cannot be turned off")
    }
    switch socket {
    case .none: Console.answer("there is no socket yet: it holds for the next one")
    case .some(let socket):
      let setup = SocketSetup(settings: opening.settings, events: events)
      do throws(Failure) {
        switch name {
        case "keepalive": try setup.set(.keepAlive, false, "off", socket, .socket)
        case "linger": try setup.set(.linger, nil, "off", socket, .socket)
        case "no-delay": try setup.set(.noDelay, false, "off", socket, .socket)
        default: socket.setNonBlocking(isNonBlocking)
        }
      } catch {
        tell(error)
      }
    }
  }

  mutating func showOptions(_ arguments: [String]) throws(UsageError) {
    try expect(arguments, 0...0, "options")
    switch (socket != nil, listener != nil) {
    case (false, false): throw UsageError("there is no socket: type 'connect' or 'listen'")
    default: break
    }
    switch socket {
    case .some(let socket): showOptionValues(of: socket)
    case .none:
      switch listener {
      case .some(let listener): showOptionValues(of: listener)
      case .none: break
      }
    }
  }

  mutating func showInfo(_ arguments: [String]) throws(UsageError) {
    try expect(arguments, 0...0, "info")
    switch socket {
    case .some(let socket): showConnection(socket)
    case .none: throw UsageError(Repl.noSocket)
    }
  }

  static let noSocket = "there is no socket: type 'connect' or 'accept' first"

  private func connection() throws(UsageError) -> CInt {
    switch socket {
    case .some(let socket): return socket.rawValue
    case .none: throw UsageError(Repl.noSocket)
    }
  }

  /// System calls have been answered already; everything else is told here.
  private func tell(_ failure: Failure) {
    if case .resolution(let error) = failure { Console.complain(error.description) }
  }
}
