import Sockets
import Testing
import Timeline

/// The log is the original's, to the letter.
@Suite(.timeLimit(.minutes(10))) struct TranscriptTests {
  @Test func aFinIsLoggedAsInTheSourceAndTheSocketStaysOpen() throws {
    let (peer, dnc) = try Peer.ofClient(["--timestamps", "none"])
    try dnc.waitForLine("entering poll()")
    try peer.finish()
    try dnc.waitForEntry("poll", count: 2)
    #expect(
      dnc.lines == [
        "establishing connection", "connected", "entering poll()", "poll returned events 0x0/0x1",
        "reading from socket", "read end-of-stream from socket", "read 0 bytes from socket", "entering poll()",
      ]
    )
    // Puzzler 3: the other direction still works.
    try dnc.type("kodos, are you there?\n")
    #expect(try peer.receive(22) == Array("kodos, are you there?\n".utf8))
    try dnc.waitForEntry("poll", count: 3)
    #expect(
      dnc.lines.dropFirst(8) == [
        "poll returned events 0x1/0x0", "reading from stdin", "writing 22 bytes read from stdin to socket",
        "entering poll()",
      ]
    )
    #expect(try dnc.sleeps())
  }

  @Test func anRstIsReportedOnceByTheSourcesLine() throws {
    let (peer, dnc) = try Peer.ofClient(["--timestamps", "none"])
    try dnc.waitForLine("entering poll()")
    try peer.reset()
    #expect(try dnc.finish() == .exited(1))
    #expect(dnc.complaint == "dnc: read: Connection reset by peer\n")
    #expect(
      dnc.lines.dropFirst(3) == [
        "poll returned events 0x0/0x19", "reading from socket", "connection failed: ECONNRESET",
      ]
    )
    #expect(dnc.calls.map(\.text).contains("read(socket) = -1 ECONNRESET"))
  }

  /// On Linux an RST in CLOSE_WAIT leaves EPIPE, which no read delivers: poll alone would return for ever.
  @Test func anRstAfterTheFinEndsTheProgramAndDoesNotMakeItSpin() throws {
    let (peer, dnc) = try Peer.ofClient(["--timestamps", "none"])
    try peer.finish()
    try dnc.waitForEntry("poll", count: 2)
    try peer.reset()
    #expect(try dnc.finish() == .exited(1))
    #expect(dnc.complaint == "dnc: socket: Broken pipe\n")
    #expect(
      dnc.lines.suffix(4) == [
        "poll returned events 0x0/0x18", "reading from socket", "read 0 bytes from socket",
        "connection failed: EPIPE",
      ]
    )
    #expect(dnc.calls.map(\.text).contains("getsockopt(socket, SO_ERROR EPIPE) = 32"))
    #expect(dnc.calls.count < 20)
    #expect(dnc.processorTime < .milliseconds(500))
  }

  @Test func afterBothEndsItPausesAsleepAndStillLearnsOfAFailure() throws {
    let (peer, dnc) = try Peer.ofClient(["--timestamps", "none"])
    dnc.endInput()
    try dnc.waitForLine("writing 0 bytes read from stdin to socket")
    try peer.finish()
    try dnc.waitForLine("pausing until signal")
    #expect(
      dnc.lines.suffix(4) == [
        "read 0 bytes from socket", "entering poll()", "read end-of-stream from both socket and stdin",
        "pausing until signal",
      ]
    )
    #expect(try dnc.sleeps())
    try peer.reset()
    #expect(try dnc.finish() == .exited(1))
    #expect(dnc.complaint == "dnc: socket: Broken pipe\n")
  }

  @Test(arguments: [["-l", "-p", "0"], ["-l", "0"], ["-lp0"], ["--listen", "--port=0"]])
  func aServerTakesItsPortInEitherForm(arguments: [String]) throws {
    let dnc = try Program(arguments + ["--timestamps", "none", "--bind", "127.0.0.1"])
    let peer = try Connected(to: try dnc.listeningPort())
    try peer.send("hello\n")
    try dnc.waitForLine("received \"hello\\n\"")
    #expect(
      dnc.lines[1...6] == [
        "listening", "entering poll()", "poll returned events 0x0/0x1", "reading from socket",
        "read 6 bytes from socket", "received \"hello\\n\"",
      ]
    )
    Signal.interrupt.send(to: dnc.process)
    #expect(try dnc.finish() == .killed(2))
    #expect(try peer.receive() == [])
  }

  @Test func whatCannotBePrintedIsEscaped() throws {
    let (peer, dnc) = try Peer.ofClient()
    try peer.send([0x22, 0x5c, 0x09, 0x00, 0xff, 0xc3, 0xa9, 0x7f, 0xe2, 0x82, 0x0a])
    try dnc.waitForLine(#"received "\"\\\t\x00\xffé\x7f\xe2\x82\n""#)
  }

  @Test func aConnectionThatIsRefusedEndsWithStatusOne() throws {
    let port: UInt16
    do {
      let listener = try Peer.listener()
      port = try #require(listener.localAddress?.port)
    }
    let dnc = try Program(["--timestamps", "none", "127.0.0.1", "\(port)"])
    #expect(try dnc.finish() == .exited(1))
    #expect(dnc.complaint == "dnc: connect: Connection refused\n")
    #expect(dnc.lines == ["establishing connection", "connection failed: ECONNREFUSED"])
    #expect(dnc.calls.map(\.text).contains("connect(socket, 127.0.0.1:\(port)) = -1 ECONNREFUSED"))
  }

  @Test func aNameIsLookedUpAndItsAddressesAreTriedInTurn() throws {
    let listener = try Peer.listener()
    let port = try #require(listener.localAddress?.port)
    let dnc = try Program(["localhost", "\(port)"])
    let peer = Connected(try listener.accept())
    try dnc.waitForLine("connected")
    try peer.reset()
    #expect(try dnc.finish() == .exited(1))
    let unknown = try Program(["kodos.invalid", "80"])
    #expect(try unknown.finish() == .exited(1))
    #expect(unknown.complaint.hasPrefix("dnc: kodos.invalid: "))
  }

  @Test func closeOnEofBehavesAsNcDoes() throws {
    let (peer, dnc) = try Peer.ofClient(["--close-on-eof", "--timestamps", "none"])
    try peer.finish()
    #expect(try dnc.finish() == .exited(0))
    #expect(dnc.lines.suffix(2) == ["read 0 bytes from socket", "closing the socket"])
    #expect(dnc.calls.last?.text == "close(socket) = 0")
    #expect(try peer.receive() == [])
  }

  @Test func everyLineHasTheTimeInUtc() throws {
    let (peer, dnc) = try Peer.ofClient()
    try dnc.waitForLine("entering poll()")
    let before = Clock.realtime / 1_000_000_000
    for line in dnc.lines {
      let stamp = line.prefix(20)
      #expect(stamp.map { $0.isNumber ? "0" : String($0) }.joined() == "0000-00-00T00:00:00Z")
      #expect(line.dropFirst(20).hasPrefix(": "))
      let seconds = try #require(Int64(stamp.dropFirst(17).prefix(2)))
      #expect((before - seconds) % 60 < 20)
    }
    try peer.close()
  }

  @Test func aStampCanBeRelative() throws {
    let (peer, dnc) = try Peer.ofClient(["--timestamps", "relative"])
    try dnc.waitForLine("connected")
    let number = dnc.lines[0].split(separator: ":")[0]
    #expect(try #require(Double(number)) < 20)
    #expect(number.split(separator: ".").last?.count == 3)
    try peer.close()
  }

  /// A line that is longer than the socket takes at once is sent all the same, and nothing is read meanwhile.
  @Test func inputIsHeldBackWhileThePeerDoesNotRead() throws {
    let (peer, dnc) = try Peer.ofClient(["--send-buffer", "4096", "--receive-buffer", "4096"])
    FileIO.setNonBlocking(dnc.inputDescriptor)
    let block = [UInt8](repeating: 0x61, count: 65536)
    var typed = 0
    var entries = [PollEntry(dnc.inputDescriptor, .writable)]
    // dnc reads on until the socket is full; then the pipe fills, and poll finds no room within the time.
    while try poll(&entries, timeout: .milliseconds(300)) == 1 {
      typed += try FileIO.write(block[...], to: dnc.inputDescriptor)
      try #require(typed < 64 << 20)
    }
    dnc.endInput()
    let received = try peer.receive(typed)
    #expect(received.count == typed)
    #expect(received.allSatisfy { $0 == 0x61 })
  }
}
