internal import LabScript
internal import Timeline

extension SystemCall {
  /// The result in words for a verdict: `ETIMEDOUT`, `returned 22`, `returned 0, end of stream`.
  var outcomeWords: String {
    if let errorName { return errorName }
    guard let result else { return "returned" }
    if result < 0 { return "failed" }
    return result == 0 && isMeant(by: "read") ? "returned 0, end of stream" : "returned \(result)"
  }
}

extension Event {
  /// What a program did or was told, in the words of a verdict.
  var outcomeWords: String {
    switch body {
    case .call(let call): call.outcomeWords
    case .output: "printed"
    case .ended(let ending): ending.text
    default: body.kind
    }
  }
}

extension Condition {
  /// What an event shows of the same subject although it does not meet the condition: what happened instead.
  func nearMiss(in event: Event) -> String? {
    switch (self, event.body) {
    case (.call(event.peer, let name, _), .call(let call)) where call.isOutcome && call.isMeant(by: name):
      return "\(call.name): \(call.outcomeWords)"
    case (.call(event.peer, _, .fails), .call(let call)) where call.isOutcome && call.hasFailed:
      return "\(call.name): \(call.outcomeWords)"
    case (.call(event.peer, _, _), .ended(let ending)), (.exits(event.peer, _), .ended(let ending)),
      (.prints(event.peer, _), .ended(let ending)):
      return "the program \(ending.text)"
    default: return nil
    }
  }
}
