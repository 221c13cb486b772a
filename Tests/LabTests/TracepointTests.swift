import Sockets
import Testing
import Timeline

/// What the kernel's tracepoints add to a lab's timeline, and that it stands without them.
@Suite struct TracepointTests {
  /// The server closes first, the client answers at once; then a second connection that nobody takes.
  private static let lab = """
    title     Both ends close
    network   lan
    peer      server on kodos: dnc -l -p 8080
    peer      client on kang: dnc --close-on-eof kodos 8080
    peer      late on kang: dnc kodos 8080
    start     server
    wait      kodos listens on 8080
    start     client
    wait      client prints "connected"
    expect    kang connection stays ESTABLISHED for 500ms
    interrupt server
    expect    client exits 0
    expect    kang connection is gone
    expect    kodos connection is TIME_WAIT
    start     late
    expect    late connect fails ECONNREFUSED

    """

  private static func events(as user: Program.User) throws -> [Event] {
    let path = try Program.write(lab, "tracepoints-\(user)")
    let outcome = try Program.run([Program.halfopen, "run", "--format", "jsonl", path], as: user)
    #expect(outcome.status == .exited(0), "\(outcome.output)\(outcome.errors)")
    return SavedTimeline(bytes: outcome.output.utf8).events
  }

  private static func changes(_ events: [Event], on host: String) -> [(time: Moment, change: StateChange)] {
    events.compactMap { event in
      if case .stateChange(let change) = event.body, event.host == host, change.from != .listen || change.to != .closed
      {
        (event.time, change)
      } else {
        nil
      }
    }
  }

  @Test(.enabled(if: Privilege.isRoot, "only the machine's root may read tracepoints"))
  func everyStateIsToldAtItsMoment() throws {
    let events = try TracepointTests.events(as: .root)
    let kang = TracepointTests.changes(events, on: "kang").map(\.change)
    #expect(
      kang.prefix(5).map { "\($0.from.name) \($0.to.name)" } == [
        "CLOSED SYN_SENT", "SYN_SENT ESTABLISHED", "ESTABLISHED CLOSE_WAIT", "CLOSE_WAIT LAST_ACK", "LAST_ACK CLOSED",
      ]
    )
    #expect(Set(kang.prefix(5).map(\.ends)).count == 1)
    let kodos = TracepointTests.changes(events, on: "kodos").map(\.change)
    #expect(
      kodos.map { "\($0.from.name) \($0.to.name)" } == [
        "CLOSED LISTEN", "LISTEN SYN_RECV", "SYN_RECV ESTABLISHED", "ESTABLISHED FIN_WAIT_1", "FIN_WAIT_1 FIN_WAIT_2",
        "FIN_WAIT_2 CLOSED",
      ]
    )
    // What is gone, or went on as a small socket, did so at the traced moment.
    let closed = try #require(TracepointTests.changes(events, on: "kodos").last).time
    let small = try #require(
      events.first { if case .socket(let sample) = $0.body { sample.state == .timeWait } else { false } }
    )
    #expect(small.time == closed)
    let died = try #require(TracepointTests.changes(events, on: "kang").first { $0.change.from == .lastAck }).time
    let gone = events.contains { event in
      if case .socketGone = event.body { event.host == "kang" && event.time == died } else { false }
    }
    #expect(gone)
    #expect(events.contains { if case .reset(let reset) = $0.body { reset.direction == .in } else { false } })
    #expect(!events.contains { if case .note = $0.body { true } else { false } })
    // Nobody else's sockets.
    for case .stateChange(let change) in events.map(\.body) {
      #expect(change.local.hasPrefix("10.88.88.") || change.local.hasPrefix("0.0.0.0:"))
    }
  }

  @Test(arguments: Program.User.possible)
  func aConnectionsDeathIsToldWithItsLastNumbers(user: Program.User) throws {
    let events = try TracepointTests.events(as: user)
    let deaths = events.compactMap { event -> SocketDeath? in
      if case .destroyed(let death) = event.body, event.host == "kang" { death } else { nil }
    }
    let death = try #require(deaths.first)
    #expect(death.remote == "10.88.88.140:8080")
    #expect(death.numbers[.bytesSent] == 0)
    // SYN, the handshake's ACK, the ACK of the FIN and the own FIN, of which two may go in one.
    #expect((3...4).contains(death.numbers[.segmentsOut] ?? 0))
    #expect(death.numbers[.retransmitted] == 0)
  }

  @Test func withoutRootTheSameStoryIsSampledAndSaysSo() throws {
    let events = try TracepointTests.events(as: .ordinary)
    let notes = events.compactMap { if case .note(let text) = $0.body { text } else { nil } }
    #expect(notes == ["states are sampled here, to some milliseconds: tracepoints are only for the machine's root"])
    #expect(TracepointTests.changes(events, on: "kang").isEmpty)
  }
}
