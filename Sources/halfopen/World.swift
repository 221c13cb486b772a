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
  var kernel: Kernel? { ThisMachine.kernel }

  /// Labs mostly wait: what a processor does for one of them is the start of its programs, some tools, and sampling.
  var usualJobs: Int { 8 * Processors.count }

  func start(_ setup: LaboratorySetup, captureFile: Int32?) throws(LaboratoryError) -> any RunningLaboratory {
    do {
      return try LaboratoryHandle(setup, captureFile: captureFile)
    } catch {
      throw LaboratoryError(error.description)
    }
  }
}
