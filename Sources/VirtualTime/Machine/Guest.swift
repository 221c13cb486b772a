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
  /// When its present job begins, in nanoseconds since the guest's start.
  private(set) var start: Int64

  /// A guest that goes on from a snapshot, and has its first job, which begins at `start`.
  init(_ machine: QEMUProcess, snapshot: String, laboratories: Int, start: Int64) {
    self.machine = machine
    self.snapshot = snapshot
    self.laboratories = laboratories
    self.start = start
  }

  /// How long its present lab has taken, by its own clock, in nanoseconds.
  var length: Int64 = 0

  /// How many laboratories have not run a lab yet.
  var laboratoriesLeft: Int { laboratories - jobs }

  /// Whether QEMU is there still.
  var isAlive: Bool { machine.rings() != nil }

  /// Gives a guest that stands still its next job.
  func give(_ job: GuestJob) {
    jobs += 1
    (start, length) = (job.start, 0)
    machine.mailbox.post(Array(job.text.utf8), number: jobs)
    machine.goOn()
  }

  /// Lets a guest that waits for its next job stand still.
  func halt() { machine.halt() }

  /// What the guest has written since the last call.
  func read() -> [Frame] { frames.take(machine.mailbox.read()) }

  /// Whether it wrote what no guest of ours writes.
  var isBroken: Bool { frames.isBroken }

  /// Whether its stream stopped in the middle of a piece.
  var isTorn: Bool { frames.isTorn }
}
