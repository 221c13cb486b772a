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
  /// Makes ready what these labs need, `jobs` pieces at a time, and tells by a sentence what takes a while.
  ///
  /// - Parameter isSharing: Whether labs may do without a world of their own each, for speed.
  /// - Returns: The seat of each lab, if they do: then it is fixed beforehand which labs a lab comes after, since it may see
  ///   some trace of them; otherwise `nil`.
  func prepare(_ setups: [LaboratorySetup], jobs: Int, isSharing: Bool, tell: (String) -> Void) -> [Int]?
  /// Starts a lab in one of the call's seats, each of which has one lab at a time; its packets go to the descriptor
  /// `captureFile`, if there is one.
  func start(_ setup: LaboratorySetup, captureFile: Int32?, seat: Int) throws(LaboratoryError) -> any RunningLaboratory
}

extension World {
  func prepare(_ setups: [LaboratorySetup], jobs: Int, isSharing: Bool, tell: (String) -> Void) -> [Int]? { nil }
}

/// Namespaces on this machine's kernel, in real time.
struct RealWorld: World {
  /// Whether packets and tracepoints are watched.
  var isWatched = true

  var kernel: Kernel? { ThisMachine.kernel }

  /// Labs mostly wait: what a processor does for one of them is the start of its programs, some tools, and sampling.
  var usualJobs: Int { 8 * Processors.count }

  func start(_ setup: LaboratorySetup, captureFile: Int32?, seat: Int) throws(LaboratoryError) -> any RunningLaboratory
  {
    var setup = setup
    setup.isWatched = isWatched
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
  var usualJobs: Int { Processors.count }

  func prepare(_ setups: [LaboratorySetup], jobs: Int, isSharing: Bool, tell: (String) -> Void) -> [Int]? {
    guests.prepare(setups, jobs: min(jobs, Processors.count), seats: jobs, isSharing: isSharing) { count in
      tell("booting \(count == 1 ? "a guest, which is" : "\(count) guests, which are") kept for the next time ...")
    }
  }

  func start(_ setup: LaboratorySetup, captureFile: Int32?, seat: Int) throws(LaboratoryError) -> any RunningLaboratory
  {
    try guests.start(setup, captureFile: captureFile, seat: seat)
  }
}

/// Machines with kernels of their own, in real time: each host a QEMU guest, and wires between them.
struct MachineWorld: World {
  let guests: GuestWorld
  /// The version, release or path by which the kernel is found; `nil` for the default.
  let kernelName: String?

  var kernel: Kernel? { VirtualWorld(guests: guests).kernel }

  var usualJobs: Int { 1 }

  func start(_ setup: LaboratorySetup, captureFile: Int32?, seat: Int) throws(LaboratoryError) -> any RunningLaboratory
  {
    guard captureFile == nil else {
      throw LaboratoryError("packets between machines are not captured: --pcap needs another world")
    }
    do {
      return try LaboratoryHandle(setup, command: [MachineLaboratory.commandName, kernelName ?? guests.kernel.release])
    } catch {
      throw LaboratoryError(error.description)
    }
  }

  /// The laboratory's own process: the first of `arguments` says which kernel.
  static func main(_ arguments: [String]) -> Never {
    MachineLaboratory.main { (script, wires, _) throws(LaboratoryError) in
      let kernel: GuestKernel
      do throws(KernelError) {
        kernel = try KernelStore(environment: ChildProcess.ownEnvironment).find(arguments.first)
      } catch {
        throw LaboratoryError(error.message)
      }
      return try GuestWorld(kernel: kernel).machines(for: script, wires)
    }
  }
}
