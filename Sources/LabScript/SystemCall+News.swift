public import Timeline

extension SystemCall {
  /// The name by which a lab means the call: `read` for `recvfrom`, since programs differ in which they make.
  public var family: String { SystemCallFamily.of(name) }

  /// Whether it has failed, for good or only for now.
  public var hasFailed: Bool { errorName != nil || (result ?? 0) < 0 }

  /// Whether the program learned something of its connection by it.
  ///
  /// News are a read, an accept or a connect that returned, and any call that failed for good. Bytes that the kernel
  /// took for sending say nothing of the other side; nor does a call that only prepares, nor one on the program's own
  /// input and output. A poll that reports readiness is followed by the call that brings the news; one that reports an
  /// error or a hang-up brings them itself.
  public var bringsNews: Bool {
    guard phase == .exit, subject != .stdin, subject != .stdout else { return false }
    if hasFailed { return !CallResult.passing.contains(errorName ?? "") }
    return switch family {
    case "read", "accept", "connect": true
    case "poll": detail?.contains("POLLERR") == true || detail?.contains("POLLHUP") == true
    default: false
    }
  }
}
