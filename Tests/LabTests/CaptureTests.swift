import Sockets
import Testing
import Timeline

/// What the captures at both ends of the wires show of whole labs.
@Suite struct CaptureTests {
  /// Runs a lab in which `fault` swallows what the client sends; `more` are declarations.
  private static func run(
    _ fault: String,
    network: String,
    as user: Program.User,
    more: String = "",
    options: [String] = []
  ) throws -> (outcome: Program.Outcome, events: [Event]) {
    let name = (network + fault + user.rawValue).split(separator: " ").joined(separator: "-")
    let path = "\(Program.folder)/capture-\(name).lab"
    let lab = """
      title     What becomes of the packets
      network   \(network)
      peer      server on kodos: dnc -l -p 8080
      peer      client on kang: dnc --user-timeout 600ms kodos 8080
      peer      tester on kang: iptables -A OUTPUT -p tcp --dport 8080 -j DROP
      \(more)
      start     server
      wait      kodos listens on 8080
      start     client
      wait      client prints "connected"
      \(fault)
      client    types "hello"
      expect    client read fails within 5s

      """
    try FileIO.write(lab, toNew: path)
    let text = fault.hasPrefix("start") ? lab : lab.replacing("peer      tester on kang", with: "# tester")
    try FileIO.write(text, toNew: path)
    let outcome = try Program.run([Program.halfopen, "run", "--format", "jsonl"] + options + [path], as: user)
    return (outcome, SavedTimeline(bytes: outcome.output.utf8).events)
  }

  private static func packets(_ events: [Event]) -> [(host: String?, sample: PacketSample)] {
    events.compactMap { if case .packet(let sample) = $0.body { ($0.host, sample) } else { nil } }
  }

  @Test(
    arguments: Program.User.possible,
    [
      ("cut kodos", "lan", "on kodos's wire: cut kodos", 2), ("cut kang", "routed", "on kang's wire: cut kang", 2),
      ("cut into kodos", "lan", "on kodos's wire: cut into kodos", 2),
      ("power off kodos", "routed", "kodos has no power: power off kodos", 2),
      ("drop from kang to kodos", "lan", "in kodos's firewall: drop from kang to kodos", 4),
      ("drop from kang to kodos", "routed", "in the router's firewall: drop from kang to kodos", 2),
    ] as [(String, String, String, Int)]
  )
  func everyLostPacketSaysWhereItDied(user: Program.User, lab: (String, String, String, Int)) throws {
    let (fault, network, cause, seen) = lab
    let (outcome, events) = try Self.run(fault, network: network, as: user)
    #expect(outcome.status == .exited(0), "\(outcome)")
    let data = Self.packets(events).filter { $0.host == "kang" && $0.sample.carried == "TCP" && $0.sample.length == 6 }
    // The data, the tail loss probe and a retransmission at least.
    #expect(data.count >= 3)
    for (_, sample) in data {
      #expect(sample.fate == .lost)
      #expect(sample.cause == cause)
      #expect(sample.line != nil)
      #expect(sample.seen.count == seen)
      #expect(sample.seen.first == "kang:eth0")
    }
    let handshake = Self.packets(events).filter { $0.sample.meaning == "SYN" || $0.sample.meaning == "SYN-ACK" }
    #expect(handshake.map(\.sample.fate) == [.arrived, .arrived])
    #expect(handshake.allSatisfy { $0.sample.seen.count == 4 })
    // Programs report through pipes and may be late; packets are told in order of time.
    let times = events.filter { $0.body.kind == "packet" }.map(\.time)
    #expect(times == times.sorted())
  }

  @Test(arguments: Program.User.possible)
  func whatTheSendersOwnStackRefusesIsNotTheFailureThatWasMeant(user: Program.User) throws {
    let fault = "start tester\nwait tester exits 0"
    let (outcome, _) = try Self.run(fault, network: "routed", as: user)
    #expect(outcome.status == .exited(1))
    #expect(outcome.output.contains("the lab did not do what it says: kang"))
    let (meant, _) = try Self.run(fault, network: "routed", as: user, more: "misleading on kang")
    #expect(meant.status == .exited(0), "\(meant.output)")
  }

  @Test(arguments: Program.User.possible)
  func theCaptureFileIsReadByTheToolsWithoutAComplaint(user: Program.User) throws {
    let file = "/tmp/halfopen-capture-\(user).\(Program.folder.split(separator: ".").last ?? "").pcapng"
    let (outcome, events) = try Self.run("cut kodos", network: "lan", as: user, options: ["--pcap", file])
    defer { try? FileIO.write("", toNew: file) }
    #expect(outcome.status == .exited(0), "\(outcome)")
    let seen = Self.packets(events).map(\.sample.seen.count).reduce(0, +)
    let read = try Program.run(["tcpdump", "-n", "-r", file])
    #expect(read.status == .exited(0))
    #expect(read.output.split(separator: "\n").count >= seen)
    let bytes = String(decoding: try FileIO.contents(of: file), as: UTF8.self)
    #expect(bytes.contains("lost on kodos's wire: cut kodos"))
    for name in ["kang:eth0", "switch:kang", "kodos:eth0", "switch:kodos"] { #expect(bytes.contains(name)) }
  }
}
