internal import LabScript
internal import Timeline

extension SystemCall {
  /// Failures that only say "again": the connection is as it was.
  private static let passing: Set<String> = [
    "EAGAIN", "EWOULDBLOCK", "EINTR", "EINPROGRESS", "EALREADY", "ERESTARTSYS", "ERESTART_RESTARTBLOCK",
  ]

  /// The name that a lab uses for calls that do the same, since programs differ in which they make.
  private static let family: [String: String] = [
    "recv": "read", "recvfrom": "read", "recvmsg": "read", "readv": "read", "send": "write", "sendto": "write",
    "sendmsg": "write", "writev": "write", "accept4": "accept", "ppoll": "poll", "select": "poll", "pselect6": "poll",
    "epoll_wait": "poll", "epoll_pwait": "poll",
  ]

  /// Whether a lab means this call by `name`: the call itself, or one of its family (`recv` is a read).
  func isMeant(by name: String) -> Bool { self.name == name || SystemCall.family[self.name] == name }

  /// Whether it has returned for good, and on something other than the program's own input and output.
  var isOutcome: Bool {
    phase == .exit && subject != .stdin && subject != .stdout && !SystemCall.passing.contains(errorName ?? "")
  }

  /// Whether it failed.
  var hasFailed: Bool { errorName != nil || (result ?? 0) < 0 }

  /// Whether the program learned something of the connection by it.
  ///
  /// Bytes that the kernel took for sending say nothing of the other side, nor does a call that only prepares.
  var tellsSomething: Bool {
    guard isOutcome else { return false }
    if hasFailed { return true }
    return switch SystemCall.family[name] ?? name {
    case "read", "accept", "connect": true
    // A poll that returns for its program's input is followed by no news; one that returns for the socket is
    // followed by the call that brings them, except when it says that the connection is dead.
    case "poll": detail?.contains("POLLERR") == true || detail?.contains("POLLHUP") == true
    default: false
    }
  }

  /// The result in words for a verdict: `ETIMEDOUT`, `returned 22`, `returned 0, end of stream`.
  var outcomeWords: String {
    if let errorName { return errorName }
    guard let result else { return "returned" }
    if result < 0 { return "failed" }
    return result == 0 && isMeant(by: "read") ? "returned 0, end of stream" : "returned \(result)"
  }
}

extension Condition {
  /// What an event shows of a condition that one event alone can meet, in words; `nil` if it does not meet it.
  func sighting(in event: Event) -> String? {
    switch (self, event.body) {
    case (.call(event.peer, let name, let result), .call(let call)) where call.isOutcome && call.isMeant(by: name):
      return result.matches(call) ? call.outcomeWords : nil
    case (.prints(event.peer, let text), .output(_, let line)) where line.contains(text): return "printed"
    case (.exits(event.peer, let expected), .ended(let ending)) where expected == nil || expected == ending:
      return ending.text
    default: return nil
    }
  }

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

  /// Whether the condition cannot come about any more after this event: the call failed for good with another error,
  /// since a connection dies only once, or the program ended.
  func isRuledOut(by event: Event) -> Bool {
    switch (self, event.body) {
    case (.call(event.peer, let name, .fails), .call(let call)):
      call.isOutcome && call.isMeant(by: name) && call.hasFailed
    case (.call(event.peer, _, _), .ended), (.exits(event.peer, _), .ended), (.prints(event.peer, _), .ended): true
    default: false
    }
  }
}

extension CallResult {
  fileprivate func matches(_ call: SystemCall) -> Bool {
    switch self {
    case .returns: !call.hasFailed
    case .returnsValue(let value): !call.hasFailed && call.result == value
    case .fails(let name): call.hasFailed && (name == nil || name == call.errorName)
    }
  }
}
