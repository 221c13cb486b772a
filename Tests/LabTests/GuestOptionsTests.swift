import Glibc
import Sockets
import Testing
import Timeline

extension GuestTests {
  /// The options of `halfopen run --virtual`, used as they are meant.
  @Suite(.serialized) struct Options {
    private static func short() throws -> String {
      try Program.write(LabRunTests.short, "options")
    }

    private static func run(_ options: [String]) throws -> Program.Outcome {
      try Program.run(
        ["env", "XDG_CACHE_HOME=" + GuestKernels.cache, Program.halfopen, "run", "--virtual"] + options + [try short()]
      )
    }

    /// The user timeout's timer is of the level whose buckets hold 8 ticks of 4 ms: eight phases show its whole window.
    @Test func phasesShowTheWholeWindow() throws {
      let outcome = try Self.run(["--phases", "8"])
      #expect(outcome.status == .exited(0), "\(outcome)")
      #expect(outcome.output.contains("8 of 8 runs passed"))
      let row = try #require(
        outcome.output.split(separator: "\n").first { $0.contains("expect kang connection is gone") }
      )
      let moments = row.split(separator: " ").compactMap { try? Duration(text: $0) }
      #expect(moments.count >= 2)
      #expect((Duration.milliseconds(1612)..<Duration.milliseconds(1626)).contains(moments[0]), "\(row)")
      #expect((Duration.milliseconds(1640)..<Duration.milliseconds(1654)).contains(moments[1]), "\(row)")
    }

    /// A capture of an interface that has gone down must not keep the laboratory awake: in virtual time it would never end.
    @Test func aPulledCableCostsNothing() throws {
      let outcome = try Program.run(
        ["env", "XDG_CACHE_HOME=" + GuestKernels.cache, Program.halfopen, "run", "--virtual", "--patience", "60s"]
          + ["\(Program.repository)/labs/misleading/unplug.lab:short"]
      )
      #expect(outcome.status == .exited(0), "\(outcome)")
    }

    /// A kernel as a distribution ships it, packed, with its modules and configuration beside it.
    @Test func aPackedKernelAtAPathIsBooted() throws {
      let kernel = try #require(GuestKernels.newest)
      let folder = try FileIO.makeTemporaryDirectory(in: "/tmp", prefix: "halfopen-vmlinuz-")
      defer { try? FileIO.remove(folder) }
      // The head of a bzImage: the setup header tells where the payload is, see Documentation/arch/x86/boot.rst.
      var head = [UInt8](repeating: 0, count: 1024)
      func put(_ value: Int, _ width: Int, at offset: Int) {
        for index in 0..<width { head[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * index)) }
      }
      let packed = "\(folder)/packed"
      let packing = try Program.run(["sh", "-c", "gzip -1nc '\(kernel.path)/vmlinux' > \(packed)"])
      #expect(packing.status == .exited(0))
      let payload = try FileIO.contents(of: packed)
      put(1, 1, at: 0x1F1)
      put(0x5372_6448, 4, at: 0x202)
      put(0x020F, 2, at: 0x206)
      put(0x0100, 2, at: 0x20E)
      put(0, 4, at: 0x248)
      put(payload.count, 4, at: 0x24C)
      head.replaceSubrange(0x300..<0x300 + kernel.release.utf8.count, with: Array(kernel.release.utf8))
      let path = "\(folder)/vmlinuz-\(kernel.release)"
      try FileIO.write(head + payload, toNew: path)

      let bare = try Self.run(["--kernel", path])
      #expect(bare.status == .exited(3))
      #expect(bare.errors.contains("there are no modules of \(kernel.release)"))
      #expect(bare.errors.split(separator: "\n").count == 1)

      _ = symlink(kernel.path + "/modules", folder + "/modules")
      _ = symlink(kernel.path + "/config", folder + "/config")
      let outcome = try Self.run(["--kernel", path])
      #expect(outcome.status == .exited(0), "\(outcome)")
      #expect(outcome.output.replacing("\n", with: " ").contains("virtual time, Linux \(kernel.release)"))
    }

    @Test(arguments: [
      (["--kernel", "5.10"], "there is no kernel '5.10' at hand, only 6."),
      (["--kernel", "/nowhere/vmlinuz"], "there is no kernel '/nowhere/vmlinuz'"),
      (["--kernel", "/etc/passwd"], "it is neither an uncompressed kernel (ELF) nor a bzImage"),
    ])
    func aKernelThatIsNoneIsRefused(options: [String], message: String) throws {
      let outcome = try Self.run(options)
      #expect(outcome.status == .exited(3))
      #expect(outcome.errors.contains(message) && outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }
  }
}

/// Options that would be passed over are refused: nothing is booted for that.
@Suite struct GuestOptionMistakesTests {
  @Test(arguments: [
    (["--phases", "4"], "--phases is about guests in virtual time: add --virtual"),
    (["--phase", "4"], "--phase is about guests in virtual time: add --virtual"),
    (["--patience", "4s"], "--patience is about guests in virtual time: add --virtual"),
    (["--timing"], "--timing is about guests in virtual time: add --virtual"),
    (["--world", "machines", "--phase", "1"], "--phase is about guests in virtual time: add --virtual"),
    (["--kernel", "6.1"], "--kernel is about the kernel of guests: add --virtual or --world machines"),
    (["--kernel", "all"], "--kernel all compares kernels in virtual time: add --virtual"),
    (["--virtual", "--no-capture"], "--no-capture measures what watching costs in real time alone"),
    (["--virtual", "--phases", "4", "--format", "jsonl"], "--phases prints a table of its own: timelines, captures,"),
    (
      ["--virtual", "--phases", "4", "--timeline", "/tmp/x"], "--phases prints a table of its own: timelines, captures,"
    ),
    (["--virtual", "--kernel", "all", "--report", "tap:/tmp/x"], "--kernel all prints a table of its own: timelines,"),
    (["--virtual", "--kernel", "all", "--phases", "4"], "--kernel all compares one run on each kernel"),
    (
      ["--virtual", "--phases", "0"], "option '--phases': '0' is not a number of phases: write a whole number from 1 to"
    ),
    (
      ["--virtual", "--phase", "-1"], "option '--phase': '-1' is not a number of ticks: write a whole number from 0 to"
    ),
    (["--virtual", "--patience", "0s"], "option '--patience': '0s' is not a duration, such as 30s or 5m"),
  ])
  func isSaid(options: [String], message: String) throws {
    let lab = "\(Program.repository)/labs/powercycle.lab"
    let outcome = try Program.run([Program.halfopen, "run"] + options + [lab])
    #expect(outcome.status == .exited(2))
    #expect(outcome.errors.contains("halfopen: " + message), "\(outcome.errors)")
  }
}
