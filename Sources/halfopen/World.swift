internal import Laboratory
internal import Sockets
internal import TimerModel
internal import VirtualTime

/// Where labs run: on which kernel, and by which clock.
///
/// The same lab, the same runner and the same timeline in each of them.
protocol World {
  /// The kernel that the timer model is asked about; `nil` if the model does not know such a one.
  var kernel: Kernel? { get }
  /// How many labs run at a time unless the user says otherwise.
  var usualJobs: Int { get }
  /// Starts a lab; its packets go to the descriptor `captureFile`, if there is one.
  func start(_ setup: LaboratorySetup, captureFile: Int32?) throws(LaboratoryError) -> any RunningLaboratory
}

/// Namespaces on this machine's kernel, in real time.
struct RealWorld: World {
  var kernel: Kernel? { ThisMachine.kernel }

  var usualJobs: Int { 1 }

  func start(_ setup: LaboratorySetup, captureFile: Int32?) throws(LaboratoryError) -> any RunningLaboratory {
    do {
      return try LaboratoryHandle(setup, captureFile: captureFile)
    } catch {
      throw LaboratoryError(error.description)
    }
  }
}

/// A guest whose clock leaps over idleness, on an unmodified kernel of the distribution.
struct VirtualWorld: World {
  let guests: GuestWorld

  var kernel: Kernel? {
    guard let version = try? KernelVersion(release: guests.kernel.release),
      let rate = TickRate(rawValue: guests.kernel.hz)
    else { return nil }
    return Kernel(version: version, rate: rate)
  }

  /// A guest has one processor, and this machine some.
  var usualJobs: Int { max(1, Machine.processors) }

  func start(_ setup: LaboratorySetup, captureFile: Int32?) throws(LaboratoryError) -> any RunningLaboratory {
    try guests.start(setup, captureFile: captureFile)
  }
}
