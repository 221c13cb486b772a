import Sockets
import Testing
import Timeline

/// Peers that run under strace, in whole labs.
@Suite struct TracedTests {
  /// The labs with other programs as peers, where an ordinary user can read them.
  private static func copyOfLabs(for user: Program.User) throws -> [String] {
    let folder = "\(Program.repository)/labs/peers"
    return try FileIO.names(in: folder).map { name in
      let path = "\(Program.folder)/\(user)-\(name)"
      try FileIO.write(String(decoding: try FileIO.contents(of: "\(folder)/\(name)"), as: UTF8.self), toNew: path)
      return path
    }
  }

  private static func run(_ text: String, _ name: String, as user: Program.User) throws -> [Event] {
    let path = try Program.write(text, "\(name)-\(user)")
    let outcome = try Program.run([Program.halfopen, "run", "--format", "jsonl", path], as: user)
    #expect(outcome.status == .exited(0), "\(outcome.output)\(outcome.errors)")
    return SavedTimeline(bytes: outcome.output.utf8).events
  }

  private static let head = """
    title     Traced
    question  What does it do?
    answer    That.
    network   lan

    """

  @Test(arguments: Program.User.possible)
  func netcatsAndSocatDoWhatTheirLabsSay(user: Program.User) throws {
    let labs = try Self.copyOfLabs(for: user)
    #expect(labs.count >= 8)
    let outcome = try Program.run([Program.halfopen, "run", "-j", "4", "--set", "idle=1s"] + labs, as: user)
    #expect(outcome.status == .exited(0), "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.contains("\(labs.count) of \(labs.count) labs passed"))
  }

  /// The calls of the client that concern its connection, in words.
  private static func calls(in events: [Event]) -> [String] {
    events.compactMap { event in
      guard event.peer == "client", case .call(let call) = event.body, call.phase == .exit, call.subject == .socket,
        ["connect", "read", "write"].contains(call.name)
      else { return nil }
      return call.text
    }
  }

  /// dnc tells its calls itself: strace has to see the same.
  @Test(arguments: Program.User.possible)
  func straceTellsOfDncWhatDncTells(user: Program.User) throws {
    let lab =
      Self.head + """
        peer      server on kodos: dnc -l -p 8080
        peer      client on kang: dnc --user-timeout 1200ms kodos 8080
        start     server
        wait      kodos listens on 8080
        start     client
        wait      client prints "connected"
        server    types "hello"
        expect    client read returns 6
        client    types "hello"
        expect    server read returns 6
        cut kodos
        client    types "are you there?"
        expect    client write returns 15
        expect    client read fails ETIMEDOUT as predicted
        expect    client exits 1

        """
    let own = Self.calls(in: try Self.run(lab, "own", as: user))
    let traced = Self.calls(
      in: try Self.run(lab.replacing("kang: dnc", with: "kang: traced dnc"), "traced", as: user)
    )
    #expect(own.count >= 4)
    #expect(own == traced)
  }

  @Test(arguments: Program.User.possible)
  func signalsAndPowerReachATracedProgramAsAnyOther(user: Program.User) throws {
    let events = try Self.run(
      Self.head + """
        peer      server on kodos: traced nc.openbsd -l 8080
        peer      second on kodos: traced dnc -l -p 8081
        peer      forking on kodos: traced socat TCP-LISTEN:8082,fork SYSTEM:cat
        peer      client on kang: traced nc.openbsd kodos 8080
        peer      speaker on kang: traced dnc kodos 8081
        peer      echoed on kang: traced socat STDIO TCP:kodos:8082
        start     server
        start     second
        start     forking
        wait      kodos listens on 8080
        wait      kodos listens on 8081
        wait      kodos listens on 8082
        start     client
        start     speaker
        start     echoed
        wait      kang connection port 8080 is ESTABLISHED
        wait      kang connection port 8081 is ESTABLISHED
        wait      kang connection port 8082 is ESTABLISHED
        echoed    types "echo me"
        wait      echoed prints "echo me"
        freeze    client
        client    types "hello?"
        expect    client is told nothing for 300ms
        thaw      client
        wait      server prints "hello?"
        interrupt server
        expect    server ends by SIGINT
        expect    client read returns 0
        terminate second
        expect    second ends by SIGTERM
        expect    speaker read returns 0
        kill      speaker
        expect    speaker ends by SIGKILL
        reboot    kodos
        expect    forking exits 143
        expect    echoed read returns 0
        expect    echoed exits 0

        """,
      "signals",
      as: user
    )
    // The child that socat forked for the connection was traced too.
    let forked = events.contains { event in
      if event.peer == "forking", case .call(let call) = event.body { call.text == "read(socket) = 8" } else { false }
    }
    #expect(forked)
    #expect(!events.contains { if case .note(let text) = $0.body { text.contains("strace") } else { false } })
  }

  @Test func missingProgramsAreToldAllAtOnceWithTheirPackages() throws {
    let path = "\(Program.folder)/missing-programs.lab"
    try FileIO.write(
      Self.head + """
        peer      server on kodos: ncat -l 8080
        peer      client on kang: traced ./no-such-program
        start     server
        start     client

        """,
      toNew: path
    )
    // Where /usr/bin is covered, strace and ncat are missing; the test's own programs are elsewhere.
    let script = "mount --bind /dev/null /usr/bin/ncat && mount --bind /dev/null /usr/bin/strace && exec \"$@\""
    let outcome = try Program.run(
      ["unshare", Privilege.isRoot ? "-m" : "-rm", "sh", "-c", script, "sh", Program.halfopen, "run", path]
    )
    #expect(outcome.status == .exited(3))
    #expect(
      outcome.errors.contains(
        "peer 'server': the program 'ncat' is not installed, or not in PATH: apt-get install ncat; "
          + "peer 'client': there is no program './no-such-program'; tracing peer 'client': the program 'strace' is not "
          + "installed, or not in PATH: apt-get install strace"
      ),
      "\(outcome.errors)"
    )
  }
}
