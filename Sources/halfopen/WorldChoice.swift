internal import CommandLine
internal import Laboratory
internal import Sockets
internal import VirtualTime

/// Where a command that runs many labs runs them: in virtual time where that is possible, unless told otherwise.
struct WorldChoice {
  /// What the user asks for.
  enum Wish { case best, real, virtual }

  var wish = Wish.best
  /// The guest's kernel: a version or a path.
  var kernel: String?

  /// A world, and whether its time is virtual.
  func make() throws(LaboratoryError) -> (world: any World, isVirtual: Bool) {
    switch wish {
    case .real: return (RealWorld(), false)
    case .virtual: return (try virtual(), true)
    case .best:
      // A kernel that is asked for by name has to be there.
      if kernel != nil { return (try virtual(), true) }
      do throws(LaboratoryError) { return (try virtual(), true) } catch { return (RealWorld(), false) }
    }
  }

  private func virtual() throws(LaboratoryError) -> any World {
    let found: GuestKernel
    do throws(KernelError) {
      found = try KernelStore(environment: ChildProcess.ownEnvironment).find(kernel)
    } catch {
      throw LaboratoryError(error.message)
    }
    return VirtualWorld(guests: try GuestWorld(kernel: found))
  }
}

/// The settings of a command that has the options for a world.
protocol TakesWorld: SendableMetatype {
  var world: WorldChoice { get set }
  /// How many labs run side by side at most; `nil` for what suits the world.
  var jobs: Int? { get set }
}

extension WorldChoice {
  /// The options `--virtual`, `--real`, `--kernel` and `--jobs`.
  static func options<Settings: TakesWorld>() -> [Option<Settings>] {
    [
      .flag("virtual", "Run in virtual time (QEMU); the default where a kernel and QEMU are at hand.") {
        $0.world.wish = .virtual
      },
      .flag("real", "Run in real time, on this machine's kernel.") { $0.world.wish = .real },
      .value("kernel", "VERSION|PATH", "The guest's kernel in virtual time; 'halfopen kernel list' shows them.") {
        (settings, text) in
        settings.world.kernel = text
        settings.world.wish = .virtual
      },
      .value(
        "jobs",
        short: "j",
        "N",
        "Run up to N labs side by side; the default is 8, and in virtual time as many as there are processors."
      ) { (settings, text) throws(InvalidValue) in
        settings.jobs = try wholeNumber(text, "a number of labs", in: 1...256)
      },
    ]
  }
}
