public import Timeline

extension Condition {
  /// Whether one event alone shows that the condition has come about.
  ///
  /// It is decided from a single event, and so for a call, a line of output, a program's end, a connection's state, a
  /// connection's end and a listener. That a connection is gone needs a look at the host's others besides, and how
  /// often a host retransmits, or that a program is told nothing, shows only in time: these two match no event.
  ///
  /// A call counts when it has returned, and on anything but the program's standard input and output; calls that do the
  /// same count by one name (`recvfrom` is a `read`). A failure that only says "later" (`EAGAIN`, `EINTR`,
  /// `EINPROGRESS`) counts only where the condition names it.
  public func matches(_ event: Event) -> Bool {
    switch (self, event.body) {
    case (.call(event.peer, let name, let result), .call(let call)):
      call.hasReturned && call.isMeant(by: name) && result.matches(call)
    case (.prints(event.peer, let text), .output(_, let line)): line.containsText(text)
    case (.exits(event.peer, let expected), .ended(let ending)): expected == nil || expected == ending
    case (.connection(event.host, let port, .state(let state)), .socket(let sample)):
      sample.state.name == state.name && sample.concerns(port)
    case (.connection(event.host, let port, .state(let state)), .stateChange(let change)):
      change.to.name == state.name && change.to != .listen && change.has(port: port)
    case (.connection(event.host, let port, .gone), .socketGone(let sample)):
      sample.state != .listen && sample.concerns(port)
    case (.listens(event.host, let port), .socket(let sample)):
      sample.listens(on: port)
    default: false
    }
  }
}

extension Condition {
  /// Whether the condition cannot come about any more after this event: the call failed for good with another error,
  /// since a connection dies only once, or the program ended.
  public func isRuledOut(by event: Event) -> Bool {
    switch (self, event.body) {
    case (.call(event.peer, let name, .fails), .call(let call)):
      call.isOutcome && call.isMeant(by: name) && call.hasFailed
    case (.call(event.peer, _, _), .ended), (.exits(event.peer, _), .ended), (.prints(event.peer, _), .ended): true
    default: false
    }
  }
}

extension SocketSample {
  /// Whether either end of the connection has this port; any connection, if none is asked for.
  fileprivate func concerns(_ port: Int?) -> Bool {
    port == nil || SocketSample.port(of: local) == port || SocketSample.port(of: remote) == port
  }
}

extension CallResult {
  fileprivate func matches(_ call: SystemCall) -> Bool {
    switch self {
    case .returns: !call.hasFailed
    case .returnsValue(let value): !call.hasFailed && call.result == value
    case .fails(nil): call.hasFailed && call.isOutcome
    case .fails(let name): call.hasFailed && name == call.errorName
    }
  }
}

extension SocketSample {
  /// Whether it listens on a port.
  public func listens(on port: Int) -> Bool { state == .listen && SocketSample.port(of: local) == port }

  /// Whether it listens on a port for connections over this family.
  ///
  /// A program may have a listener for each family, and be connected to before the second is there.
  public func listens(on port: Int, over family: AddressFamily) -> Bool {
    guard listens(on: port) else { return false }
    let isIPv6 = local.hasPrefix("[")
    return family == .ipv6 ? isIPv6 : !isIPv6 || isIPv6Only == false
  }
}
