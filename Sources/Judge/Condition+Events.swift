internal import LabScript
internal import Timeline

extension SystemCall {
  /// The result in words for a verdict: `ETIMEDOUT`, `returned 22`, `returned 0, end of stream`.
  var outcomeWords: String {
    if let errorName { return errorName }
    guard let result else { return "returned" }
    if result < 0 { return "failed" }
    return result == 0 && family == "read" ? "returned 0, end of stream" : "returned \(result)"
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
    case (.call(event.peer, let name, let result), .call(let call)):
      if hasOutcome(of: name, in: event) { return "\(call.name): \(call.outcomeWords)" }
      guard case .fails = result, call.hasFailed, call.bringsNews else { return nil }
      return "\(call.name): \(call.outcomeWords)"
    case (.call(event.peer, _, _), .ended(let ending)), (.exits(event.peer, _), .ended(let ending)),
      (.prints(event.peer, _), .ended(let ending)):
      return "the program \(ending.text)"
    default: return nil
    }
  }

  /// Whether the condition cannot come about any more after this event.
  ///
  /// The call failed for good with another error, since a connection dies only once, or the program ended.
  func isRuledOut(by event: Event) -> Bool {
    switch (self, event.body) {
    case (.call(let peer, let name, .fails), .call):
      Condition.call(peer: peer, name: name, .fails(nil)).matches(event)
    case (.call(event.peer, _, _), .ended), (.exits(event.peer, _), .ended), (.prints(event.peer, _), .ended): true
    default: false
    }
  }

  /// Whether the event is the call that the condition means, with any lasting result.
  private func hasOutcome(of name: String, in event: Event) -> Bool {
    Condition.call(peer: subject, name: name, .returns).matches(event)
      || Condition.call(peer: subject, name: name, .fails(nil)).matches(event)
  }
}
