internal import Forecasting
internal import Judge
internal import LabScript
internal import Laboratory
internal import Report
internal import Sockets
internal import Timeline
internal import TimerModel

/// One lab while it runs, as the front sees it: its laboratory, its timeline so far, and its view.
final class ActiveLab {
  let lab: LabSelection.Lab
  let forecast: Forecast
  /// About how long it will take; zero where nothing is known of its kernel.
  let expectedLength: Duration
  let laboratory: any RunningLaboratory
  private(set) var events: [Event] = []
  var view: TextView
  /// How the laboratory's process ended; `nil` while it runs.
  private(set) var ending: ProcessEnding?
  /// When it was started, by the monotonic clock.
  let start = Clock.monotonic

  /// Starts a lab in a seat of a world; its packets go to the descriptor `captureFile`, if there is one.
  init(_ lab: LabSelection.Lab, in world: any World, options: TextOptions, captureFile: Int32? = nil, seat: Int = 0)
    throws(LaboratoryError)
  {
    self.lab = lab
    let forecaster = world.kernel.map { Forecaster(script: lab.script, kernel: $0) }
    forecast = forecaster?.forecast() ?? Forecast()
    expectedLength = forecaster?.length(by: forecast) ?? .zero
    view = TextView(script: lab.script, options: options)
    var limits: [Int: Int64] = [:]
    for (line, prediction) in forecast.predictions {
      if let latest = prediction.latest { limits[line] = latest.nanoseconds }
    }
    var setup = lab.setup
    setup.limits = limits
    laboratory = try world.start(setup, captureFile: captureFile, seat: seat)
  }

  /// The lab's present moment by its world's clock; `nil` before it has begun.
  var now: Moment? { laboratory.now }

  /// Takes in what the laboratory has told.
  func read() -> [Event] {
    let new = laboratory.read()
    events += new
    if laboratory.descriptor == nil, ending == nil { ending = laboratory.wait() ?? .exited(1) }
    return new
  }

  /// Whether the laboratory said that this machine cannot run the lab, and why.
  var impediment: String? {
    guard ending == .exited(LaboratoryProcess.cannotRun) else { return nil }
    for case .end(.some(let reason)) in events.map(\.body) { return reason }
    return "the laboratory could not start"
  }

  /// What the judge says, once the laboratory has ended.
  lazy var judgement: Judgement = {
    var judgement = judge(script: lab.script, events: events, forecast: forecast)
    if case .signaled(let signal) = ending {
      judgement.problems.append("the laboratory's process was killed by \(signal.name)")
    }
    judgement.problems += laboratory.lastWords
    for line in laboratory.tornLines { judgement.problems.append("a line that is no event: \(line.prefix(80))") }
    return judgement
  }()

  /// The ended lab as a report is drawn from it.
  var report: LabRun { LabRun(script: lab.script, events: events, judgement: judgement) }
}

extension LabSelection.Lab {
  /// What the laboratory is told of the lab, without the limits that the timer model gives.
  var setup: LaboratorySetup {
    var setup = LaboratorySetup(
      script: String(decoding: text, as: UTF8.self),
      path: path,
      settings: settings,
      limits: [:]
    )
    setup.phase = phase
    setup.variant = script.variant
    setup.family = script.family.rawValue
    return setup
  }
}

extension LabRun {
  /// The timeline's last moment.
  var end: Moment { events.map(\.time).max() ?? .zero }
}
