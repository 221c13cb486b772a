// The members of a `socket` or `gone` event, see docs/timeline-format.md.

extension SocketSample {
  var json: JSONObject {
    var object: JSONObject = [
      "cookie": .integer(cookie), "local": .string(local), "remote": .string(remote), "state": .string(state.name),
    ]
    if let timer {
      object.append("timer", .string(timer.kind.rawValue))
      object.append("expires_ms", .integer(timer.expiresInMilliseconds))
      object.append("count", .integer(Int64(timer.count)))
    }
    if receiveQueue != 0 { object.append("rq", .integer(receiveQueue)) }
    if sendQueue != 0 { object.append("sq", .integer(sendQueue)) }
    object.append("rto_us", rto.map { .integer($0) })
    object.append("rtt_us", rtt.map { .integer($0) })
    object.append("retransmits", retransmits.map { .integer(Int64($0)) })
    object.append("probes", probes.map { .integer(Int64($0)) })
    object.append("backoff", backoff.map { .integer(Int64($0)) })
    object.append("retransmitted", totalRetransmissions.map { .integer(Int64($0)) })
    object.append("v6only", isIPv6Only.map { .bool($0) })
    object.append("unseen", unseen.map { .integer($0) })
    return object
  }

  /// Takes the members out of `object`; `nil` if the cookie, an address or a known state is missing.
  init?(taking object: inout JSONObject) {
    guard let cookie = object.take(integer: "cookie"), let local = object.take(string: "local"),
      let remote = object.take(string: "remote"),
      let state = object.take("state", { $0.string.flatMap { TCPState(name: $0) } })
    else { return nil }
    self.init(cookie: cookie, local: local, remote: remote, state: state)
    if let kind = object.take("timer", { $0.string.flatMap(SocketTimer.Kind.init) }) {
      timer = SocketTimer(
        kind: kind,
        expiresInMilliseconds: object.take(integer: "expires_ms") ?? 0,
        count: object.take(count: "count") ?? 0
      )
    }
    receiveQueue = object.take(integer: "rq") ?? 0
    sendQueue = object.take(integer: "sq") ?? 0
    rto = object.take(integer: "rto_us")
    rtt = object.take(integer: "rtt_us")
    retransmits = object.take(count: "retransmits")
    probes = object.take(count: "probes")
    backoff = object.take(count: "backoff")
    totalRetransmissions = object.take(count: "retransmitted")
    isIPv6Only = object.take("v6only") { $0.bool }
    unseen = object.take(integer: "unseen")
  }
}
