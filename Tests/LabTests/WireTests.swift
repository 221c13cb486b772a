import Sockets
import Testing

/// What leaves a host when it ends, seen on the wire by tcpdump at the other end.
@Suite struct WireTests {
  /// The lines that tcpdump on kang printed after the deed of the lab, each a packet that kodos sent.
  private static func packetsOfKodos(after deed: String, as user: Program.User, _ name: String) throws -> [String] {
    let path = "\(Program.folder)/wire-\(name)-\(user).lab"
    let lab = """
      title     What leaves kodos
      question  Which packets does kang see of it afterwards?
      answer    That is what the test looks at.
      network   lan
      peer      server on kodos: dnc -l -p 8080
      peer      client on kang: dnc kodos 8080
      peer      wire on kang: tcpdump -Z root --immediate-mode -l -n -i eth0 src host 10.88.88.140 and tcp
      start     wire
      wait      wire prints "listening on eth0"
      start     server
      wait      kodos listens on 8080
      start     client
      wait      client prints "connected"
      wait      wire prints "Flags [S.]"
      after 200ms \(deed)
      expect    kang connection stays \(deed.hasPrefix("reboot") || deed.hasPrefix("kill") ? "CLOSE_WAIT" : "ESTABLISHED") for 1s

      """
    try FileIO.write(lab, toNew: path)
    let outcome = try Program.run([Program.halfopen, "run", path], as: user)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    let start = try #require(lines.firstIndex { $0.contains("=== after 200ms \(deed)") }, "\(outcome)")
    return lines[start...].filter { $0.contains("wire ") && $0.contains("Flags") }
  }

  @Test(arguments: Program.User.possible, ["power off kodos", "power cycle kodos", "unplug kodos"])
  func notOnePacketLeavesAHostWhosePowerOrCableIsCut(user: Program.User, deed: String) throws {
    let name = deed.split(separator: " ").joined(separator: "-")
    #expect(try Self.packetsOfKodos(after: deed, as: user, name) == [])
  }

  @Test(arguments: Program.User.possible, ["reboot kodos", "kill server"])
  func aHostThatEndsInOrderSaysGoodbye(user: Program.User, deed: String) throws {
    let name = deed.split(separator: " ").joined(separator: "-")
    let packets = try Self.packetsOfKodos(after: deed, as: user, name)
    #expect(packets.contains { $0.contains("Flags [F.]") || $0.contains("Flags [R") }, "\(packets)")
  }
}
