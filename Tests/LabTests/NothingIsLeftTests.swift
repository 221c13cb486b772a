import Glibc
import Sockets
import Testing

/// Whatever ends a lab, nothing of it stays: no process, and with the processes no namespace, link or rule.
@Suite struct NothingIsLeftTests {
  /// A variable in the environment of everything that one run starts; /proc tells who has it.
  static let mark = "HALFOPEN_TEST_MARK"

  /// A lab with everything: a router, a firewall, a program that forks and ignores signals, power and wire faults.
  private static let lab = """
    title     Everything at once
    question  What is left of it?
    answer    Nothing.
    network   routed
    peer      server on kodos: dnc -l -p 8080
    peer      client on kang: dnc kodos 8080
    peer      stubborn on kang: sh -c 'trap "" TERM INT HUP; (trap "" TERM INT HUP; while :; do sleep 1; done) & wait'
    start     stubborn
    start     server
    wait      kodos listens on 8080
    start     client
    wait      client prints "connected"
    drop      from kodos to kang port 8080
    client    types "hello"
    cut       kang
    restore   kang
    power     cycle kodos
    expect    client is told nothing for 20s

    """

  /// Kills processes of the run at random moments, also the front itself, and looks what is left: 200 times a user.
  @Test(arguments: Program.User.possible, 1...4)
  func whenAnyProcessIsKilledAtAnyMoment(user: Program.User, lane: Int) throws {
    let seed = UInt64(getpid()) << 8 | UInt64(lane)
    var random = SeededGenerator(seed: seed)
    let path = try Program.write(Self.lab, "everything-\(user)-\(lane)")
    for round in 0..<50 {
      let mark = "\(getpid()).\(user).\(lane).\(round)"
      let run = try Program.Started([Program.halfopen, "run", path], as: user, environment: ["\(Self.mark)=\(mark)"])
      try Self.rest(until: Clock.monotonic + Int64.random(in: 0..<450_000_000, using: &random))
      // One of them, chosen at random: the front, the keeper, process 1, a host's process 1, a peer, a tool.
      if let victim = Self.marked(mark).randomElement(using: &random) { Signal.kill.send(to: victim) }
      run.endInput()
      // A peer's death alone does not end the lab: the front's does.
      Signal.terminate.send(to: run.process)
      _ = try run.finish()
      let left = try Self.wait(untilGone: mark)
      #expect(left.isEmpty, "round \(round), seed \(seed): \(left) are left")
    }
    let links = try Program.run(["ip", "-o", "link"]).output
    for name in ["kang", "kodos", "segment", "router"] { #expect(!links.contains(name)) }
    let names = (try? FileIO.names(in: "/run/netns")) ?? []
    #expect(Set(names).isDisjoint(with: ["switch", "router", "kang", "kodos"]))
  }

  /// Lets time pass: a random moment is what this test is about.
  private static func rest(until deadline: Int64) throws {
    while Clock.monotonic < deadline {
      var none: [PollEntry] = []
      _ = try poll(&none, timeout: .nanoseconds(max(0, deadline - Clock.monotonic)))
    }
  }

  @Test(arguments: Program.User.possible, ["INT", "TERM", "HUP"])
  func whenASignalEndsIt(user: Program.User, signal: String) throws {
    let mark = "\(getpid()).\(user).\(signal)"
    let path = try Program.write(Self.lab, "signal-\(signal)")
    let run = try Program.Started([Program.halfopen, "run", path], as: user, environment: ["\(Self.mark)=\(mark)"])
    #expect(try run.wait(for: "power cycle kodos"))
    let number = try #require(Signal(name: "SIG" + signal))
    number.send(to: run.process)
    let outcome = try run.finish()
    #expect(outcome.status == .exited(128 + number.rawValue))
    #expect(outcome.errors.contains("stopped by SIG\(signal)"))
    #expect(try Self.wait(untilGone: mark).isEmpty)
  }

  @Test func theCounterCounts() throws {
    let mark = "\(getpid()).counter"
    let sleeper = try Program.Started(["cat"], environment: ["\(Self.mark)=\(mark)"])
    var seen = Self.marked(mark)
    while seen.isEmpty { seen = Self.marked(mark) }
    #expect(seen == [sleeper.process])
    sleeper.endInput()
    _ = try sleeper.finish()
    #expect(Self.marked(mark).isEmpty)
  }

  /// The processes that carry a mark in their environment.
  static func marked(_ mark: String) -> [Int32] {
    let entry = Array("\(Self.mark)=\(mark)".utf8)
    return ((try? FileIO.names(in: "/proc")) ?? []).compactMap { Int32($0) }.filter { process in
      let environment = (try? FileIO.contents(of: "/proc/\(process)/environ")) ?? []
      return environment.split(separator: 0).contains { $0.elementsEqual(entry) }
    }
  }

  /// Waits until no process carries the mark, at most two seconds; returns those that still do.
  static func wait(untilGone mark: String) throws -> [Int32] {
    let limit = Clock.monotonic + 2_000_000_000
    var left = marked(mark)
    while !left.isEmpty, Clock.monotonic < limit {
      try rest(until: Clock.monotonic + 10_000_000)
      left = marked(mark)
    }
    return left
  }
}

/// A random number generator whose numbers come again with the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
