import Sockets
import Testing
import Timeline

/// Every option reaches the kernel: each is read back from the socket, or seen by the peer.
@Suite(.timeLimit(.minutes(10))) struct OptionTests {
  /// What `options` prints after connecting with these options.
  func kept(_ options: [String]) throws -> [String: String] {
    let listener = try Peer.listener()
    let port = try #require(listener.localAddress?.port)
    return try values(options + ["--repl", "127.0.0.1", "\(port)"], "connect\noptions\n")
  }

  /// What `options` prints on the listener made with these options.
  func keptByListener(_ options: [String]) throws -> [String: String] {
    try values(options + ["--repl", "-l", "-p", "0", "--bind", "127.0.0.1"], "listen\noptions\n")
  }

  private func values(_ arguments: [String], _ input: String) throws -> [String: String] {
    let dnc = try Program(arguments)
    try dnc.type(input)
    dnc.endInput()
    #expect(try dnc.finish() == .exited(0))
    #expect(dnc.complaint == "")
    let rows = dnc.lines.filter { $0.hasPrefix("  ") }.map { $0.split(separator: " ", maxSplits: 1) }
    return Dictionary(uniqueKeysWithValues: rows.map { (String($0[0]), String($0[1].drop { $0 == " " })) })
  }

  @Test(arguments: [
    (["--keepalive-idle", "11s"], "TCP_KEEPIDLE", "11s"), (["--keepalive-interval", "7s"], "TCP_KEEPINTVL", "7s"),
    (["--keepalive-count", "4"], "TCP_KEEPCNT", "4"), (["--user-timeout", "1200ms"], "TCP_USER_TIMEOUT", "1.200s"),
    (["--syn-retries", "2"], "TCP_SYNCNT", "2"), (["--linger", "0s"], "SO_LINGER", "0s"),
    (["--linger", "5s"], "SO_LINGER", "5s"), (["--send-buffer", "8KiB"], "SO_SNDBUF", "16384"),
    (["--receive-buffer", "8192"], "SO_RCVBUF", "16384"), (["--no-delay"], "TCP_NODELAY", "on"),
  ])
  func anOptionIsSet(options: [String], name: String, value: String) throws {
    #expect(try kept([])[name] != value)
    #expect(try kept(options)[name] == value)
  }

  @Test(arguments: [
    ["--keepalive", "10s,5s,3"], ["--keepalive-idle", "10s"], ["--keepalive-interval", "5s"],
    ["--keepalive-count", "3"],
  ])
  func eachKeepaliveOptionTurnsKeepaliveOn(options: [String]) throws {
    #expect(try kept([])["SO_KEEPALIVE"] == "off")
    #expect(try kept(options)["SO_KEEPALIVE"] == "on")
  }

  @Test func keepaliveSetsAllThree() throws {
    let values = try kept(["--keepalive", "10s,5s,3"])
    #expect(values["TCP_KEEPIDLE"] == "10s")
    #expect(values["TCP_KEEPINTVL"] == "5s")
    #expect(values["TCP_KEEPCNT"] == "3")
  }

  @Test func aListenerHasItsOwnOptions() throws {
    #expect(try keptByListener([])["TCP_DEFER_ACCEPT"] == "0 (off)")
    // The kernel counts SYN-ACKs: 10s are five of them, which take 15s.
    #expect(try keptByListener(["--defer-accept", "10s"])["TCP_DEFER_ACCEPT"] == "15s")
    #expect(try keptByListener(["--syn-retries", "2"])["TCP_SYNCNT"] == "2")
    #expect(try keptByListener([])["SO_REUSEADDR"] == "on")
  }

  @Test func anAcceptedConnectionHasTheOptions() throws {
    let dnc = try Program([
      "--repl", "-l", "-p", "0", "--bind", "127.0.0.1", "--keepalive", "10s,5s,3", "--user-timeout", "9s", "--linger",
      "2s", "--no-delay",
    ])
    try dnc.type("listen\n")
    let port = try dnc.listeningPort()
    let peer = try Connected(to: port)
    try dnc.type("accept\noptions\n")
    dnc.endInput()
    #expect(try dnc.finish() == .exited(0))
    for row in ["SO_KEEPALIVE", "TCP_NODELAY"] {
      #expect(dnc.lines.contains { $0.hasPrefix("  \(row) ") && $0.hasSuffix("on") })
    }
    for (name, value) in [("TCP_KEEPIDLE", "10s"), ("TCP_USER_TIMEOUT", "9s"), ("SO_LINGER", "2s")] {
      #expect(dnc.lines.contains { $0.hasPrefix("  \(name) ") && $0.hasSuffix(" \(value)") })
    }
    try peer.close()
  }

  @Test func whatTheKernelCutsIsSaid() throws {
    let listener = try Peer.listener()
    let port = try #require(listener.localAddress?.port)
    let large = try Program(["--send-buffer", "512MiB", "127.0.0.1", "\(port)"])
    try large.waitForLine("connected")
    try large.wait("the complaint") { large.complaint.contains("net.core.wmem_max") }
    #expect(large.complaint.hasPrefix("dnc: option '--send-buffer': the kernel gives "))
    #expect(large.complaint.hasSuffix(" bytes, not 536870912 (net.core.wmem_max)\n"))
    let small = try Program(["--receive-buffer", "1", "127.0.0.1", "\(port)"])
    try small.wait("the complaint") { small.complaint.contains("its smallest") }
    let queue = try Program(["-l", "-p", "0", "--backlog", "65535"])
    try queue.waitForLine("listening")
    let limit = try String(decoding: FileIO.contents(of: "/proc/sys/net/core/somaxconn"), as: UTF8.self)
      .split(separator: "\n")[0]
    #expect(queue.complaint == "dnc: option '--backlog': the kernel gives \(limit), not 65535 (net.core.somaxconn)\n")
    let fitting = try Program(["-l", "-p", "0", "--backlog", "3"])
    try fitting.waitForLine("listening")
    #expect(fitting.complaint == "")
    #expect(fitting.calls.map(\.text).contains { $0.hasSuffix(", backlog 3) = 0") })
  }

  @Test func lingerOfZeroSendsAnRst() throws {
    let (peer, dnc) = try Peer.ofClient(["--linger", "0s"])
    try dnc.waitForLine("connected")
    Signal.terminate.send(to: dnc.process)
    #expect(try dnc.finish() == .killed(15))
    #expect(throws: Errno.connectionReset) { try peer.receive() }
  }

  @Test func bindIsTheAddressToConnectFrom() throws {
    let (peer, dnc) = try Peer.ofClient(["--bind", "127.0.0.2"])
    #expect(peer.address?.host == "127.0.0.2")
    try dnc.waitForLine("connected")
    let wrong = try Program(["--bind", "192.0.2.1", "127.0.0.1", "9"])
    #expect(try wrong.finish() == .exited(1))
    #expect(wrong.complaint == "dnc: bind 192.0.2.1:0: Cannot assign requested address (EADDRNOTAVAIL)\n")
  }

  @Test func aPortThatIsTakenIsSaid() throws {
    let listener = try Peer.listener()
    let port = try #require(listener.localAddress?.port)
    let dnc = try Program(["-l", "\(port)", "--bind", "127.0.0.1"])
    #expect(try dnc.finish() == .exited(1))
    #expect(dnc.complaint == "dnc: bind 127.0.0.1:\(port): Address already in use (EADDRINUSE)\n")
  }

  @Test func theFamilyCanBeChosen() throws {
    for (option, family, address) in [("-4", "AF_INET", "0.0.0.0"), ("-6", "AF_INET6", "[::]")] {
      let dnc = try Program([option, "-l", "-p", "0"])
      try dnc.waitForLine("listening")
      #expect(dnc.calls.first?.detail == family)
      #expect(dnc.lines[0].contains("the kernel chose \(address):"))
    }
    let wrong = try Program(["-6", "127.0.0.1", "9"])
    #expect(try wrong.finish() == .exited(1))
  }

  @Test func withNumericNamesAreNotLookedUp() throws {
    let dnc = try Program(["-n", "localhost", "9"])
    #expect(try dnc.finish() == .exited(1))
    #expect(dnc.complaint == "dnc: localhost: Name or service not known\n")
  }
}
