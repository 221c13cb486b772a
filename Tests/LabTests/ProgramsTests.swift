import Glibc
import Sockets
import Testing
import Timeline

/// Third-party programs as peers: what they need, whom they run as, and where their data lies.
@Suite struct ProgramsTests {
  private static let head = """
    title     Programs
    question  What do they need?
    answer    That.
    network   lan

    """

  /// Root, an ordinary user, and the power switch: the disk is each host's own, and outlives its power.
  @Test(arguments: Program.User.possible)
  func aPeerAsUserIsNobodyOnItsHostsOwnDisk(user: Program.User) throws {
    let lab =
      Self.head + """
        file      greeting on kodos: "good morning" 'costs $5'
        peer      first on kodos as user: sh -c 'echo $HOME >note; echo ok >/dev/shm/note; id -un; pwd; cat greeting; sleep 60'
        peer      second on kodos as user: sh -c 'cat note; ls /dev/shm; echo end of list'
        peer      other on kang: sh -c 'ls /run/disk; echo end of list'
        peer      server on kodos as user: traced dnc -l -p 8080
        peer      client on kang as user: dnc --close-on-eof kodos 8080
        start     first
        expect    first prints "nobody"
        expect    first prints "/run/disk"
        expect    first prints "good morning"
        expect    first prints "costs $$5"
        power cycle kodos
        start     second
        expect    second prints "/run/disk"
        expect    second prints "end of list"
        start     other
        expect    other prints "end of list"
        start     server
        wait      kodos listens on 8080
        start     client
        expect    server accept returns
        expect    client connect returns 0
        terminate server
        expect    server ends by SIGTERM
        expect    client read returns 0

        """
    let path = try Program.write(lab, "as-user-\(user)")
    let outcome = try Program.run([Program.halfopen, "run", "--format", "jsonl", path], as: user)
    #expect(outcome.status == .exited(0), "\(outcome.output)\(outcome.errors)")
    var lines: [String: [String]] = [:]
    for event in SavedTimeline(bytes: outcome.output.utf8).events {
      if case .output(.stdout, let text) = event.body { lines[event.peer ?? "", default: []].append(text) }
    }
    #expect(lines["first"] == ["nobody", "/run/disk", "good morning", "costs $5"])
    // The note is there after the power cut, the shared memory is not; and the other host's disk has neither.
    #expect(lines["second"] == ["/run/disk", "end of list"])
    #expect(lines["other"] == ["end of list"])
    #expect(!FileIO.isDirectory("/run/halfopen-disks"))
  }

  @Test func aMissingPackageIsToldWithItsCommandBeforeAnythingStarts() throws {
    let lab =
      Self.head + """
        needs     curl, pgbouncer, "no-such-package"
        peer      server on kodos: dnc -l -p 8080
        peer      pooler on kang as user: pgbouncer pgbouncer.ini
        start     server
        start     pooler

        """
    let path = try Program.write(lab, "needs")
    // Where its program is covered, a package is missing; dpkg knows nothing of the other.
    let script = "mount --bind /dev/null /usr/sbin/pgbouncer && exec \"$@\""
    let outcome = try Program.run(
      ["unshare", Privilege.isRoot ? "-m" : "-rm", "sh", "-c", script, "sh", Program.halfopen, "run", path]
    )
    #expect(outcome.status == .exited(3))
    #expect(!outcome.output.contains("starts:"))
    #expect(
      outcome.errors.contains(
        "needs: the lab needs the Debian packages 'pgbouncer', 'no-such-package', which are not installed: "
          + "apt-get install pgbouncer no-such-package\n"
      ),
      "\(outcome.errors)"
    )
  }

  /// Of a Python that its user has installed beside the system's only the program would be found.
  @Test(.enabled(if: GuestKernels.haveOne, "needs QEMU and a kernel: make deps-virtual kernels"))
  func aProgramOfAnotherInstallationIsRefusedBeforeAGuestBoots() throws {
    let directory = try FileIO.makeTemporaryDirectory(in: "/tmp", prefix: "halfopen-python.")
    defer { try? FileIO.remove(directory) }
    try FileIO.write("#!/bin/sh\n", toNew: directory + "/python3")
    chmod(directory + "/python3", 0o755)
    let path = ChildProcess.ownEnvironment.first { $0.hasPrefix("PATH=") } ?? "PATH=/usr/bin:/bin"
    let words = ["env", "PATH=\(directory):\(path.dropFirst(5))", "XDG_CACHE_HOME=" + GuestKernels.cache]
    let lab = "\(Program.repository)/labs/programs/http-power-off.lab"
    let outcome = try Program.run(words + [Program.halfopen, "run", "--virtual", lab])
    #expect(outcome.status == .exited(3), "\(outcome.output)")
    #expect(
      outcome.errors.contains("'python3' is \(directory)/python3 here, which is not of the Debian package 'python3'"),
      "\(outcome.errors)"
    )
  }

  /// Debian's own configuration of Redis is for root and Redis: an ordinary user's guest does without it, as its peers would
  /// in real time.
  @Test(
    .enabled(if: GuestKernels.haveOne && Privilege.isRoot, "needs root, QEMU and a kernel: make deps-virtual kernels")
  )
  func anOrdinaryUsersGuestLacksOnlyWhatTheUserMayNotRead() throws {
    let cache = try FileIO.makeTemporaryDirectory(in: "/tmp", prefix: "halfopen-user.")
    defer { try? FileIO.remove(cache) }
    let kernel = try #require(GuestKernels.newest)
    let kernels = cache + "/halfopen/kernels"
    let user = "\(Privilege.ordinaryUser):\(Privilege.ordinaryUser)"
    let script = "mkdir -p \(kernels) && cp -r \(kernel.path) \(kernels) && chown -R \(user) \(cache)"
    try #require(try Program.run(["sh", "-c", script]).status == .exited(0))
    let lab = try FileIO.contents(of: "\(Program.repository)/labs/programs/redis-subscriber.lab")
    let path = try Program.write(String(decoding: lab, as: UTF8.self), "redis-subscriber")
    let words = ["env", "XDG_CACHE_HOME=" + cache, Program.halfopen, "run", "--virtual", "--kernel", kernel.release]
    let outcome = try Program.run(words + [path], as: .ordinary)
    #expect(outcome.status == .exited(0), "\(outcome.output)\(outcome.errors)")
  }
}
