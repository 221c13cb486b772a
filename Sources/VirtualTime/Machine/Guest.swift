internal import Laboratory
internal import Sockets

/// A running guest: it does one lab at a time, as many in all as laboratories were prepared in it.
///
/// Between two labs it stands still, so that a guest for which there is nothing to do takes nothing from the others.
final class Guest {
  let machine: QEMUProcess
  /// What it was resumed from.
  let snapshot: String
  private var frames = FrameReader()
  private let laboratories: Int
  private var jobs = 1
  /// Its own clock as far as it is known, in nanoseconds since its start: the beginning of its present job, or the end of
  /// the last.
  private(set) var clock: Int64

  /// A guest that goes on from a snapshot, and has its first job, which begins at `clock`.
  init(_ machine: QEMUProcess, snapshot: String, laboratories: Int, clock: Int64) {
    self.machine = machine
    self.snapshot = snapshot
    self.laboratories = laboratories
    self.clock = clock
  }

  /// How many laboratories have not run a lab yet.
  var laboratoriesLeft: Int { laboratories - jobs }

  /// Whether QEMU is there still.
  var isAlive: Bool { machine.rings() != nil }

  /// Gives a guest that stands still its next job.
  func give(_ job: GuestJob) {
    jobs += 1
    clock = job.start
    machine.mailbox.post(Array(job.text.utf8), number: jobs)
    machine.goOn()
  }

  /// Lets a guest that waits for its next job stand still, after a lab of so many nanoseconds by its own clock.
  func halt(after length: Int64) {
    clock += length
    machine.halt()
  }

  /// What the guest has written since the last call.
  func read() -> [Frame] { frames.take(machine.mailbox.read()) }

  /// Whether it wrote what no guest of ours writes.
  var isBroken: Bool { frames.isBroken }

  /// Whether its stream stopped in the middle of a piece.
  var isTorn: Bool { frames.isTorn }
}
