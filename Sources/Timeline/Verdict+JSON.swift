// The members of a `verdict` event, see docs/timeline-format.md.

extension Verdict {
  var json: JSONObject {
    var members: JSONObject = [
      "line": .integer(Int64(line)), "text": .string(text), "outcome": .string(outcome.rawValue),
    ]
    members.append("measured", measured.map { .string($0) })
    members.append("after", after.map { .integer($0.nanoseconds) })
    if let predicted {
      members.append("predicted", true)
      members.append("earliest", predicted.earliest.map { .integer($0.nanoseconds) })
      members.append("latest", predicted.latest.map { .integer($0.nanoseconds) })
      members.append("errno", predicted.errorName.map { .string($0) })
      members.append("limit", predicted.limit.map { .string($0) })
      members.append("explanation", predicted.explanation.map { .string($0) })
      members.append("retransmissions", predicted.retransmissions.map { .integer(Int64($0)) })
    }
    if !published.isEmpty { members.append("published", .array(published.map { .string($0) })) }
    members.append("reason", .string(reason))
    return members
  }

  /// Takes the members out of `object`; `nil` if the line, the text, a known outcome or the reason is missing.
  init?(taking object: inout JSONObject) {
    guard let line = object.take(count: "line"), let text = object.take(string: "text"),
      let outcome = object.take("outcome", { $0.string.flatMap(Outcome.init) }),
      let reason = object.take(string: "reason")
    else { return nil }
    self.init(line: line, text: text, outcome: outcome, reason: reason)
    measured = object.take(string: "measured")
    after = object.take(integer: "after").map { .nanoseconds($0) }
    if object.take("predicted", { $0.bool == true ? true : nil }) == true {
      predicted = Prediction(
        earliest: object.take(integer: "earliest").map { .nanoseconds($0) },
        latest: object.take(integer: "latest").map { .nanoseconds($0) },
        errorName: object.take(string: "errno"),
        limit: object.take(string: "limit"),
        explanation: object.take(string: "explanation"),
        retransmissions: object.take(count: "retransmissions")
      )
    }
    published = object.take(strings: "published") ?? []
  }
}
