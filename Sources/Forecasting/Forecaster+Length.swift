public import Judge
internal import LabScript
internal import Timeline

extension Forecaster {
  /// About how long the lab takes in real time: what its script waits, and until what it expects is predicted to come.
  ///
  /// What no timer decides comes at once, for this purpose.
  public func length(by forecast: Forecast) -> Duration {
    var clock = Duration.zero
    var lastDeed = Duration.zero
    for step in script.steps {
      clock += step.delay ?? .zero
      switch step.action {
      case .expect(let expectation):
        let prediction = forecast.predictions[step.line]
        let time: Duration
        switch expectation.timing {
        case .lasting(let length): time = length
        case .between(let earliest, _): time = earliest
        case .usual, .within, .asPredicted:
          let earliest = prediction?.earliest ?? .zero
          time = (earliest + (prediction?.latest ?? earliest)) / 2
        }
        clock = max(clock, lastDeed + time)
      case .wait: break
      default: lastDeed = clock
      }
    }
    return clock
  }
}
