import Glibc
import Sockets
import Testing
import Timeline

/// Labs in virtual time, run as a user runs them.
///
/// The guests are kept in a cache of the tests' own, with the kernels of this user.
@Suite(.serialized, .enabled(if: GuestKernels.haveOne, "needs QEMU and a kernel: make deps-virtual kernels"))
struct VirtualRunTests {
  /// Runs the program, besides so many that only keep a processor busy.
  private static func run(_ words: [String], besides count: Int = 0) throws -> Program.Outcome {
    let company = try (0..<count).map { _ in try Program.Started(["sh", "-c", "while :; do :; done"]) }
    let outcome = try Program.run(["env", "XDG_CACHE_HOME=" + GuestKernels.cache, Program.halfopen] + words)
    for busy in company {
      Signal.kill.send(to: busy.process)
      _ = try busy.finish()
    }
    return outcome
  }

  @Test func theFifteenMinutesAreOverInSeconds() throws {
    let outcome = try Self.run(["run", "--virtual", "\(Program.repository)/labs/retransmit.lab"])
    #expect(outcome.status == .exited(0), "\(outcome)")
    #expect(outcome.output.contains("virtual time, Linux 6."))
    #expect(outcome.output.contains("read(socket) = -1 ETIMEDOUT"))
    #expect(outcome.output.contains("15m"))
  }

  /// Six labs share guests, one for each seat; none lasts so long that a neighbour's entry of random age has to be renewed.
  @Test func labsThatShareGuestsAreTheSameInEachCall() throws {
    let names = [
      "lost-probe", "not-polled", "server-keepalive", "keepalive-reset", "keepalive-chosen",
      "keepalive-user-timeout-5s",
    ]
    let paths = names.map { "\(Program.repository)/labs/idle/\($0).lab" }
    var first: [String: (what: [String], when: [Int64])] = [:]
    for round in 0..<3 {
      let file = try Program.write("", "shared-\(round)")
      let words = ["run", "--virtual", "-j", "2", "--report", "jsonl:" + file] + paths
      let outcome = try Self.run(words, besides: round == 1 ? 1 : 0)
      #expect(outcome.status == .exited(0), "\(outcome.output)\(outcome.errors)")
      var stories: [String: (what: [String], when: [Int64])] = [:]
      // One timeline follows the other.
      let lines = String(decoding: try FileIO.contents(of: file), as: UTF8.self).split(separator: "\n")
      for part in lines.split(whereSeparator: { $0.contains(#""kind":"judgement""#) }) {
        let lab = try #require(part.first?.firstRange(of: #""lab":""#).map { part[part.startIndex][$0.upperBound...] })
        stories[String(lab.prefix { $0 != "\"" })] = Self.story(part.joined(separator: "\n"))
      }
      #expect(stories.keys.sorted() == names.sorted())
      if round == 0 { first = stories }
      for (name, story) in stories {
        #expect(story.what == first[name]?.what, "\(name), call \(round)")
        let apart = zip(story.when, first[name]?.when ?? []).map { abs($0 - $1) }.max() ?? .max
        #expect(apart < 500_000, "\(name), call \(round), differs by \(apart) ns")
      }
    }
  }

  /// What happened, and when.
  private static func story(_ output: String) -> (what: [String], when: [Int64]) {
    let events = SavedTimeline(bytes: output.utf8).events
    return (
      events.map { "\($0.host ?? "-") \($0.peer ?? "-") \($0.body.kind)" }, events.map(\.time.nanoseconds)
    )
  }

  @Test func twentyRunsAreTheSameToTheMillisecond() throws {
    let path = try Program.write(LabRunTests.short, "exact")
    var first: (what: [String], when: [Int64])?
    for round in 0..<20 {
      // Every other run has company.
      let outcome = try Self.run(["run", "--virtual", "--format", "jsonl", path], besides: round % 2 == 0 ? 0 : 2)
      #expect(outcome.status == .exited(0), "\(outcome.output)\(outcome.errors)")
      let story = Self.story(outcome.output)
      #expect(story.what.count > 30)
      guard let first else {
        first = story
        continue
      }
      #expect(story.what == first.what, "run \(round)")
      let apart = zip(story.when, first.when).map { abs($0 - $1) }.max() ?? 0
      #expect(apart < 500_000, "run \(round) differs by \(apart) ns")
    }
  }

  /// The guest that a lab with a capture has booted is kept for others, whose captures are their own.
  @Test func aGuestThatIsKeptKeepsNoCapture() throws {
    let path = try Program.write(LabRunTests.short, "captured")
    try TroubledGuest.withCache { cache in
      for round in ["booted", "kept"] {
        let file = "\(cache)/\(round).pcapng"
        let outcome = try Program.run([
          "env", "XDG_CACHE_HOME=" + cache, Program.halfopen, "run", "--virtual", "--pcap", file, path,
        ])
        #expect(outcome.status == .exited(0), "\(outcome.output)\(outcome.errors)")
        let types = Self.blockTypes(try FileIO.contents(of: file))
        #expect(types.first == 0x0A0D_0D0A)
        #expect(types.filter { $0 == 0x0A0D_0D0A }.count == 1, "one section: \(round)")
        #expect(types.filter { $0 == 6 }.count >= 6, "the packets: \(round)")
      }
    }
  }

  /// The types of a pcapng file's blocks, in its order: 0x0A0D0D0A begins a section, 6 is a packet.
  private static func blockTypes(_ bytes: [UInt8]) -> [UInt32] {
    func number(_ offset: Int) -> UInt32 { (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) } }
    var types: [UInt32] = []
    var offset = 0
    while offset + 8 <= bytes.count, number(offset + 4) >= 12 {
      types.append(number(offset))
      offset += Int(number(offset + 4))
    }
    return types
  }

  @Test func aLabForRealTimeAloneSaysWhy() throws {
    let text = LabRunTests.short.replacing("network ", with: "real      time is short\nnetwork ")
    let refused = try Self.run(["run", "--virtual", try Program.write(text, "weather")])
    #expect(refused.status == .exited(2), "\(refused)")
    let right = text.replacing("time is short", with: "time only because it rains")
    let outcome = try Self.run(["run", "--virtual", try Program.write(right, "rain")])
    #expect(outcome.status == .exited(3))
    #expect(outcome.errors.contains("real time only because it rains"))
  }
}
