// What a kernel's tracepoints say of a socket, at the very moment; see docs/timeline-format.md.

/// A socket went from one state to another.
public struct StateChange: Hashable, Sendable {
  /// Local address and port.
  public var local: String
  /// Remote address and port.
  public var remote: String
  /// The state that it left; `CLOSED` before its first.
  public var from: TCPState
  /// The state that it entered; `CLOSED` also where a small socket takes its place, for TIME_WAIT.
  public var to: TCPState

  /// A change.
  public init(local: String, remote: String, from: TCPState, to: TCPState) {
    self.local = local
    self.remote = remote
    self.from = from
    self.to = to
  }

  /// Both addresses, as ``SocketSample/ends``.
  public var ends: String { local + " " + remote }

  /// Whether one of its ends has this port; every socket has the port `nil`.
  public func has(port: Int?) -> Bool {
    guard let port else { return true }
    return SocketSample.port(of: local) == port || SocketSample.port(of: remote) == port
  }

  var json: JSONObject {
    ["local": .string(local), "remote": .string(remote), "from": .string(from.name), "to": .string(to.name)]
  }

  init?(taking object: inout JSONObject) {
    guard let local = object.take(string: "local"), let remote = object.take(string: "remote"),
      let from = object.take("from", { $0.string.flatMap { TCPState(name: $0) } }),
      let to = object.take("to", { $0.string.flatMap { TCPState(name: $0) } })
    else { return nil }
    self.init(local: local, remote: remote, from: from, to: to)
  }
}

/// A socket sent something again.
public struct Resending: Hashable, Sendable {
  /// Local address and port.
  public var local: String
  /// Remote address and port.
  public var remote: String
  /// Its state; in `SYN_RECV` it was the SYN-ACK.
  public var state: TCPState?
  /// Why the own machine refused to send it, if it did: an errno's name, or `queue`.
  public var refused: String?

  /// A retransmission.
  public init(local: String, remote: String, state: TCPState? = nil, refused: String? = nil) {
    self.local = local
    self.remote = remote
    self.state = state
    self.refused = refused
  }

  var json: JSONObject {
    var object: JSONObject = ["local": .string(local), "remote": .string(remote)]
    object.append("state", state.map { .string($0.name) })
    object.append("refused", refused.map { .string($0) })
    return object
  }

  init?(taking object: inout JSONObject) {
    guard let local = object.take(string: "local"), let remote = object.take(string: "remote") else { return nil }
    self.init(
      local: local,
      remote: remote,
      state: object.take("state", { $0.string.flatMap { TCPState(name: $0) } }),
      refused: object.take(string: "refused")
    )
  }
}

/// A socket sent an RST, or got one.
public struct ResetEvent: Hashable, Sendable {
  /// Whether it sent it, or got it.
  public var direction: PacketSample.Direction
  /// Local address and port.
  public var local: String
  /// Remote address and port.
  public var remote: String
  /// Its state then; `nil` if the kernel did not say.
  public var state: TCPState?
  /// Why it was sent, in the kernel's own word (from Linux 6.10): `TCP_ABORT_ON_DATA`.
  public var reason: String?

  /// A reset.
  public init(
    direction: PacketSample.Direction,
    local: String,
    remote: String,
    state: TCPState? = nil,
    reason: String? = nil
  ) {
    self.direction = direction
    self.local = local
    self.remote = remote
    self.state = state
    self.reason = reason
  }

  var json: JSONObject {
    var object: JSONObject = [
      "direction": .string(direction.rawValue), "local": .string(local), "remote": .string(remote),
    ]
    object.append("state", state.map { .string($0.name) })
    object.append("reason", reason.map { .string($0) })
    return object
  }

  init?(taking object: inout JSONObject) {
    guard let direction = object.take("direction", { $0.string.flatMap(PacketSample.Direction.init) }),
      let local = object.take(string: "local"), let remote = object.take(string: "remote")
    else { return nil }
    self.init(
      direction: direction,
      local: local,
      remote: remote,
      state: object.take("state", { $0.string.flatMap { TCPState(name: $0) } }),
      reason: object.take(string: "reason")
    )
  }
}
