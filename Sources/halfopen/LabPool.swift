internal import Laboratory
internal import Report
internal import Sockets
internal import Timeline

/// Runs labs in a world, some at a time, until each has ended or a signal asks for the end.
///
/// One thread and one poll loop; whoever runs the pool is told what happens by its closures, in which it may call
/// ``stop()``.
final class LabPool {
  /// What the pool tells.
  struct Listener {
    /// New events of a lab, as they come.
    var told: ([Event], ActiveLab) throws(SystemError) -> Void = { _, _ in }
    /// A lab has ended: its judgement can be had.
    var ended: (ActiveLab) throws(SystemError) -> Void = { _ in }
    /// A lab could not be started, with the reason: whether the others are to go on; if not, the pool throws it.
    var refused: (LabSelection.Lab, LaboratoryError) -> Bool = { _, _ in false }
    /// A turn of the loop is over: with these labs still running.
    var rested: ([ActiveLab]) -> Void = { _ in }
  }

  /// The labs that have not begun: in one queue, or in one for each seat.
  private var waiting: [ArraySlice<LabSelection.Lab>]
  private var running: [(seat: Int, run: ActiveLab)] = []
  private let world: any World
  private let jobs: Int
  private let options: TextOptions
  private let captureFile: Int32?
  private let isSharing: Bool
  /// The signal that ended the pool's work early.
  private(set) var stopSignal: Signal?

  /// A pool of labs that run in `world`, at most `jobs` at a time.
  ///
  /// - Parameter isSharing: Whether several may share what one has of its own otherwise, where that is quicker.
  init(
    _ labs: [LabSelection.Lab],
    in world: any World,
    jobs: Int,
    options: TextOptions = TextOptions(),
    captureFile: Int32? = nil,
    isSharing: Bool = true
  ) {
    waiting = [labs[...]]
    self.world = world
    self.jobs = jobs
    self.options = options
    self.captureFile = captureFile
    self.isSharing = isSharing
  }

  /// Runs every lab; `restingTime` is the longest time between two turns of the loop.
  func run(restingTime: Duration, _ listener: Listener) throws(LaboratoryError) {
    let setups = waiting[0].map(\.setup)
    if let seats = world.prepare(setups, jobs: jobs, isSharing: isSharing, tell: Console.complain) {
      let labs = zip(waiting[0], seats)
      waiting = (0..<jobs).map { seat in labs.filter { $0.1 == seat }.map(\.0)[...] }
    }
    let signals: SignalQueue
    do { signals = try SignalQueue([.interrupt, .terminate, .hangUp]) } catch { throw .init(error.description) }
    while !(waiting.allSatisfy(\.isEmpty) && running.isEmpty) {
      for seat in 0..<jobs where !running.contains(where: { $0.seat == seat }) {
        try start(in: seat, signals, listener)
      }
      do { try turn(signals, restingTime, listener) } catch { throw .init(error.description) }
    }
  }

  /// Starts the next lab of a seat that can be started, if there is one.
  private func start(in seat: Int, _ signals: SignalQueue, _ listener: Listener) throws(LaboratoryError) {
    while let lab = waiting[seat % waiting.count].popFirst() {
      do throws(LaboratoryError) {
        running.append((seat, try ActiveLab(lab, in: world, options: options, captureFile: captureFile, seat: seat)))
        return
      } catch {
        // A world that takes its time to start a lab gives up when a signal comes.
        if !hasBeenStopped(by: signals), !listener.refused(lab, error) { throw error }
      }
    }
  }

  /// Ends everything: what has not begun does not begin, and what runs goes with its world.
  func stop() {
    for queue in waiting.indices { waiting[queue] = [] }
    for (_, run) in running { run.laboratory.stop() }
  }

  /// Ends everything if a signal asks for it, and returns whether one does.
  private func hasBeenStopped(by signals: SignalQueue) -> Bool {
    guard let signal = signals.read().first else { return false }
    stopSignal = stopSignal ?? signal
    stop()
    return true
  }

  private func turn(_ signals: SignalQueue, _ restingTime: Duration, _ listener: Listener) throws(SystemError) {
    var entries = [PollEntry(signals.descriptor, .readable)]
    entries += running.compactMap { _, run in run.laboratory.descriptor.map { PollEntry($0, .readable) } }
    _ = try poll(&entries, timeout: restingTime)
    _ = hasBeenStopped(by: signals)
    for (_, run) in running { try listener.told(run.read(), run) }
    for (_, run) in running where run.ending != nil { try listener.ended(run) }
    running.removeAll { $0.run.ending != nil }
    listener.rested(running.map(\.run))
  }
}
