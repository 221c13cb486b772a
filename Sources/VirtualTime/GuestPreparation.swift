public import Laboratory
internal import Glibc
internal import LabScript
internal import Sockets
internal import Timeline

/// Guests that are booted side by side, before the labs that need them begin: each by a process of its own, since booting
/// keeps one processor busy from its first to its last moment.
extension GuestWorld {
  /// The first argument that makes the program boot a guest, for a ``prepare(_:jobs:seats:isSharing:tell:)``.
  public static let bootCommandName = "internal:boot"

  /// Finds out which of these labs share guests, and boots the guests that are missing, `jobs` at a time, and keeps them; a
  /// single one is left to the lab that wants it.
  ///
  /// Whatever fails here is said by the lab that finds its guest missing.
  ///
  /// - Parameters:
  ///   - seats: How many labs run at a time; those of one seat come one after the other.
  ///   - isSharing: Whether a guest may do several of the labs.
  ///   - tell: Called with the number of guests that are to be booted, before the first is.
  /// - Returns: The seat of each lab, where labs share guests; otherwise `nil`.
  public func prepare(
    _ setups: [LaboratorySetup],
    jobs: Int,
    seats: Int,
    isSharing: Bool = false,
    tell: (Int) -> Void
  ) -> [Int]? {
    let labs = setups.compactMap { setup in (try? setup.readScript()).map { (setup: setup, script: $0) } }
    sharing = nil
    if isSharing, labs.count >= GuestSharing.fewestLabs, labs.count == setups.count {
      let seats = GuestSharing.seats(for: labs.map(\.script), count: seats)
      if let sharing = try? share(labs, seats) {
        self.sharing = sharing
        // The first lab boots it, and the others wait.
        if !isReady(sharing.plan) { tell(1) }
        return seats
      }
    }
    if jobs > 1 { bootWhatIsMissing(labs, jobs, tell) }
    return nil
  }

  /// The guests of labs that share them; a lab that lacks something here is none of these.
  private func share(_ labs: [(setup: LaboratorySetup, script: Script)], _ seats: [Int]) throws(LaboratoryError)
    -> GuestSharing
  {
    var contents = try emptyContents()
    var programs: Set<String> = []
    for (_, script) in labs {
      let own = self.programs(of: script)
      guard !programs.contains(own), (try? contents.add(script)) != nil else { continue }
      programs.insert(own)
    }
    let networks = labs.map { PreparedNetwork(of: $0.script, $0.setup, surroundings: surroundings) }
    let plan = plan(contents.tree, contents.tree.key, networks: GuestSharing.networks(for: networks, seats: seats))
    return GuestSharing(plan: plan, programs: programs)
  }

  private func bootWhatIsMissing(_ labs: [(setup: LaboratorySetup, script: Script)], _ jobs: Int, _ tell: (Int) -> Void)
  {
    var wanted: [String: LaboratorySetup] = [:]
    for (setup, script) in labs {
      guard let plan = try? plan(for: script, setup), wanted[plan.key] == nil, !isReady(plan) else { continue }
      wanted[plan.key] = setup
    }
    guard wanted.count > 1 else { return }
    tell(wanted.count)
    var waiting = wanted.sorted { $0.key < $1.key }.map(\.value)[...]
    var running = 0
    while running > 0 || !waiting.isEmpty {
      if running < jobs, let next = waiting.popFirst() {
        if (try? boot(for: next)) != nil { running += 1 }
      } else if ChildProcess.reap(waiting: true) != nil {
        running -= 1
      } else {
        return
      }
    }
  }

  private func boot(for setup: LaboratorySetup) throws(SystemError) {
    var pipe = try Pipe()
    let null = try FileIO.open("/dev/null", for: .writing)
    let order: JSONObject = [
      "release": .string(kernel.release), "image": .string(kernel.image),
      "modules": .string(kernel.modulesDirectory), "hz": .integer(Int64(kernel.hz)),
      "identity": .string(kernel.identity), "patience": .integer(patience), "setup": .string(setup.text),
    ]
    let child = ChildProcess(
      command: ["/proc/self/exe", GuestWorld.bootCommandName],
      environment: ChildProcess.ownEnvironment,
      descriptors: [(pipe.reading.rawValue, 0), (null.rawValue, 1), (null.rawValue, 2)]
    )
    _ = try child.start()
    let writing = pipe.writing.rawValue
    try FileIO.writeAll(JSON.object(order).utf8, to: writing)
    pipe.closeWriting()
  }

  /// The process that boots one guest: reads on standard input which, and exits with 0 if it is there then.
  public static func bootMain() -> Never {
    guard let bytes = try? FileIO.readAll(0),
      let order = (try? JSON(text: String(decoding: bytes, as: UTF8.self)))?.object,
      let release = order["release"]?.string, let image = order["image"]?.string,
      let modules = order["modules"]?.string, let hz = order["hz"]?.integer, let identity = order["identity"]?.string,
      let patience = order["patience"]?.integer,
      let setup = order["setup"]?.string.flatMap({ LaboratorySetup(text: $0) })
    else { _exit(2) }
    let kernel = GuestKernel(
      release: release,
      image: image,
      modulesDirectory: modules,
      hz: Int(hz),
      identity: identity
    )
    do throws(LaboratoryError) {
      let world = try GuestWorld(kernel: kernel, patience: .nanoseconds(patience))
      let plan = try world.plan(for: try setup.readScript(), setup)
      var boots = false
      _ = try world.snapshot(plan, boots: &boots)
      _exit(0)
    } catch {
      _exit(1)
    }
  }
}
