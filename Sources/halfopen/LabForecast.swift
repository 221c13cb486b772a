internal import Judge
internal import Timeline

/// What is predicted for the expectations of a lab.
struct LabForecast {
  let lab: String
  /// The statements by line.
  let texts: [Int: String]
  let forecast: Forecast

  var text: String {
    let lines = forecast.predictions.keys.sorted()
    guard !lines.isEmpty else { return "\(lab): the timer model says nothing of this lab's expectations\n" }
    return lines.map { line in
      var text = "\(lab):\(line): \(texts[line] ?? "")\n"
      guard let prediction = forecast.predictions[line] else { return text }
      var facts: [String] = []
      if let count = prediction.retransmissions { facts.append("\(count) retransmissions") }
      if let name = prediction.errorName { facts.append(name) }
      if let first = prediction.earliest {
        facts.append("after \(first.text) to \(prediction.latest?.text ?? "any time")")
      }
      if let limit = prediction.limit { facts.append("by \(limit)") }
      if !facts.isEmpty { text += "  predicted: \(facts.joined(separator: ", "))\n" }
      if let explanation = prediction.explanation { text += "  \(explanation)\n" }
      return text
    }.joined()
  }

  var json: JSON {
    let predictions = forecast.predictions.keys.sorted().map { line in
      var object: JSONObject = ["line": .integer(Int64(line)), "statement": .string(texts[line] ?? "")]
      let prediction = forecast.predictions[line]
      if let first = prediction?.earliest { object["earliest_s"] = .number(first.inSeconds) }
      if let last = prediction?.latest { object["latest_s"] = .number(last.inSeconds) }
      object["errno"] = prediction?.errorName.map { .string($0) }
      object["limit"] = prediction?.limit.map { .string($0) }
      object["explanation"] = prediction?.explanation.map { .string($0) }
      object["retransmissions"] = prediction?.retransmissions.map { .integer(Int64($0)) }
      return JSON.object(object)
    }
    return .object(["lab": .string(lab), "predictions": .array(predictions)])
  }
}
