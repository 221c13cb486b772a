public import Timeline

/// What the timer model computed for a lab, by the line of the expectation that it is for.
public struct Forecast: Hashable, Sendable {
  /// The prediction for the expectation at each line.
  public var predictions: [Int: Verdict.Prediction]

  /// A forecast.
  public init(predictions: [Int: Verdict.Prediction] = [:]) {
    self.predictions = predictions
  }
}
