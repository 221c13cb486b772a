internal import Laboratory
internal import Sockets
internal import TimerModel

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
  /// Whether packets and tracepoints are watched.
  var isWatched = true

  var kernel: Kernel? { ThisMachine.kernel }

  var usualJobs: Int { 1 }

  func start(_ setup: LaboratorySetup, captureFile: Int32?) throws(LaboratoryError) -> any RunningLaboratory {
    var setup = setup
    setup.isWatched = isWatched
    do {
      return try LaboratoryHandle(setup, captureFile: captureFile)
    } catch {
      throw LaboratoryError(error.description)
    }
  }
}
