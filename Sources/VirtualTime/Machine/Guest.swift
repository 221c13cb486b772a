internal import Laboratory
internal import Sockets

/// A running guest: it does one lab at a time.
///
/// Between two labs it stands still, so that a guest for which there is nothing to do takes nothing from the others.
final class Guest {
  let machine: QEMUProcess
  private var frames = FrameReader()
  private var jobs = 1
  /// Its own clock as far as it is known, in nanoseconds since its start: the beginning of its present job, or the end of
  /// the last.
  private(set) var clock: Int64
  /// How many networks of each kind it booted with have had no lab yet.
  private(set) var networksLeft: [Int]

  /// A guest that goes on from a snapshot with these networks, and has its first job.
  init(_ machine: QEMUProcess, doing job: GuestJob, networks: [PreparedNetwork]) {
    self.machine = machine
    clock = job.start
    networksLeft = networks.map(\.count)
    use(job)
  }

  private func use(_ job: GuestJob) {
    if let network = job.network { networksLeft[network] -= 1 }
  }

  /// Whether QEMU is there still.
  var isAlive: Bool { machine.rings() != nil }

  /// Gives a guest that stands still its next job.
  func give(_ job: GuestJob) {
    jobs += 1
    clock = job.start
    use(job)
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
