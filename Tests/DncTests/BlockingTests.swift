import Sockets
import Testing
import Timeline

/// `--no-poll`: two threads, each in a call that blocks.
@Suite(.timeLimit(.minutes(10))) struct BlockingTests {
  @Test func bothWaysWorkAtOnceWithoutPoll() throws {
    let (peer, dnc) = try Peer.ofClient(["--no-poll", "--timestamps", "none"])
    try dnc.type("one\n")
    #expect(try peer.receive(4) == Array("one\n".utf8))
    try dnc.type("two\n")
    #expect(try peer.receive(4) == Array("two\n".utf8))
    try peer.send("three\n")
    try dnc.waitForLine("received \"three\\n\"")
    #expect(!dnc.calls.contains { $0.name == "poll" })
    #expect(!dnc.lines.contains { $0.contains("poll") })
    dnc.endInput()
    try dnc.waitForLine("writing 0 bytes read from stdin to socket")
    try peer.finish()
    try dnc.waitForLine("pausing until signal")
    Signal.terminate.send(to: dnc.process)
    #expect(try dnc.finish() == .killed(15))
  }

  @Test func aReadThatBlocksLearnsOfAnRstByItself() throws {
    let (peer, dnc) = try Peer.ofClient(["--no-poll", "--timestamps", "none"])
    try dnc.wait("the blocking read") { dnc.calls.contains { $0.text == "read(socket) …" } }
    try peer.reset()
    #expect(try dnc.finish() == .exited(1))
    #expect(dnc.complaint == "dnc: read: Connection reset by peer\n")
    #expect(dnc.calls.contains { $0.text == "read(socket) = -1 ECONNRESET" })
  }

  @Test func closeOnEofHoldsWithoutPollToo() throws {
    let (peer, dnc) = try Peer.ofClient(["--no-poll", "--close-on-eof", "--timestamps", "none"])
    try peer.finish()
    #expect(try dnc.finish() == .exited(0))
    #expect(dnc.lines.contains("closing the socket"))
  }
}
