internal import Digests
public import Laboratory
internal import Timeline
internal import LabScript
internal import Sockets

/// The world of virtual time: labs in guests whose clock leaps over idleness, on a kernel of one's choice.
public final class GuestWorld {
  /// The guests' kernel.
  public let kernel: GuestKernel
  /// How long a guest may compute for one lab, in nanoseconds of real time.
  let patience: Int64
  let program: String
  private let programIdentity: String
  private let images: GuestCache
  private let snapshots: GuestCache
  let environment: [String]
  let directory: String
  /// What goes into the guests of labs that were asked for and the keys of their images, by their programs.
  private var knownTrees: [String: (tree: GuestTree, imageKey: String)] = [:]
  /// The guests that labs share; set by ``prepare(_:jobs:seats:isSharing:tell:)``.
  var sharing: GuestSharing?

  /// How long a guest may compute for one lab, unless the user says otherwise.
  public static let usualPatience = Duration.seconds(300)

  /// When labs begin, in nanoseconds since the guest's start.
  static let start: Int64 = 64_000_000_000
  /// How long a laboratory needs at most from its job to its lab's beginning, and a guest to clear away after a lab, in
  /// nanoseconds of the guest's time.
  private static let margin: Int64 = 30_000_000_000
  /// Until when a guest that has booted and built its network rests before it is saved, in nanoseconds since its start:
  /// what kernels put off for some seconds is over then, and not done again in each lab.
  static let rest: Int64 = 63_000_000_000

  /// A world on `kernel`; throws a sentence about what is missing on this machine.
  ///
  /// - Parameter patience: How long a guest may compute for one lab, in real time.
  public init(kernel: GuestKernel, patience: Duration = GuestWorld.usualPatience) throws(LaboratoryError) {
    self.kernel = kernel
    self.patience = patience.nanoseconds
    environment = GuestWorld.guestEnvironment()
    directory = LaboratoryProcess.currentDirectory()
    let directories = Programs.searchPath(ChildProcess.ownEnvironment)
    guard let program = Programs.path(of: GuestWorld.program, in: directories) else {
      throw .missingTool(GuestWorld.program)
    }
    self.program = program
    programIdentity = FileIO.status(of: program)?.identity ?? ""
    guard let cache = CacheDirectory.path(environment: ChildProcess.ownEnvironment) else {
      throw LaboratoryError("there is no place for guests: neither HOME nor XDG_CACHE_HOME is set to an absolute path")
    }
    images = GuestCache(directory: cache + "/images", capacity: 1 << 30)
    snapshots = GuestCache(directory: cache + "/snapshots", capacity: 8 << 30)
  }

  /// QEMU's program.
  static let program = "qemu-system-x86_64"

  /// Starts a lab: in a guest of its own, or in its seat's, where labs share guests.
  ///
  /// - Parameter seat: Which of the places for labs of a call it has; there is one lab at a time in each.
  public func start(_ setup: LaboratorySetup, captureFile: Int32?, seat: Int = 0) throws(LaboratoryError)
    -> any RunningLaboratory
  {
    let script = try setup.readScript()
    try PeerPrograms(environment: environment, directory: directory).check(script)
    let shared = sharing.flatMap { $0.programs.contains(programs(of: script)) ? $0.plan : nil }
    let plan: Plan
    if let shared { plan = shared } else { plan = try self.plan(for: script, setup) }
    let groundwork = "\(script.groundwork)"
    var network = plan.networks.firstIndex { $0.groundwork == groundwork }
    let halted = shared == nil ? nil : sharing?.take(seat: seat)
    if let left = halted?.networksLeft, let kind = network, left[kind] == 0 { network = nil }
    var own = setup
    own.capturesToFile = captureFile != nil
    own.clock = Beginning.virtualClock
    own.surroundings = surroundings
    own.diskStore = GuestFiles.diskStore
    let start = beginning(inPhase: setup.phase, after: halted?.clock ?? (network == nil ? GuestWorld.rest : 0))
    own.start = start
    let job = GuestJob(
      start: start,
      limit: script.longestLength(limits: setup.limits) + 60_000_000_000,
      isFollowed: shared != nil,
      network: network,
      setup: own.text
    )
    if let halted {
      halted.give(job)
      return handle(halted, job, captureFile, seat: seat)
    }
    let began = Clock.monotonic
    var boots = false
    // Whatever a lab has of its own comes with its job: the guest is kept for others.
    let snapshot: Snapshot
    do throws(LaboratoryError) {
      snapshot = try self.snapshot(plan, boots: &boots)
    } catch {
      guard shared != nil else { throw error }
      // Where there is no room for a guest that has everything, each lab may still have its own.
      sharing = nil
      return try self.start(setup, captureFile: captureFile, seat: seat)
    }
    let bootTime = boots ? Clock.monotonic - began : nil
    do throws(SystemError) {
      let machine = try snapshot.resume(with: Array(job.text.utf8))
      let guest = Guest(machine, doing: job, networks: plan.networks)
      return handle(guest, job, captureFile, seat: seat, bootTime: bootTime)
    } catch {
      throw LaboratoryError("the guest: \(error.description)")
    }
  }

  private func handle(_ guest: Guest, _ job: GuestJob, _ captureFile: Int32?, seat: Int, bootTime: Int64? = nil)
    -> GuestHandle
  {
    let release: ((Guest) -> Void)? = job.isFollowed ? { [self] guest in sharing?.keep(guest, seat: seat) } : nil
    return GuestHandle(guest, captureFile: captureFile, patience: patience, bootTime: bootTime, release: release)
  }

  /// When a lab begins in a guest that is free from some moment on, in nanoseconds since the guest's start.
  ///
  /// Whatever came before it in its guest, the kernel's timers are in the same phase: a timer of up to 67,000 s sees the
  /// same positions of the wheel (kernel/time/timer.c: level 6 turns in 8^6 jiffies).
  private func beginning(inPhase phase: Int, after moment: Int64) -> Int64 {
    let tick = 1_000_000_000 / Int64(kernel.hz)
    let first = GuestWorld.start + Int64(phase) * tick
    let turn = tick << 18
    return first + (max(0, moment + GuestWorld.margin - first) + turn - 1) / turn * turn
  }

  /// Where peers live in guests: as here.
  var surroundings: LaboratorySetup.Surroundings {
    LaboratorySetup.Surroundings(environment: environment, directory: directory)
  }

  /// What a guest is made of, and the key by which it is kept.
  struct Plan {
    var tree: GuestTree
    var imageKey: String
    var command: QEMUCommand
    /// The networks that it boots with.
    var networks: [PreparedNetwork]
    var key: String
  }

  private static let snapshotFiles = [Snapshot.memoryName, Snapshot.stateName]

  /// What a lab needs, as far as labs can differ in it: labs of the same programs, or one with other values, have the same
  /// contents.
  func programs(of script: Script) -> String {
    "\(script.commands) \(script.packages)"
  }

  /// What the guest that has `script` for its only lab is to be made of.
  func plan(for script: Script, _ setup: LaboratorySetup) throws(LaboratoryError) -> Plan {
    let programs = programs(of: script)
    let (tree, imageKey): (GuestTree, String)
    if let known = knownTrees[programs] {
      (tree, imageKey) = known
    } else {
      var contents = try emptyContents()
      try contents.add(script)
      tree = contents.tree
      imageKey = tree.key
      knownTrees[programs] = (tree, imageKey)
    }
    let network = PreparedNetwork(of: script, setup, surroundings: surroundings)
    return plan(tree, imageKey, networks: [network])
  }

  /// What goes into every guest.
  func emptyContents() throws(LaboratoryError) -> GuestContents {
    try GuestContents(kernel: kernel, environment: environment, directory: directory)
  }

  /// A guest of these contents and networks.
  func plan(_ tree: GuestTree, _ imageKey: String, networks: [PreparedNetwork]) -> Plan {
    let count = networks.map(\.count).reduce(0, +)
    let command = QEMUCommand(
      program: program,
      memory: GuestWorld.memory(for: tree.size) + max(0, count - 1) * GuestWorld.memoryOfLaboratory
        + networks.filter(\.hasPreparedDisks).map { ($0.count + 1) * GuestWorld.memoryOfPreparedDisk }.reduce(0, +),
      memoryFile: QEMUCommand.path(of: QEMUCommand.memoryDescriptor),
      keepsMemory: true
    )
    let parts =
      [imageKey, kernel.identity, programIdentity, QEMUCommand.kernelCommandLine]
      + networks.map { "\($0.count) \($0.groundwork) \($0.surroundings ?? "")" }
    let key = SHA256.hexadecimal((parts + command.words).joined(separator: "\n"))
    return Plan(tree: tree, imageKey: imageKey, command: command, networks: networks, key: key)
  }

  /// Whether the guest of this plan has booted and is kept.
  func isReady(_ plan: Plan) -> Bool { snapshots.has(plan.key, files: GuestWorld.snapshotFiles) }

  /// A guest that has booted with everything in `plan`, made if there is none yet.
  func snapshot(_ plan: Plan, boots: inout Bool) throws(LaboratoryError) -> Snapshot {
    var isMade = false
    let interruption: Interruption
    do throws(SystemError) { interruption = try Interruption() } catch { throw LaboratoryError(error.description) }
    let path = try snapshots.entry(plan.key, files: GuestWorld.snapshotFiles, interruption: interruption) {
      (files) throws(LaboratoryError) in
      isMade = true
      let image = try image(plan.imageKey, plan.tree, interruption)
      var command = plan.command
      command.boot = QEMUCommand.Boot(kernel: kernel.image, archive: image)
      let making = Snapshot.Making(
        networks: plan.networks,
        memory: files[0],
        state: files[1],
        patience: max(patience, GuestWorld.usualPatience.nanoseconds),
        interruption: interruption
      )
      try Snapshot.make(command, making)
    }
    boots = isMade
    return Snapshot(program: program, directory: path, memory: plan.command.memory)
  }

  func image(_ key: String, _ tree: GuestTree, _ interruption: Interruption? = nil) throws(LaboratoryError) -> String {
    let name = "archive"
    let path = try images.entry(key, files: [name], interruption: interruption) { (files) throws(LaboratoryError) in
      let bytes = try tree.archive()
      do throws(SystemError) {
        try FileIO.writeAll(bytes, to: files[0])
      } catch {
        throw LaboratoryError("the guest's image in the cache: \(error.description)")
      }
    }
    return path + "/" + name
  }

  /// MiB of memory for each laboratory of a guest but the first.
  private static let memoryOfLaboratory = 12

  /// MiB of memory for what a lab prepares on its disks: a PostgreSQL cluster has 40.
  private static let memoryOfPreparedDisk = 64

  /// MiB of memory for an image whose files take `size` bytes: they are in there twice while the kernel unpacks the
  /// image, and of what the image itself leaves they may take half.
  static func memory(for size: Int) -> Int {
    let wanted = 96 + size * 3 / (1 << 20)
    return max(128, (wanted + 31) / 32 * 32)
  }

  /// The environment of a guest's programs: this process's, in the one language that is part of the C library, and
  /// without the directories of version managers (pyenv, rbenv, asdf), whose programs start others that nobody names.
  private static func guestEnvironment() -> [String] {
    let own = LaboratoryProcess.environment().filter { !$0.hasPrefix("LC_") && !$0.hasPrefix("LANG") }
    return own.map { variable in
      guard variable.hasPrefix("PATH=") else { return variable }
      let directories = variable.dropFirst(5).split(separator: ":").filter { !$0.hasSuffix("/shims") }
      return "PATH=" + directories.joined(separator: ":")
    } + ["LC_ALL=C.UTF-8"]
  }
}
