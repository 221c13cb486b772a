public import Laboratory
internal import Glibc
internal import LabScript
internal import Sockets
internal import Timeline

/// Guests that are booted side by side, before the labs that need them begin: each by a process of its own, since booting
/// keeps one processor busy from its first to its last moment.
extension GuestWorld {
  /// The first argument that makes the program boot a guest, for a ``prepare(_:jobs:isSharing:tell:)``.
  public static let bootCommandName = "internal:boot"

  /// Boots the guests that are missing for these labs, `jobs` at a time, and keeps them; a single one is left to the lab
  /// that wants it.
  ///
  /// Whatever fails here is said by the lab that finds its guest missing.
  ///
  /// - Parameters:
  ///   - isSharing: Whether a guest may do several of the labs.
  ///   - tell: Called with the number of guests that are to be booted, before the first is.
  public func prepare(_ setups: [LaboratorySetup], jobs: Int, isSharing: Bool = false, tell: (Int) -> Void) {
    sharing = GuestSharing()
    guard setups.count > 1, isSharing || jobs > 1 else { return }
    var plans: [(plan: Plan, setup: LaboratorySetup)] = []
    for setup in setups {
      guard let script = try? setup.readScript(), let plan = try? plan(for: script) else { continue }
      plans.append((plan, setup))
    }
    if isSharing { sharing.expect(plans.map(\.plan.kind)) }
    guard jobs > 1 else { return }
    var wanted: [String: Order] = [:]
    for (var plan, setup) in plans where wanted[plan.kind] == nil {
      plan.laboratories = sharing.laboratories(for: plan.kind)
      if !isReady(plan) { wanted[plan.kind] = Order(setup: setup, laboratories: plan.laboratories) }
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

  /// A guest that is to be booted.
  private struct Order {
    var setup: LaboratorySetup
    var laboratories: Int
  }

  private func boot(for wanted: Order) throws(SystemError) {
    var pipe = try Pipe()
    let null = try FileIO.open("/dev/null", for: .writing)
    let order: JSONObject = [
      "release": .string(kernel.release), "image": .string(kernel.image),
      "modules": .string(kernel.modulesDirectory), "hz": .integer(Int64(kernel.hz)),
      "identity": .string(kernel.identity), "patience": .integer(patience), "setup": .string(wanted.setup.text),
      "laboratories": .integer(Int64(wanted.laboratories)),
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
      let patience = order["patience"]?.integer, let laboratories = order["laboratories"]?.integer,
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
      let plan = try world.plan(for: try setup.readScript(), laboratories: Int(laboratories))
      var boots = false
      _ = try world.snapshot(plan, setup, boots: &boots)
      _exit(0)
    } catch {
      _exit(1)
    }
  }
}
