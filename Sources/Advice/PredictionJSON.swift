public import Timeline
public import TimerModel

extension Question {
  /// The answer for machines; times in seconds.
  public func json(_ prediction: Prediction) -> JSON {
    var object: JSONObject = [
      "situation": .string(situationText), "failure": .string(failureText), "from": .string(originText),
      "kernel": .string(kernel.version.description), "hz": .integer(Int64(kernel.rate.rawValue)),
    ]
    object["end"] =
      prediction.end.map { end in
        .object([
          "earliest_s": seconds(end.earliest), "latest_s": seconds(end.latest),
          "errno": end.errno.map { .string($0) } ?? .null, "limit": .string(end.limit.name),
          "explanation": .string(end.explanation),
        ])
      } ?? .null
    if prediction.ends.count > 1 {
      object["ends"] = .array(
        prediction.ends.map { .object(["earliest_s": seconds($0.earliest), "latest_s": seconds($0.latest)]) }
      )
    }
    if let forever = prediction.forever { object["never"] = .string(forever) }
    object["retransmissions"] = range(prediction.retransmissions)
    object["probes"] = range(prediction.probes)
    object["schedule"] = .array(
      prediction.schedule.map { event in
        .object([
          "at_s": seconds(event.at.earliest), "latest_s": seconds(event.at.latest), "what": .string(event.what),
          "why": .string(event.why),
        ])
      }
    )
    return .object(object)
  }

  private func seconds(_ duration: Duration) -> JSON {
    .number(Double(duration.nanoseconds / 1000) / 1e6)
  }

  /// One number, or the two ends if the phase decides.
  private func range(_ range: ClosedRange<Int>) -> JSON {
    range.lowerBound == range.upperBound
      ? .integer(Int64(range.lowerBound))
      : .array([.integer(Int64(range.lowerBound)), .integer(Int64(range.upperBound))])
  }
}
