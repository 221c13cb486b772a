import Sockets
import Testing
import Timeline

/// What leaves a host when it ends, seen on the wire at the other end.
@Suite struct WireTests {
  /// The flags of each packet that kang gets from kodos after the deed.
  private static func packetsOfKodos(after deed: String, state: String, as user: Program.User) throws -> [String] {
    let name = deed.split(separator: " ").joined(separator: "-")
    let path = "\(Program.folder)/wire-\(name)-\(user).lab"
    let lab = """
      title     What leaves kodos
      question  Which packets does kang see of it afterwards?
      answer    That is what the test looks at.
      network   lan
      peer      server on kodos: dnc -l -p 8080
      peer      client on kang: dnc kodos 8080
      peer      wire on kang: python3 \(Program.folder)/wire.py 10.88.88.140
      start     wire
      wait      wire prints "watching"
      start     server
      wait      kodos listens on 8080
      start     client
      wait      client prints "connected"
      wait      wire prints "flags [S.]"
      after 200ms \(deed)
      expect    kang connection stays \(state) for 1s

      """
    try FileIO.write(lab, toNew: path)
    let watcher = try FileIO.contents(of: "\(Program.repository)/Tests/LabTests/wire.py")
    try FileIO.write(String(decoding: watcher, as: UTF8.self), toNew: "\(Program.folder)/wire.py")
    let outcome = try Program.run([Program.halfopen, "run", "--format", "jsonl", path], as: user)
    let events = SavedTimeline(bytes: outcome.output.utf8).events
    let start = try #require(
      events.firstIndex { if case .fault = $0.body { true } else { false } },
      "\(outcome)"
    )
    return events[start...].compactMap { event in
      guard event.peer == "wire", case .output(.stdout, let text) = event.body else { return nil }
      return text
    }
  }

  @Test(arguments: Program.User.possible, ["power off kodos", "power cycle kodos", "unplug kodos"])
  func notOnePacketLeavesAHostWhosePowerOrCableIsCut(user: Program.User, deed: String) throws {
    #expect(try Self.packetsOfKodos(after: deed, state: "ESTABLISHED", as: user) == [])
  }

  @Test(arguments: Program.User.possible, ["reboot kodos", "kill server"])
  func aHostThatEndsInOrderSaysGoodbye(user: Program.User, deed: String) throws {
    let packets = try Self.packetsOfKodos(after: deed, state: "CLOSE_WAIT", as: user)
    #expect(packets.contains("flags [F.]"))
  }
}
