internal import Laboratory
internal import Sockets

/// A guest that has booted and waits for a job: its memory in one file, its devices' state in another.
///
/// Any number of guests go on from it at the same time, each with a copy of its own of what it writes to.
struct Snapshot: Hashable {
  /// QEMU's program.
  var program: String
  /// The directory with the files.
  var directory: String
  /// The guest's memory in MiB.
  var memory: Int

  static let memoryName = "memory"
  static let stateName = "state"

  /// How long a guest may take to boot, in real time: a hundred times what it takes on an idle machine.
  private static let patience: Int64 = 180_000_000_000

  /// Boots a guest and saves it, in `directory`.
  static func make(_ command: QEMUCommand, in directory: String) throws(LaboratoryError) {
    do {
      let machine = try QEMUProcess(command, directory: directory)
      let limit = Clock.monotonic + patience
      guard try wait(for: machine.bell.rawValue, until: limit, { machine.rings()?.contains(BellSignal.ready.rawValue) })
      else {
        machine.kill()
        throw LaboratoryError(failure("the guest did not boot", machine))
      }
      try machine.say([QMP.hello, QMP.ignoreSharedMemory, QMP.save(to: stateName)])
      let isSaved = try wait(for: machine.monitor, until: limit) {
        let heard = machine.heard()
        return heard.contains(#""status": "completed""#) ? true : heard.contains(#""status": "failed""#) ? nil : false
      }
      guard isSaved else { throw LaboratoryError(failure("the guest could not be saved", machine)) }
      try machine.say([QMP.quit])
      _ = machine.wait()
    } catch let error as LaboratoryError {
      throw error
    } catch let error as SystemError {
      throw LaboratoryError("booting a guest: \(error.description)")
    } catch {
      throw LaboratoryError("booting a guest: \(error)")
    }
  }

  /// Polls until `isDone` is true, and returns true; false if it gave `nil` or time is up.
  private static func wait(for descriptor: CInt, until limit: Int64, _ isDone: () -> Bool?) throws(SystemError) -> Bool
  {
    while Clock.monotonic < limit {
      guard let done = isDone() else { return false }
      if done { return true }
      var entries = [PollEntry(descriptor, .readable)]
      _ = try poll(&entries, timeout: .nanoseconds(max(0, limit - Clock.monotonic)))
    }
    return false
  }

  private static func failure(_ what: String, _ machine: QEMUProcess) -> String {
    let words = machine.lastWords
    return what + (words.isEmpty ? ", and said nothing" : "; its last words: " + words.joined(separator: " | "))
  }

  /// Lets a guest go on from here; the job must be in its mailbox before it looks.
  func resume(with job: [UInt8]) throws(SystemError) -> QEMUProcess {
    let command = QEMUCommand(
      program: program,
      memory: memory,
      memoryFile: directory + "/" + Snapshot.memoryName,
      keepsMemory: false
    )
    let state = SharedDescriptor(try FileIO.open(directory + "/" + Snapshot.stateName))
    let machine = try QEMUProcess(command, directory: directory, state: state)
    machine.mailbox.post(job)
    try machine.say([QMP.hello, QMP.ignoreSharedMemory, QMP.load(from: QEMUProcess.stateDescriptor)])
    return machine
  }
}
