import Sockets
import Testing
import Timeline

/// `--quiet`: a plain pipe that loses nothing.
@Suite(.timeLimit(.minutes(10))) struct PipeTests {
  @Test(arguments: [["--quiet"], ["--quiet", "--no-poll"]])
  func theEndOfInputIsAFinAndTheAnswerStillArrives(options: [String]) throws {
    let (peer, dnc) = try Peer.ofClient(options)
    try dnc.type("question")
    dnc.endInput()
    #expect(try peer.receive() == Array("question".utf8))
    try peer.send("answer")
    try peer.close()
    #expect(try dnc.finish() == .exited(0))
    #expect(dnc.output == Array("answer".utf8))
    #expect(dnc.complaint == "")
  }

  @Test func theOrderOfTheEndsDoesNotMatter() throws {
    let (peer, dnc) = try Peer.ofClient(["--quiet"])
    try peer.send("answer")
    try peer.finish()
    try dnc.wait("the answer") { dnc.output == Array("answer".utf8) }
    try dnc.type("question")
    dnc.endInput()
    #expect(try peer.receive() == Array("question".utf8))
    #expect(try dnc.finish() == .exited(0))
  }

  @Test func withCloseOnEofThePeersEndIsTheEnd() throws {
    let (peer, dnc) = try Peer.ofClient(["--quiet", "--close-on-eof"])
    try peer.send("answer")
    try peer.close()
    #expect(try dnc.finish() == .exited(0))
    #expect(dnc.output == Array("answer".utf8))
  }

  @Test func everyByteValuePassesBothWays() throws {
    let bytes = (0..<65536).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
    let (peer, dnc) = try Peer.ofClient(["--quiet"])
    try dnc.type(bytes)
    #expect(try peer.receive(bytes.count) == bytes)
    try peer.send(bytes)
    try dnc.wait("the bytes") { dnc.output == bytes }
  }

  /// From one dnc to another, as a person would copy a file: what comes out is what went in.
  @Test(
    .serialized,
    arguments: [
      ("cat $dir/in | \"$dnc\" --quiet", "| cat > $dir/out", 256), ("\"$dnc\" --quiet < $dir/in", "> $dir/out", 256),
      ("\"$dnc\" --quiet < $dir/in", ">> $dir/out", 64),
      ("\"$dnc\" --quiet --no-poll < $dir/in", "| cat > $dir/out", 64),
      ("\"$dnc\" --quiet --events 3 3> $dir/sent < $dir/in", "--events 3 3> $dir/got | cat > $dir/out", 16),
    ]
  )
  func aLargeFileArrivesWhole(send: String, receive: String, mebibytes: Int) throws {
    let port: UInt16
    do {
      let listener = try Peer.listener()
      port = try #require(listener.localAddress?.port)
    }
    let script = """
      head -c \(mebibytes << 20) /dev/urandom > $dir/in
      "$dnc" --quiet --bind 127.0.0.1 -l -p \(port) < /dev/null \(receive) &
      until grep -q ':\(String(port, radix: 16, uppercase: true)) 00000000:0000 0A' /proc/net/tcp; do sleep 0.01; done
      \(send) 127.0.0.1 \(port)
      wait
      cmp $dir/in $dir/out && echo the same
      """
    #expect(try Shell.run(script) == "the same\n")
  }

  @Test func inputIsHeldBackWhileThePeerDoesNotReadAndTheOtherWayStaysOpen() throws {
    let (peer, dnc) = try Peer.ofClient(["--quiet", "--send-buffer", "8192"])
    FileIO.setNonBlocking(dnc.inputDescriptor)
    let block = [UInt8](repeating: 0x61, count: 65536)
    var typed = 0
    var entries = [PollEntry(dnc.inputDescriptor, .writable)]
    while try poll(&entries, timeout: .milliseconds(300)) == 1 {
      typed += try FileIO.write(block[...], to: dnc.inputDescriptor)
      try #require(typed < 64 << 20)
    }
    try peer.send("still here")
    try dnc.wait("the other direction") { dnc.output == Array("still here".utf8) }
    #expect(try dnc.sleeps())
    dnc.endInput()
    #expect(try peer.receive().count == typed)
  }

  /// With events every byte is read and written, without them the kernel moves it: neither may stop the other way.
  @Test(arguments: [true, false])
  func thePeerIsHeldBackWhileTheOutputIsNotReadAndTheOtherWayStaysOpen(withEvents: Bool) throws {
    let output = try Pipe()
    let nowhere = try FileIO.open("/dev/null", for: .writing)
    let (peer, dnc) = try Peer.ofClient(
      ["--quiet", "--receive-buffer", "8192"],
      output: .descriptor(output.writing.rawValue),
      events: withEvents ? .descriptor(nowhere.rawValue) : .closed
    )
    FileIO.setNonBlocking(peer.descriptor)
    let block = [UInt8](repeating: 0x62, count: 65536)
    var sent = 0
    var entries = [PollEntry(peer.descriptor, .writable)]
    while try poll(&entries, timeout: .milliseconds(300)) == 1 {
      sent += try FileIO.write(block[...], to: peer.descriptor)
      try #require(sent < 64 << 20)
    }
    try dnc.type("still here")
    entries = [PollEntry(peer.descriptor, .readable)]
    #expect(try poll(&entries, timeout: .seconds(10)) == 1)
    #expect(try FileIO.read(peer.descriptor) == .bytes(Array("still here".utf8)))
    #expect(try dnc.sleeps())
    try peer.finish()
    var received = 0
    while received < sent, case .bytes(let bytes) = try FileIO.read(output.reading.rawValue) { received += bytes.count }
    #expect(received == sent)
    dnc.endInput()
    #expect(try dnc.finish() == .exited(0))
  }

  /// Buffers far smaller than what is written at once, in both directions at once.
  @Test func partialWritesLoseNothing() throws {
    let (peer, dnc) = try Peer.ofClient(["--quiet", "--send-buffer", "4096", "--receive-buffer", "4096"])
    let bytes = (0..<1 << 20).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 9) }
    let end = peer.descriptor
    let echo = try WorkerThread {
      // What is typed comes back by way of the peer.
      var buffer = [UInt8](repeating: 0, count: 3000)
      while case .data(let count) = Transfer.read(end, into: &buffer) {
        try? FileIO.writeAll(Array(buffer.prefix(count)), to: end)
      }
    }
    FileIO.setNonBlocking(dnc.inputDescriptor)
    var rest = bytes[...]
    try dnc.wait("the echo") {
      if let count = try? FileIO.write(rest, to: dnc.inputDescriptor) { rest.removeFirst(count) }
      return dnc.output.count >= bytes.count
    }
    #expect(dnc.output == bytes)
    dnc.endInput()
    try peer.finish()
    echo.join()
  }

  @Test func whatCameBeforeAnRstIsDeliveredAndTheRstReported() throws {
    let (peer, dnc) = try Peer.ofClient(["--quiet"])
    let bytes = [UInt8](repeating: 0x63, count: 100_000)
    try peer.send(bytes)
    try dnc.wait("the bytes") { dnc.output.count == bytes.count }
    try peer.reset()
    #expect(try dnc.finish() == .exited(1))
    #expect(dnc.complaint == "dnc: read: Connection reset by peer (ECONNRESET)\n")
  }

  @Test func anRstAfterTheFinEndsThePipe() throws {
    let (peer, dnc) = try Peer.ofClient(["--quiet"])
    try peer.finish()
    try dnc.waitForCall("read(socket) = 0")
    try peer.reset()
    #expect(try dnc.finish() == .exited(1))
    #expect(dnc.complaint == "dnc: socket: Broken pipe (EPIPE)\n")
    #expect(dnc.processorTime < .milliseconds(500))
  }

  @Test func anRstWhileBothWaysAreStuckEndsThePipe() throws {
    let output = try Pipe()
    let (peer, dnc) = try Peer.ofClient(
      ["--quiet", "--receive-buffer", "8192"],
      output: .descriptor(output.writing.rawValue),
      events: .closed
    )
    FileIO.setNonBlocking(peer.descriptor)
    let block = [UInt8](repeating: 0x64, count: 65536)
    var entries = [PollEntry(peer.descriptor, .writable)]
    while try poll(&entries, timeout: .milliseconds(300)) == 1 {
      _ = try FileIO.write(block[...], to: peer.descriptor)
    }
    try peer.reset()
    // It waits for its reader, asleep although poll reports the dead socket again and again.
    #expect(try dnc.sleeps())
    var readable = [PollEntry(output.reading.rawValue, .readable)]
    while try poll(&readable, timeout: .seconds(1)) == 1 { _ = try FileIO.read(output.reading.rawValue) }
    #expect(try dnc.finish() == .exited(1))
    #expect(dnc.complaint == "dnc: read: Connection reset by peer (ECONNRESET)\n")
  }

  @Test(arguments: [true, false])
  func outputWithoutAReaderEndsIt(withEvents: Bool) throws {
    let (peer, dnc) = try Peer.ofClient(["--quiet"], events: withEvents ? .test : .closed)
    try peer.send("x")
    try dnc.wait("the byte") { dnc.output == [0x78] }
    dnc.abandonOutput()
    #expect(try dnc.finish() == .exited(1))
    #expect(dnc.complaint == "dnc: stdout: Broken pipe (EPIPE)\n")
    #expect(try peer.receive() == [])
  }

  @Test func outputThatIsFullOrClosedEndsIt() throws {
    let full = try FileIO.open("/dev/full", for: .writing)
    let (peer, dnc) = try Peer.ofClient(["--quiet"], output: .descriptor(full.rawValue))
    try peer.send("x")
    #expect(try dnc.finish() == .exited(1))
    #expect(dnc.complaint == "dnc: stdout: No space left on device (ENOSPC)\n")
    let (another, closed) = try Peer.ofClient(["--quiet"], output: .closed)
    try another.send("x")
    #expect(try closed.finish() == .exited(1))
    #expect(closed.complaint == "dnc: stdout: Bad file descriptor (EBADF)\n")
    let logged = try Program(["127.0.0.1", "1"], output: .descriptor(full.rawValue))
    #expect(try logged.finish() == .exited(1))
    #expect(logged.complaint == "dnc: stdout: No space left on device (ENOSPC)\n")
  }

  @Test func closedInputIsAnEnd() throws {
    let (peer, dnc) = try Peer.ofClient(["--quiet"], input: .closed)
    #expect(try peer.receive() == [])
    try peer.close()
    #expect(try dnc.finish() == .exited(0))
  }

  @Test func writingToADeadConnectionNeverKillsByASignal() throws {
    let (peer, dnc) = try Peer.ofClient(["--quiet", "--no-poll"])
    try peer.reset()
    // Without poll the reading thread learns of the RST; whoever types meanwhile gets EPIPE, and no SIGPIPE.
    try? dnc.type("a")
    try? dnc.type("b")
    #expect(try dnc.finish() == .exited(1))
    #expect(dnc.complaint.split(separator: "\n").count == 1)
  }
}
