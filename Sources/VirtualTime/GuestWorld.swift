public import Laboratory
internal import LabScript
internal import Sockets
internal import Timeline

/// The world of virtual time: labs in guests whose clock leaps over idleness, on a kernel of one's choice.
public final class GuestWorld {
  /// The guests' kernel.
  public let kernel: GuestKernel
  /// The phase of the kernel's timers in which labs begin: so many ticks later than usual.
  public var phase: Int
  let program: String
  private let programIdentity: String
  private let images: GuestCache
  private let snapshots: GuestCache
  let environment: [String]
  let directory: String

  /// When labs begin, in nanoseconds since the guest's start: long after it has booted, on the slowest machine.
  static let start: Int64 = 64_000_000_000

  /// A world on `kernel`; throws a sentence about what is missing on this machine.
  ///
  /// - Parameter phase: So many ticks of the kernel later than usual labs begin, which moves the phase of its timers.
  public init(kernel: GuestKernel, phase: Int = 0) throws(LaboratoryError) {
    self.kernel = kernel
    self.phase = phase
    // The guest has no locales but the one that is part of the C library.
    environment =
      LaboratoryProcess.environment().filter { !$0.hasPrefix("LC_") && !$0.hasPrefix("LANG") } + ["LC_ALL=C.UTF-8"]
    directory = LaboratoryProcess.currentDirectory()
    guard let program = Programs.path(of: GuestWorld.program) else { throw .missingTool(GuestWorld.program) }
    self.program = program
    programIdentity = FileIO.status(of: program)?.identity ?? ""
    guard let cache = CacheDirectory.path(environment: ChildProcess.ownEnvironment) else {
      throw LaboratoryError("there is no place for guests: neither HOME nor XDG_CACHE_HOME is set to an absolute path")
    }
    images = GuestCache(directory: cache + "/images", capacity: 12)
    snapshots = GuestCache(directory: cache + "/snapshots", capacity: 24)
  }

  /// QEMU's program.
  static let program = "qemu-system-x86_64"

  /// Starts a lab in a guest of its own.
  public func start(_ setup: LaboratorySetup, captureFile: Int32?) throws(LaboratoryError) -> any RunningLaboratory {
    let script: Script
    switch Script.read(text: Array(setup.script.utf8), path: setup.path, settings: setup.settings) {
    case .script(let read): script = read
    case .mistakes(let mistakes): throw LaboratoryError(mistakes.first?.message ?? "the lab is broken")
    }
    try PeerPrograms(environment: environment, directory: directory).check(script)
    let snapshot = try snapshot(for: script, setup)
    var setup = setup
    setup.capturesToFile = captureFile != nil
    setup.clock = Beginning.virtualClock
    setup.surroundings = LaboratorySetup.Surroundings(environment: environment, directory: directory)
    let job = GuestJob(
      setup: setup.text,
      start: GuestWorld.start + Int64(phase) * 1_000_000_000 / Int64(kernel.hz),
      limit: script.longestLength(limits: setup.limits) + 60_000_000_000,
      captures: captureFile != nil
    )
    do throws(SystemError) {
      let machine = try snapshot.resume(with: Array(job.text.utf8))
      return GuestHandle(machine, captureFile: captureFile)
    } catch {
      throw LaboratoryError("the guest: \(error.description)")
    }
  }

  /// A guest that has booted with everything that `script` needs, made if there is none yet.
  private func snapshot(for script: Script, _ setup: LaboratorySetup) throws(LaboratoryError) -> Snapshot {
    let contents = try GuestContents(for: script, kernel: kernel, environment: environment, directory: directory)
    let imageKey = SHA256.hash(contents.tree.identity)
    let size = contents.tree.size
    let command = QEMUCommand(
      program: program,
      memory: GuestWorld.memory(for: size),
      memoryFile: Snapshot.memoryName,
      keepsMemory: true
    )
    let key = SHA256.hash(
      ([imageKey, kernel.identity, programIdentity] + command.words + [QEMUCommand.kernelCommandLine]).joined(
        separator: "\n"
      )
    )
    let files = [Snapshot.memoryName, Snapshot.stateName]
    let path = try snapshots.entry(key, files: files) { (place) throws(LaboratoryError) in
      let image = try image(imageKey, contents.tree)
      var command = command
      let prototype = place + "/prototype"
      do throws(SystemError) {
        try FileIO.write(setup.text, toNew: prototype)
      } catch {
        throw LaboratoryError("the cache of guests: \(error.description)")
      }
      command.boot = QEMUCommand.Boot(kernel: kernel.image, archive: image, prototype: prototype)
      try Snapshot.make(command, in: place)
    }
    return Snapshot(program: program, directory: path, memory: command.memory)
  }

  func image(_ key: String, _ tree: GuestTree) throws(LaboratoryError) -> String {
    let name = "archive"
    let path = try images.entry(key, files: [name]) { (place) throws(LaboratoryError) in
      let bytes = try tree.archive()
      do throws(SystemError) {
        let file = try FileIO.open(place + "/" + name, for: .replacing)
        try FileIO.writeAll(bytes, to: file.rawValue)
      } catch {
        throw LaboratoryError("the guest's image: \(error.description)")
      }
    }
    return path + "/" + name
  }

  /// MiB of memory for an image of `size` bytes, which is in there twice while the kernel unpacks it.
  static func memory(for size: Int) -> Int {
    let wanted = 96 + size * 5 / 2 / (1 << 20)
    return max(128, (wanted + 31) / 32 * 32)
  }
}
