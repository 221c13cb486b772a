internal import Forecasting
internal import LabScript
internal import Laboratory
internal import Matrix
internal import Report
internal import Sockets
internal import Timeline
internal import TimerModel

/// A call of `halfopen sweep`: the lab's variants, run side by side, and the picture of what came of them.
final class SweepSession {
  private let variants: [LabSelection.Lab]
  private let settings: SweepCommand.Settings
  private let world: any World
  private let isVirtual: Bool
  /// By a variant's values.
  private var points: [[String]: SweepPoint] = [:]
  private var line = 0
  private var cannotRun: String?
  /// What a run says of the kernel that it was on.
  private var beginning: Beginning?

  init(_ variants: [LabSelection.Lab], _ settings: SweepCommand.Settings) throws(LaboratoryError) {
    self.variants = variants
    self.settings = settings
    (world, isVirtual) = try settings.world.make()
  }

  /// Runs the variants and returns the exit status.
  func run() -> Int32 {
    guard let kernel = world.kernel, let first = variants.first else {
      Console.complain(
        "the timer model does not know this kernel, so there is nothing to compare with"
      )
      return Console.Status.cannotRun
    }
    let forecast = Forecaster(script: first.script, kernel: kernel).forecast()
    let chosen = settings.line.map { line in
      first.script.steps.first { step in
        if case .expect = step.action { step.line == line } else { false }
      }
    }
    guard let subject = chosen ?? Sweep.subject(of: first.script, forecast) else {
      let place = settings.line.map { " in line \($0)" } ?? ""
      Console.complain("there is no expectation\(place) of \(first.path): a sweep shows when one comes about")
      return Console.Status.usage
    }
    line = subject.line
    do throws(SystemError) { for path in settings.files.all { _ = try FileIO.open(path, for: .replacing) } } catch {
      Console.complain("cannot write '\(error.subject)': \(error.errno.text)")
      return Console.Status.usage
    }
    if let status = run(variants, jobs: settings.jobs ?? (isVirtual ? world.usualJobs : 8)) { return status }
    // On a busy machine a program can be told later than its kernel knew: what did not hold is run once more, alone.
    let again = isVirtual ? [] : variants.filter { points[values(of: $0)]?.outcome != .held }
    if let status = run(again, jobs: 1) { return status }
    var sweep = Sweep(
      lab: first.script.name,
      line: line,
      statement: subject.text,
      axes: settings.axes.filter { $0.values.count > 1 },
      world: isVirtual ? "virtual" : "real",
      kernel: beginning?.kernel ?? kernel.version.description,
      hz: kernel.rate.rawValue
    )
    sweep.points = variants.compactMap { points[values(of: $0)] }
    return conclude(sweep)
  }

  /// The values that tell a variant from the others.
  private func values(of lab: LabSelection.Lab) -> [String] {
    let several = settings.axes.filter { $0.values.count > 1 }.map(\.name)
    return several.compactMap { name in lab.settings.first { $0.name == name }?.value }
  }

  /// Runs these variants, so many at a time; the exit status, if that ends everything.
  private func run(_ labs: [LabSelection.Lab], jobs: Int) -> Int32? {
    let pool = LabPool(labs, in: world, jobs: jobs)
    let lengths = labs.map { (values(of: $0).joined(separator: " "), Duration.seconds(1)) }
    let progress = BatchProgress("variants", lengths: Dictionary(lengths, uniquingKeysWith: { first, _ in first }))
    let listener = LabPool.Listener(
      ended: { [self] run in
        guard pool.stopSignal == nil else { return }
        if let impediment = run.impediment {
          cannotRun = impediment
          return pool.stop()
        }
        let values = values(of: run.lab)
        beginning = beginning ?? run.report.beginning
        progress.ended(values.joined(separator: " "))
        var point = SweepPoint(
          values: values,
          line: line,
          events: run.events,
          judgement: run.judgement,
          forecast: run.forecast
        )
        point.attempts = (points[values]?.attempts ?? 0) + 1
        points[values] = point
      },
      rested: { progress.show($0.map { $0.lab.script.name }) }
    )
    do throws(LaboratoryError) { try pool.run(restingTime: progress.restingTime, listener) } catch {
      cannotRun = error.message
      pool.stop()
    }
    progress.clear()
    if let signal = pool.stopSignal { return 128 + signal.rawValue }
    guard let cannotRun else { return nil }
    Console.complain(cannotRun)
    return Console.Status.cannotRun
  }

  private func conclude(_ sweep: Sweep) -> Int32 {
    Console.print(
      sweep.text(TableOptions(width: Terminal.columns(of: 1) ?? 100, colour: Terminal.wantsColour(1)))
    )
    do throws(SystemError) {
      if let path = settings.files.svg { try FileIO.write(sweep.svg, toNew: path) }
      if let path = settings.files.html { try FileIO.write(sweep.html, toNew: path) }
      if let path = settings.files.csv { try FileIO.write(sweep.csv, toNew: path) }
      if let path = settings.files.json { try FileIO.write(sweep.json, toNew: path) }
    } catch {
      Console.complain(error.description)
      return Console.Status.cannotRun
    }
    return sweep.points.allSatisfy { $0.outcome == .held } ? Console.Status.held : Console.Status.failed
  }
}
