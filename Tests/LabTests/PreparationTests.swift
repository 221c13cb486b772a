import Sockets
import Testing
import Timeline

/// What programs leave on a host's disk before the lab begins.
@Suite(.serialized) struct PreparationTests {
  private static func head(_ network: String = "lan") -> String {
    """
    title     Preparations
    question  What is on the disk?
    answer    That.
    network   \(network)

    """
  }

  /// What a peer printed, in order.
  private static func lines(of peer: String, in output: some StringProtocol) -> [String] {
    SavedTimeline(bytes: output.utf8).events.compactMap { event in
      if case .output(.stdout, let text) = event.body, event.peer == peer { text } else { nil }
    }
  }

  @Test(arguments: Program.User.possible)
  func aHostFindsWhatWasPreparedForIt(user: Program.User) throws {
    let lab =
      Self.head() + """
        parameter word = morning
        file      greeting on kodos: "good $word"
        prepare   on kodos as user: sh -c 'id -un; ls >found; echo $HOME $GREETING >home; sleep 600 & echo $! >running'
        prepare   on kodos: sh -c "stat -c %U found; cat greeting; pwd >>home; echo $word >word"
        peer      server on kodos as user: sh -c 'cat found; cat home; cat word; cat greeting; ls /run/disk; ps -e | grep -c sleep; echo end'
        peer      other on kang: sh -c 'ls /run/disk; echo end'
        power cycle kodos
        start     server
        expect    server prints "end"
        start     other
        expect    other prints "end"

        """
    let path = try Program.write(lab, "prepared-\(user)")
    let outcome = try Program.run(
      ["env", "GREETING=hello", Program.halfopen, "run", "--format", "jsonl", "--set", "word=evening", path],
      as: user
    )
    #expect(outcome.status == .exited(0), "\(outcome.output)\(outcome.errors)")
    // The first finds an empty disk; neither finds the lab's own file, nor this process's environment; what the first has
    // left running is gone.
    let files = ["found", "greeting", "home", "running", "word"]
    #expect(
      Self.lines(of: "server", in: outcome.output)
        == ["found", "/run/disk", "/run/disk", "evening", "good evening"] + files + ["0", "end"]
    )
    #expect(Self.lines(of: "other", in: outcome.output) == ["end"])
  }

  @Test func aPreparationThatFailsIsToldAndNothingIsRun() throws {
    for (command, reason) in [
      ("sh -c 'echo one; echo two >&2; exit 7'", "exited with 7: one; two"),
      ("sh -c 'kill -9 $$'", "was ended by SIGKILL"),
    ] {
      let lab =
        Self.head() + """
          prepare   on kodos as user: \(command)
          peer      server on kodos: sh -c 'echo end'
          start     server
          expect    server prints "end"

          """
      let outcome = try Program.run([Program.halfopen, "run", try Program.write(lab, "unprepared")])
      #expect(outcome.status == .exited(3))
      #expect(!outcome.output.contains("starts:"))
      #expect(outcome.errors.contains("'prepare on kodos as user: sh -c "), "\(outcome.errors)")
      #expect(outcome.errors.contains(reason), "\(outcome.errors)")
    }
    let missing =
      Self.head() + """
        prepare   on kodos: no-such-program
        peer      server on kodos: sh -c 'echo end'
        start     server

        """
    let outcome = try Program.run([Program.halfopen, "run", try Program.write(missing, "unprepared")])
    #expect(outcome.status == .exited(3))
    #expect(outcome.errors.contains("preparing kodos: the program 'no-such-program' is not installed"))
  }

  /// Labs that prepare the same find the same disk, whatever their networks; one whose preparation fails troubles no other.
  @Test(.enabled(if: GuestKernels.haveOne, "needs QEMU and a kernel: make deps-virtual kernels"))
  func guestsPrepareADiskOnce() throws {
    let prepared = """
      prepare   on kodos as user: sh -c 'mkdir -m 700 data; cat /proc/uptime >data/made; ln -s data link'
      peer      server on kodos: sh -c 'cd /run/disk; cat link/made; stat -c "%U %a" data; echo end'
      start     server
      expect    server prints "end"

      """
    let broken = prepared.split(separator: "mkdir").joined(separator: "no-such-program; exit 4; mkdir")
    var labs = ["lan", "routed", "lan", "routed", "lan"].map { Self.head($0) + prepared }
    labs.append(Self.head() + broken)
    let paths = try labs.indices.map { try Program.write(labs[$0], "prepared-\($0)") }
    let words = ["env", "XDG_CACHE_HOME=" + GuestKernels.cache, Program.halfopen, "run", "--virtual"]
    let outcome = try Program.run(words + ["--format", "jsonl"] + paths)
    #expect(outcome.status == .exited(3), "\(outcome.output)\(outcome.errors)")
    #expect(outcome.errors.contains("exited with 4"), "\(outcome.errors)")
    let lines = Self.lines(of: "server", in: outcome.output)
    try #require(lines.count == 15, "\(outcome.output)\(outcome.errors)")
    for index in 0..<5 { #expect(lines[(3 * index)...].prefix(3) == [lines[0], "nobody 700", "end"]) }
    // A guest of its own, booted for one, has a disk of its own; the next call finds it.
    var alone: [[String]] = []
    for _ in 0..<2 {
      let outcome = try Program.run(words + ["--format", "jsonl", paths[0]])
      #expect(outcome.status == .exited(0), "\(outcome.output)\(outcome.errors)")
      alone.append(Self.lines(of: "server", in: outcome.output))
    }
    #expect(alone[0].count == 3)
    #expect(alone[0] == alone[1])
  }
}
