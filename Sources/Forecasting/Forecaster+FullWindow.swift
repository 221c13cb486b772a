internal import Judge
internal import Timeline
internal import TimerModel

extension Forecaster {
  /// A full window: answered by a living kernel, or not any more.
  func zeroWindow(_ peer: String, _ connection: Connection, since: Occurrence, _ way: Ways.Way) -> Course? {
    guard let question = question(.zeroWindow(.init(answered: true)), of: peer, Path()) else { return nil }
    var window = Forecast.FullWindow(question: question, slack: Forecaster.stepDuration)
    switch way {
    case .open: break
    case .lossy, .unknown: return nil
    case .broken, .oneWay:
      guard let broken = connection.brokenSince else { return nil }
      window.brokenAfter = broken.clock - since.clock
      if case .broken(.powerCycled) = way { window.failure = .powerCycled }
    }
    var results: [Prediction] = []
    for timeout in Forecast.FullWindow.usualTimeouts {
      guard let courses = window.courses(timeout: timeout) else { return nil }
      results += courses
    }
    return Course(results, since: since, fullWindow: window)
  }
}
