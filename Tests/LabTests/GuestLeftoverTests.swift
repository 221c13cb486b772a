import Glibc
import Sockets
import Testing

extension GuestTests {
  /// Whatever ends halfopen, no guest of it and no file of it stays.
  @Suite(.serialized) struct Leftovers {
    /// When the signal comes.
    enum Moment: CaseIterable {
      /// While the guest boots for the first time, and its snapshot is made.
      case booting
      /// While a lab runs.
      case running
    }

    @Test(arguments: Moment.allCases, ["INT", "TERM", "KILL"])
    func aSignalLeavesNoGuestAndNoFile(moment: Moment, signal: String) throws {
      let number = try #require(Signal(name: "SIG" + signal))
      try TroubledGuest.withCache { ownCache in
        let cache = moment == .booting ? ownCache : GuestKernels.cache
        if moment == .running { _ = try TroubledGuest.run(.none) }
        let before = TroubledGuest.files(in: cache)
        let run = try Program.Started(try TroubledGuest.command(.hang, ["--patience", "60s"], cache: cache))
        if moment == .running { #expect(try run.wait(for: "starts: sh")) }
        let guest = try #require(try Descendants.waitForGuest(of: run.process))
        let open = Descendants.openFiles(of: guest) + Descendants.openFiles(of: run.process)
        #expect(open.contains { $0.contains("halfopen-mailbox") })

        number.send(to: run.process)
        let outcome = try run.finish()
        #expect(outcome.status == (signal == "KILL" ? .signaled(.kill) : .exited(128 + number.rawValue)))
        if signal != "KILL" { #expect(outcome.errors.contains("stopped by SIG\(signal)"), "\(outcome)") }
        try Descendants.waitForEnd(of: guest)

        // What a boot made before it was ended is whole, and may stay: the image that other guests boot from too.
        let new = TroubledGuest.files(in: cache).subtracting(before)
        let isWhole: (String) -> Bool = { $0.hasSuffix("/archive") || $0.hasSuffix("/list") || $0.hasSuffix("/lock") }
        #expect(new.allSatisfy { isWhole($0) && !$0.contains(".new") }, "\(new)")
        if moment == .running { #expect(new.isEmpty) }
        for path in open where path.hasPrefix("/tmp/") || path.hasPrefix("/dev/shm/") {
          #expect(FileIO.status(of: path) == nil || path.hasPrefix(cache) || path.hasPrefix(Program.folder), "\(path)")
        }
      }
    }
  }

  /// The cache is damaged, full, or wanted by two at the same time.
  @Suite(.serialized) struct DamagedCache {
    /// Damages the entries of a cache; the paths are those of the snapshot and of the image.
    static let damages: [(name: String, how: @Sendable (_ snapshot: String, _ image: String) throws -> Void)] = [
      (
        "memory of which a byte has changed",
        { snapshot, _ in
          let file = try FileIO.open(snapshot + "/memory", for: .readingAndWriting)
          try FileIO.writeAll([0xFF], to: file.rawValue)
        }
      ),
      (
        "a state that is too short, and an image of nothing",
        { snapshot, image in
          try FileIO.write([UInt8](repeating: 0, count: 100), toNew: snapshot + "/state")
          try FileIO.write("", toNew: image + "/archive")
        }
      ),
      (
        "memory that nobody may read, and a state that is gone",
        { snapshot, _ in
          _ = chmod(snapshot + "/memory", 0)
          try FileIO.remove(snapshot + "/state")
        }
      ),
    ]

    private func onlyEntry(of directory: String) throws -> String {
      let names = try FileIO.names(in: directory).filter { $0 != "lock" }
      #expect(names.count == 1, "\(names)")
      return directory + "/" + (names.first ?? "")
    }

    @Test func aDamagedEntryIsNoticedAndMadeAgain() throws {
      try TroubledGuest.withCache { cache in
        let first = try TroubledGuest.run(.none, ["--timing"], cache: cache)
        #expect(first.status == .exited(0) && first.errors.contains("boot "), "\(first)")
        for (name, damage) in Self.damages {
          try damage(onlyEntry(of: cache + "/halfopen/snapshots"), onlyEntry(of: cache + "/halfopen/images"))
          let again = try TroubledGuest.run(.none, ["--timing"], cache: cache)
          #expect(again.status == .exited(0), "\(name): \(again)")
          #expect(again.errors.contains("boot "), "\(name): \(again.errors)")
        }
        let last = try TroubledGuest.run(.none, ["--timing"], cache: cache)
        #expect(last.status == .exited(0) && !last.errors.contains("boot "), "\(last)")
      }
    }

    @Test func twoThatWantTheSameSnapshotMakeItOnce() throws {
      try TroubledGuest.withCache { cache in
        let runs = try (0..<2).map { _ in
          try Program.Started(try TroubledGuest.command(.none, ["--timing"], cache: cache))
        }
        let outcomes = try runs.map { try $0.finish() }
        #expect(outcomes.allSatisfy { $0.status == .exited(0) }, "\(outcomes)")
        #expect(outcomes.filter { $0.errors.contains("boot ") }.count == 1, "\(outcomes)")
        _ = try onlyEntry(of: cache + "/halfopen/snapshots")
      }
    }

    /// A file system of so many MiB: the image does not fit into the first, the guest's memory not into the second.
    @Test(
      .enabled(if: Privilege.isRoot, "needs root, to mount a small file system"),
      arguments: [(8, "ENOSPC"), (120, "QEMU was ended by SIGBUS: there is no room left for its guest's memory")]
    )
    func aFullDiskIsNamed(size: Int, reason: String) throws {
      try TroubledGuest.withCache { cache in
        // A mount namespace of its own: nothing of it is seen, or left, outside.
        let mount = "mount -t tmpfs -o size=\(size)m none \(cache)/halfopen && mkdir \(cache)/halfopen/kernels"
        let kernels = "mount --bind \(GuestKernels.directory) \(cache)/halfopen/kernels"
        let command = try TroubledGuest.command(.none, cache: cache)
        let outcome = try Program.run(
          ["unshare", "--mount", "sh", "-ec", "\(mount); \(kernels); exec \"$@\"", "sh"] + command
        )
        #expect(outcome.status == .exited(3), "\(outcome)")
        #expect(outcome.errors.contains(reason), "\(outcome.errors)")
        #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
      }
    }
  }
}
