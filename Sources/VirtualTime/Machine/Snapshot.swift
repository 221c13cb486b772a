internal import Glibc
internal import Laboratory
internal import Sockets
internal import Timeline

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

  /// What a snapshot is made of, and where it goes.
  struct Making {
    /// The networks that the guest builds.
    var networks: [PreparedNetwork]
    /// The descriptors of the files of its memory and its state.
    var memory: CInt
    var state: CInt
    /// How long it may take, in nanoseconds of real time.
    var patience: Int64
    var interruption: Interruption?
  }

  /// Boots a guest and saves it.
  static func make(_ command: QEMUCommand, _ making: Making) throws(LaboratoryError) {
    do {
      let networks = try SharedMemory.anonymousFile(named: "halfopen-networks")
      try FileIO.writeAll(Array(making.networks.map(\.line).joined().utf8), to: networks.rawValue)
      let machine = try QEMUProcess(
        command,
        descriptors: [
          (making.memory, QEMUCommand.memoryDescriptor), (networks.rawValue, QEMUCommand.networksDescriptor),
        ]
      )
      let limit = Clock.monotonic + making.patience
      let boot = try wait(for: machine.bell.rawValue, until: limit, making.interruption) {
        machine.rings()?.contains(BellSignal.ready.rawValue)
      }
      try check(boot, "the guest did not boot", machine, making)
      try machine.say([QMP.hello, QMP.ignoreSharedMemory, QMP.save(to: making.state, of: getpid())])
      let saving = try wait(for: machine.monitor, until: limit, making.interruption) {
        let heard = machine.heard()
        return heard.contains(#""status": "completed""#) ? true : heard.contains(#""status": "failed""#) ? nil : false
      }
      if saving == .failed { machine.kill() }
      try check(saving, "the guest could not be saved", machine, making)
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

  /// What waiting for a guest came to.
  private enum Waiting { case done, failed, late, interrupted }

  /// Polls until `isDone` gives true, or `nil` for what will never be.
  private static func wait(
    for descriptor: CInt,
    until limit: Int64,
    _ interruption: Interruption?,
    _ isDone: () -> Bool?
  ) throws(SystemError) -> Waiting {
    while true {
      if interruption?.hasCome == true { return .interrupted }
      guard let done = isDone() else { return .failed }
      if done { return .done }
      let left = limit - Clock.monotonic
      if left <= 0 { return .late }
      var entries = [PollEntry(descriptor, .readable)] + (interruption.map { [$0.entry] } ?? [])
      _ = try poll(&entries, timeout: .nanoseconds(left))
    }
  }

  /// Throws a sentence about what went wrong, with the last of the guest's console, unless nothing did.
  private static func check(_ waiting: Waiting, _ what: String, _ machine: QEMUProcess, _ making: Making)
    throws(LaboratoryError)
  {
    let why: String
    switch waiting {
    case .done: return
    case .interrupted: throw Interruption.error
    case .failed: why = machine.cause
    case .late: why = "it took longer than \(Duration.nanoseconds(making.patience).text); --patience gives it more"
    }
    let words = machine.lastWords
    throw LaboratoryError(
      "\(what): \(why)" + (words.isEmpty ? "; it said nothing" : "; its last words: " + words.joined(separator: " | "))
    )
  }

  /// Lets a guest go on from here; the job must be in its mailbox before it looks.
  func resume(with job: [UInt8]) throws(SystemError) -> QEMUProcess {
    let command = QEMUCommand(
      program: program,
      memory: memory,
      memoryFile: directory + "/" + Snapshot.memoryName,
      keepsMemory: false
    )
    let state = try FileIO.open(directory + "/" + Snapshot.stateName)
    let machine = try QEMUProcess(command, descriptors: [(state.rawValue, QEMUCommand.stateDescriptor)])
    machine.mailbox.post(job, number: 1)
    try machine.say([QMP.hello, QMP.ignoreSharedMemory, QMP.load(from: QEMUCommand.stateDescriptor)])
    return machine
  }
}
