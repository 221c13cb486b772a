internal import LabScript
internal import Laboratory
internal import Report
internal import Sockets
internal import Timeline
internal import VirtualTime

/// `halfopen run --virtual --kernel all LAB…`: the same labs on every kernel at hand, and where their answers differ.
struct KernelComparison {
  private let labs: [LabSelection.Lab]
  private let settings: RunCommand.Settings
  private let kernels: [GuestKernel]

  /// A comparison on all kernels of the cache.
  init(_ labs: [LabSelection.Lab], _ settings: RunCommand.Settings) throws(LaboratoryError) {
    self.labs = labs
    self.settings = settings
    do throws(KernelError) {
      kernels = try KernelStore(environment: ChildProcess.ownEnvironment).all()
    } catch {
      throw LaboratoryError(error.message)
    }
    guard kernels.count > 1 else {
      throw LaboratoryError(
        "there is one kernel at hand, \(kernels[0].release): get another, halfopen kernel get VERSION"
      )
    }
  }

  /// Runs the labs on one kernel after the other, prints a line for each and the table, and returns the exit status.
  func run() throws(LaboratoryError) -> Int32 {
    var columns: [KernelTable.Column] = []
    var status = Console.Status.held
    for kernel in kernels {
      var ended: [ActiveLab] = []
      let world = VirtualWorld(
        guests: try GuestWorld(kernel: kernel, patience: settings.patience ?? GuestWorld.usualPatience)
      )
      let pool = LabPool(labs, in: world, jobs: settings.jobs ?? world.usualJobs)
      try pool.run(restingTime: .seconds(1), LabPool.Listener(ended: { ended.append($0) }))
      if let signal = pool.stopSignal { return 128 + signal.rawValue }
      for run in ended {
        if let impediment = run.impediment { throw LaboratoryError("\(run.lab.script.name): \(impediment)") }
        let passed = run.judgement.passed
        if !passed { status = Console.Status.failed }
        Console.print("\(passed ? "PASS" : "FAIL")  \(run.lab.script.name) on Linux \(kernel.release)\n")
      }
      let reports = labs.compactMap { lab in ended.first { $0.lab.path == lab.path }?.report }
      columns.append(KernelTable.Column(kernel: kernel.release, runs: reports))
    }
    let options = TextOptions(width: Terminal.columns(of: 1) ?? 100, colour: Terminal.wantsColour(1))
    Console.print("\n" + KernelTable(columns).text(options))
    return status
  }
}
