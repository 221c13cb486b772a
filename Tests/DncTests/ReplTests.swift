import CLinux
import Glibc
import Sockets
import Testing
import Timeline

/// `--repl`: the socket by hand.
@Suite(.timeLimit(.minutes(10))) struct ReplTests {
  /// dnc with `--repl`, connected to a peer.
  static func connected(_ options: [String] = []) throws -> (peer: Connected, program: Program) {
    let listener = try Peer.listener()
    let port = try #require(listener.localAddress?.port)
    let dnc = try Program(options + ["--repl", "127.0.0.1", "\(port)"])
    try dnc.type("connect\n")
    let peer = Connected(try listener.accept())
    try dnc.waitForCall("connect(socket, 127.0.0.1:\(port)) = 0")
    return (peer, dnc)
  }

  /// The answers without the time that each call took, which is checked to be there.
  static func answers(_ dnc: Program) throws -> [String] {
    try dnc.lines.map { line in
      guard line.contains(" = ") else { return line }
      let parts = line.split(separator: ", ")
      _ = try Duration(text: #require(parts.last))
      return parts.dropLast().joined(separator: ", ")
    }
  }

  @Test func eachCallIsAnsweredWithItsResultAndItsTime() throws {
    let (peer, dnc) = try Self.connected()
    try dnc.type("write \"kodos, \\x61re you there?\\n\"\n")
    #expect(try peer.receive(22) == Array("kodos, are you there?\n".utf8))
    try peer.send("yes")
    try dnc.type("poll 5s\nread\nshutdown write\n")
    #expect(try peer.receive() == [])
    try dnc.type("poll 10ms in out\nset keepalive 10s,5s,3\nset user-timeout 9s\nerror\nclose\nwait 1ms\n")
    dnc.endInput()
    #expect(try dnc.finish() == .exited(0))
    #expect(
      try Self.answers(dnc).dropFirst(2) == [
        "write(socket) = 22", "poll(socket 0x1 POLLIN) = 1", "read(socket) = 3", "received \"yes\"",
        "shutdown(socket, SHUT_WR) = 0", "poll(socket 0x4 POLLOUT) = 1", "setsockopt(socket, TCP_KEEPIDLE 10s) = 0",
        "setsockopt(socket, TCP_KEEPINTVL 5s) = 0", "setsockopt(socket, TCP_KEEPCNT 3) = 0",
        "setsockopt(socket, SO_KEEPALIVE on) = 0", "setsockopt(socket, TCP_USER_TIMEOUT 9s) = 0",
        "getsockopt(socket, SO_ERROR) = 0", "close(socket) = 0", dnc.lines.last ?? "",
      ]
    )
    #expect(dnc.lines.last?.hasPrefix("waited ") == true)
    #expect(dnc.complaint == "")
  }

  /// What --repl is for: nothing is learnt between the calls, and the error is told once.
  @Test func aProgramThatMakesNoCallLearnsNothing() throws {
    let (peer, dnc) = try Self.connected()
    try peer.reset()
    try dnc.type("poll 5s\nread\nread\nwrite \"x\"\ninfo\nconnect\nclose\nread\n")
    dnc.endInput()
    #expect(try dnc.finish() == .exited(2))
    let answers = try Self.answers(dnc)
    #expect(
      answers.dropFirst(2).prefix(4) == [
        "poll(socket 0x19 POLLIN|POLLERR|POLLHUP) = 1", "read(socket) = -1 ECONNRESET (Connection reset by peer)",
        "read(socket) = 0", "write(socket) = -1 EPIPE (Broken pipe)",
      ]
    )
    #expect(answers.contains { $0.hasPrefix("  state ") && $0.hasSuffix(" CLOSED") })
    #expect(
      dnc.complaint == """
        dnc: there is a socket already: type 'close' first
        dnc: there is no socket: type 'connect' or 'accept' first

        """
    )
  }

  @Test func thePendingErrorIsTakenOnce() throws {
    let (peer, dnc) = try Self.connected()
    try peer.reset()
    try dnc.type("poll\nerror\nerror\nread\n")
    dnc.endInput()
    #expect(try dnc.finish() == .exited(0))
    #expect(
      try Self.answers(dnc).dropFirst(3) == [
        "getsockopt(socket, SO_ERROR ECONNRESET) = 104", "getsockopt(socket, SO_ERROR) = 0", "read(socket) = 0",
      ]
    )
  }

  @Test func aListenerIsMadeByHandToo() throws {
    let dnc = try Program(["--repl", "-l", "-p", "0", "--bind", "127.0.0.1"])
    try dnc.type("listen\npoll 1ms\n")
    let port = try dnc.listeningPort()
    try dnc.waitForCall("poll(listener 0x0) = 0")
    let peer = try Connected(to: port)
    try dnc.type("poll 5s\naccept\nread\n")
    try peer.send("hello")
    try dnc.waitForCall("read(socket) = 5")
    try dnc.type("close listener\nclose\nclose\n")
    dnc.endInput()
    #expect(try dnc.finish() == .exited(2))
    let polls = dnc.calls.filter { $0.name == "poll" && $0.phase == .exit }.map(\.text)
    #expect(polls == ["poll(listener 0x0) = 0", "poll(listener 0x1 POLLIN) = 1"])
    #expect(dnc.complaint == "dnc: there is no socket: type 'connect' or 'accept' first\n")
  }

  @Test func aNonBlockingConnectIsShownStepByStep() throws {
    let listener = try Peer.listener()
    let port = try #require(listener.localAddress?.port)
    let dnc = try Program(["--repl", "127.0.0.1", "\(port)"])
    try dnc.type("set nonblocking on\nconnect\npoll 5s out\nerror\nread\n")
    dnc.endInput()
    #expect(try dnc.finish() == .exited(0))
    #expect(
      try Self.answers(dnc).dropFirst(2) == [
        "connect(socket, 127.0.0.1:\(port)) = -1 EINPROGRESS (Operation now in progress)",
        "poll(socket 0x4 POLLOUT) = 1", "getsockopt(socket, SO_ERROR) = 0",
        "read(socket) = -1 EAGAIN (Resource temporarily unavailable)",
      ]
    )
  }

  @Test(arguments: [
    ("raed", "there is no command 'raed'; did you mean 'read'?"),
    ("dance", "there is no command 'dance'; type 'help' for a list"),
    ("poll 5", "'5' has no unit: write 5s for seconds or 5ms for milliseconds"),
    ("poll soon", "'soon' is not a duration: write a number with a unit, such as 250ms, 9s, 2m, 1h or 1m30s"),
    ("poll 1s 2s", "write it as: poll [TIME] [in] [out]"), ("read 0", "'0' is out of range: write 1 to 16777216 bytes"),
    ("read x y", "write it as: read [BYTES]"), ("write", "write it as: write \"TEXT\""),
    ("write \"abc", "the text has no closing quote"),
    ("write \"a\\q\"", "'\\q' is no escape: there are \\n \\r \\t \\0 \\\\ \\\" and \\xNN"),
    ("shutdown now", "write it as: shutdown read, shutdown write or shutdown both"),
    ("set", "write it as: set OPTION VALUE"),
    ("set keepalvie 1", "there is no option 'keepalvie'; did you mean 'keepalive'?"),
    (
      "set user-timeout 9",
      "option '--user-timeout': '9' has no unit: TCP_USER_TIMEOUT counts milliseconds, so write 9ms (or 9s for seconds)"
    ),
    ("set user-timeout off", "option 'user-timeout' cannot be turned off"), ("wait", "write it as: wait TIME"),
    ("close everything", "write it as: close [listener]"), ("connect host", "write it as: connect [HOST PORT]"),
    ("info now", "write it as: info"),
  ])
  func aLineThatIsNotUnderstoodIsExplained(line: String, message: String) throws {
    let dnc = try Program(["--repl", "127.0.0.1", "9"])
    try dnc.type(line + "\n")
    dnc.endInput()
    #expect(try dnc.finish() == .exited(2))
    #expect(dnc.complaint == "dnc: \(message)\n")
  }

  @Test func helpListsTheCommandsAndQuitLeaves() throws {
    let dnc = try Program(["--repl", "127.0.0.1", "9"])
    try dnc.type("\n# a remark\nhelp\nquit\nread\n")
    #expect(try dnc.finish() == .exited(0))
    for name in ["connect", "poll", "read", "write", "shutdown", "close", "set", "error", "info", "wait", "help"] {
      #expect(dnc.lines.contains { $0.hasPrefix(name) })
    }
    #expect(dnc.complaint == "")
  }

  /// At a terminal an interrupt ends the call that blocks, and dnc asks for the next line.
  @Test func anInterruptEndsTheCallNotTheProgram() throws {
    let terminal = try PseudoTerminal()
    let listener = try Peer.listener()
    let port = try #require(listener.localAddress?.port)
    let dnc = try Program(
      ["--repl", "127.0.0.1", "\(port)"],
      input: .descriptor(terminal.slave.rawValue)
    )
    try FileIO.writeAll(Array("connect\nread\n".utf8), to: terminal.master.rawValue)
    try dnc.wait("the blocking read") { dnc.calls.contains { $0.text == "read(socket) …" } }
    try dnc.wait("the interrupted read") {
      // The signal has to come after the call has begun, which no event can tell: it is sent until it has done so.
      Signal.interrupt.send(to: dnc.process)
      return dnc.calls.contains { $0.text == "read(socket) = -1 EINTR" }
    }
    try FileIO.writeAll(Array("\nquit\n".utf8), to: terminal.master.rawValue)
    #expect(try dnc.finish() == .exited(0))
    #expect(dnc.lines.contains { $0.contains("read(socket) = -1 EINTR (Interrupted system call), ") })
  }
}

/// Both ends of a terminal that no one sits at.
///
/// See pts(4) and ioctl_tty(2).
struct PseudoTerminal {
  let master: SharedDescriptor
  let slave: SharedDescriptor

  /// TIOCSPTLCK and TIOCGPTN, macros that Swift does not see.
  private static let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)

  init() throws {
    let end = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(end >= 0)
    master = SharedDescriptor(FileDescriptor(owning: end))
    var (unlocked, number): (CInt, CInt) = (0, 0)
    let done = unsafe clinux_ioctl_int(end, Self.setLock, &unlocked) + clinux_ioctl_int(end, Self.getNumber, &number)
    try #require(done == 0)
    let other = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    try #require(other >= 0)
    slave = SharedDescriptor(FileDescriptor(owning: other))
  }
}
