import Glibc
import Sockets
import Testing

/// Guests that come to grief, one suite after the other: a guest takes a processor for itself.
@Suite(.serialized, .enabled(if: GuestKernels.haveOne, "needs QEMU and a kernel: make deps-virtual kernels"))
struct GuestTests {}

extension GuestTests {
  /// Guests in which something goes wrong: the reason is said, and the last of the console.
  @Suite(.serialized) struct Trouble {
    @Test func aKernelThatPanicsIsNoSuccess() throws {
      let outcome = try TroubledGuest.run(.panic)
      #expect(outcome.status == .exited(1))
      #expect(outcome.output.contains("the guest's kernel panicked: 'sysrq triggered crash', before the lab was over"))
      #expect(outcome.output.contains("sysrq: Trigger a crash"))
      #expect(!outcome.output.contains("RIP:"))
    }

    @Test func wantOfMemoryEndsTheGuest() throws {
      let outcome = try TroubledGuest.run(.memory)
      #expect(outcome.status == .exited(1))
      #expect(outcome.output.contains("the guest ran out of memory: 'Out of memory"), "\(outcome)")
    }

    @Test func aProgramThatSpinsIsStoppedByTheLabsOwnLimit() throws {
      let outcome = try TroubledGuest.run(.spin)
      #expect(outcome.status == .exited(1))
      #expect(outcome.output.contains("did not come about: expect bad exits 0 within 2s"), "\(outcome)")
    }

    @Test func aGuestThatHangsIsStoppedByPatience() throws {
      let outcome = try TroubledGuest.run(.hang, ["--patience", "3s"])
      #expect(outcome.status == .exited(1))
      #expect(
        outcome.output.contains("the guest was stopped: after 3s it was not done; --patience gives it more"),
        "\(outcome)"
      )
    }

    @Test func aLabThatNeverEndsIsStoppedByTheGuestsOwnClock() throws {
      let outcome = try TroubledGuest.run(.standstill)
      #expect(outcome.status == .exited(1))
      let words = "of the guest's time, longer than all its limits together"
      #expect(outcome.output.replacing("\n    ", with: " ").contains(words), "\(outcome)")
    }
  }

  /// QEMU ends before its guest has told everything.
  @Suite(.serialized) struct LostGuest {
    /// Starts a lab that does not end by itself; returns it, and its QEMU, once the lab has begun.
    private func start() throws -> (run: Program.Started, guest: Int32) {
      let run = try Program.Started(try TroubledGuest.command(.hang, ["--patience", "60s"]))
      #expect(try run.wait(for: "starts: sh"))
      let guest = try #require(try Descendants.waitForGuest(of: run.process))
      return (run, guest)
    }

    @Test func aQEMUThatIsKilledIsNamed() throws {
      let (run, guest) = try start()
      Signal.kill.send(to: guest)
      let outcome = try run.finish()
      #expect(outcome.status == .exited(1))
      #expect(outcome.output.contains("QEMU was ended by SIGKILL, before the lab was over"), "\(outcome)")
    }

    /// Writes into the guest's mailbox as the guest would, and ends the guest: its timeline stops in the middle.
    ///
    /// The layout is that of `Mailbox`: a counter of bytes written, and the ring.
    @Test(arguments: [[1, 200, 0, 0, 0, 0x7B], [99, 1, 0, 0, 0, 0]] as [[UInt8]])
    func aTornStreamIsNoTimeline(bytes: [UInt8]) throws {
      let (run, guest) = try start()
      try #require(Signal(name: "SIGSTOP")).send(to: guest)
      let mailbox = try FileIO.open("/proc/\(guest)/fd/3", for: .readingAndWriting)
      let counter = FileIO.bytes(mailbox.rawValue, at: 8, count: 4)
      let written = counter.reversed().reduce(0) { $0 << 8 | Int($1) }
      #expect(pwrite(mailbox.rawValue, bytes, bytes.count, (1 << 23) + written) == bytes.count)
      let new = (0..<4).map { UInt8(truncatingIfNeeded: (written + bytes.count) >> (8 * $0)) }
      #expect(pwrite(mailbox.rawValue, new, 4, 8) == 4)
      Signal.kill.send(to: guest)
      let outcome = try run.finish()
      #expect(outcome.status == .exited(1))
      #expect(outcome.output.contains("the guest's timeline is torn in the middle of an event"), "\(outcome)")
    }
  }
}
