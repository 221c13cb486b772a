public import Timeline

// What a system call in a timeline means to a lab: the runner that waits for it and the judge read it alike.

extension SystemCall {
  /// Failures that only say "again": the connection is as it was.
  private static let passing: Set = [
    "EAGAIN", "EWOULDBLOCK", "EINTR", "EINPROGRESS", "EALREADY", "ERESTARTSYS", "ERESTART_RESTARTBLOCK",
  ]

  /// The call by whose name a lab means this one too: `read` for `recvfrom`, since programs differ in which they make.
  public var family: String { SystemCallFamily.of(name) }

  /// Whether a lab means this call by `name`: the call itself, or one that does the same.
  public func isMeant(by name: String) -> Bool { self.name == name || family == name }

  /// Whether it has returned, and on something other than the program's own input and output.
  public var hasReturned: Bool { phase == .exit && subject != .stdin && subject != .stdout }

  /// Whether it has returned for good: a failure that only says "again" is none.
  public var isOutcome: Bool { hasReturned && !SystemCall.passing.contains(errorName ?? "") }

  /// Whether it failed.
  public var hasFailed: Bool { errorName != nil || (result ?? 0) < 0 }

  /// The connection's error that the program asked for and got, by name: `getsockopt` succeeds and hands it out.
  ///
  /// A program tells it in the call's detail, as `SO_ERROR EPIPE`.
  public var pendingError: String? {
    guard name == "getsockopt", !hasFailed else { return nil }
    let words = (detail ?? "").split(separator: " ")
    return words.count == 2 && words[0] == "SO_ERROR" ? String(words[1]) : nil
  }

  /// Whether the program learned something of the connection by it.
  ///
  /// Bytes that the kernel took for sending say nothing of the other side, nor does a call that only prepares.
  public var tellsSomething: Bool {
    guard isOutcome else { return false }
    if hasFailed || pendingError != nil { return true }
    return switch family {
    case "read", "accept", "connect": true
    // A poll that returns for its program's input is followed by no news; one that returns for the socket is
    // followed by the call that brings them, except when it says that the connection is dead.
    case "poll": detail?.contains("POLLERR") == true || detail?.contains("POLLHUP") == true
    default: false
    }
  }
}

extension Event {
  /// Whether the event told `peer` something of its connection, or was its end.
  public func isNews(for peer: String) -> Bool {
    guard self.peer == peer else { return false }
    return switch body {
    case .call(let call): call.tellsSomething
    case .ended: true
    default: false
    }
  }
}
