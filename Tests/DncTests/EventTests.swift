import Sockets
import Testing
import Timeline

/// `--events`: every step as a line of JSON, at once.
@Suite(.timeLimit(.minutes(10))) struct EventTests {
  @Test func aConversationIsToldCallByCall() throws {
    let (peer, dnc) = try Peer.ofClient(["--keepalive-idle", "10s"])
    try dnc.type("kodos, are you there?\n")
    _ = try peer.receive(22)
    try peer.send("yes")
    try dnc.waitForCall("read(socket) = 3")
    try peer.finish()
    try dnc.waitForCall("read(socket) = 0")
    try peer.reset()
    #expect(try dnc.finish() == .exited(1))
    let port = try #require(dnc.calls.first { $0.name == "connect" }?.detail?.split(separator: ":").last)
    #expect(
      dnc.calls.filter { $0.name != "poll" }.map(\.text) == [
        "socket(socket, AF_INET) = 3", "setsockopt(socket, TCP_KEEPIDLE 10s) = 0",
        "setsockopt(socket, SO_KEEPALIVE on) = 0", "connect(socket, 127.0.0.1:\(port)) …",
        "connect(socket, 127.0.0.1:\(port)) = 0", "read(stdin) = 22", "write(socket) = 22", "read(socket) = 3",
        "read(socket) = 0", "read(socket) = 0", "getsockopt(socket, SO_ERROR EPIPE) = 32",
      ]
    )
    #expect(
      dnc.calls.filter { $0.name == "poll" }.map(\.text) == [
        "poll(stdin POLLIN, socket POLLIN) …", "poll(stdin 0x1 POLLIN, socket 0x0) = 1",
        "poll(stdin POLLIN, socket POLLIN) …", "poll(stdin 0x0, socket 0x1 POLLIN) = 1",
        "poll(stdin POLLIN, socket POLLIN) …", "poll(stdin 0x0, socket 0x1 POLLIN) = 1",
        "poll(stdin POLLIN, socket 0) …", "poll(stdin 0x0, socket 0x18 POLLERR|POLLHUP) = 1",
      ]
    )
  }

  @Test func timesAreTheMonotonicClocksAndNeverGoBack() throws {
    let before = Clock.monotonic
    let (peer, dnc) = try Peer.ofClient()
    try peer.reset()
    #expect(try dnc.finish() == .exited(1))
    let after = Clock.monotonic
    let objects = dnc.eventObjects
    let times = try objects.map { try #require($0["t"]?.integer) }
    #expect(times == times.sorted())
    #expect(times.allSatisfy { (before...after).contains($0) })
    for object in objects where object["phase"] == nil {
      let took = try #require(object["took"]?.integer)
      #expect((0...after - before).contains(took))
      #expect(object["result"] != nil)
    }
    #expect(objects.allSatisfy { $0.members.first?.name == "t" })
  }

  @Test func aWriteThatFailsIsToldByItsErrno() throws {
    // Without poll dnc learns of the RST in CLOSE_WAIT only by writing.
    let (peer, dnc) = try Peer.ofClient(["--no-poll"])
    try peer.finish()
    try dnc.waitForCall("read(socket) = 0")
    try peer.reset()
    try dnc.type("kodos, are you there?\n")
    #expect(try dnc.finish() == .exited(1))
    #expect(dnc.calls.map(\.text).contains("write(socket) = -1 EPIPE"))
    #expect(dnc.complaint == "dnc: write: Broken pipe\n")
  }

  @Test func eventsGoWhereTheOptionSays() throws {
    let listener = try Peer.listener()
    let port = try #require(listener.localAddress?.port)
    let dnc = try Program(["--events", "100", "127.0.0.1", "\(port)"], environment: ["DNC_EVENTS=2"])
    let call = try dnc.waitForCall("connect(socket, 127.0.0.1:\(port)) = 0")
    #expect(call.result == 0)
  }

  @Test func eventsWithoutAReaderAreGivenUp() throws {
    let (peer, dnc) = try Peer.ofClient(["--close-on-eof", "--timestamps", "none"])
    try dnc.waitForLine("entering poll()")
    dnc.abandonEvents()
    try peer.send("still here\n")
    try dnc.waitForLine("received \"still here\\n\"")
    try peer.finish()
    #expect(try dnc.finish() == .exited(0))
    #expect(dnc.complaint == "")
  }

  @Test(arguments: ["77", "", "x", "-1"])
  func aVariableThatNamesNoDescriptorIsPassedOver(value: String) throws {
    let dnc = try Program(["--version"], events: .closed, environment: ["DNC_EVENTS=\(value)"])
    #expect(try dnc.finish() == .exited(0))
    let connecting = try Program(["-n", "127.0.0.1", "1"], events: .closed, environment: ["DNC_EVENTS=\(value)"])
    #expect(try connecting.finish() == .exited(1))
    #expect(connecting.complaint == "dnc: connect: Connection refused\n")
  }
}
