// The line that holds an event. The format is documented in docs/timeline-format.md.

extension Event {
  /// The event as one line of JSON Lines, without the line's end.
  public var line: String { JSON.object(json).text }

  /// The event's JSON object.
  public var json: JSONObject {
    var object = JSONObject([("t", .integer(time.nanoseconds)), ("kind", .string(body.kind))])
    object["host"] = host.map { .string($0) }
    object["peer"] = peer.map { .string($0) }
    for (name, value) in body.members.members { object[name] = value }
    for (name, value) in unknown.members { object[name] = value }
    return object
  }

  /// Reads an event from its line; the error says what is wrong with it.
  public init(line: some StringProtocol) throws(EventError) {
    let value: JSON
    do {
      value = try JSON(text: line)
    } catch {
      throw EventError(message: "not JSON: \(error.message) at byte \(error.offset + 1)")
    }
    guard var object = value.object else { throw EventError(message: "not a JSON object") }
    guard let time = object.remove("t")?.integer else { throw EventError(message: "member 't' (nanoseconds) is missing") }
    guard let kind = object.remove("kind")?.string else { throw EventError(message: "member 'kind' is missing") }
    self.time = Moment(nanoseconds: time)
    host = object.remove("host")?.string
    peer = object.remove("peer")?.string
    guard let body = Body(kind: kind, taking: &object) else {
      throw EventError(message: "an event of kind '\(kind)' without a member that it needs")
    }
    self.body = body
    unknown = object
  }
}

/// Why a line is not an event.
public struct EventError: Error, Hashable, Sendable {
  /// The reason.
  public var message: String
}

extension Event.Body {
  /// The word that names the kind in a timeline.
  public var kind: String {
    switch self {
    case .begin: "begin"
    case .command: "command"
    case .step: "step"
    case .fault: "fault"
    case .waiting: "waiting"
    case .settled: "settled"
    case .started: "started"
    case .ended: "ended"
    case .output: "output"
    case .input: "input"
    case .call: "call"
    case .socket: "socket"
    case .socketGone: "gone"
    case .note: "note"
    case .end: "end"
    case .other(let kind): kind
    }
  }

  fileprivate var members: JSONObject {
    switch self {
    case .begin(let beginning): beginning.json
    case .command(let text), .note(let text): ["text": .string(text)]
    case .step(let line, let text), .fault(let line, let text): ["line": .integer(Int64(line)), "text": .string(text)]
    case .waiting(let line, let text, let limit):
      ["line": .integer(Int64(line)), "text": .string(text), "limit": .integer(limit)]
    case .settled(let line, let held): ["line": .integer(Int64(line)), "held": .bool(held)]
    case .started(let command, let pid): ["command": .string(command), "pid": .integer(pid)]
    case .ended(.exited(let status)): ["status": .integer(status)]
    case .ended(.signaled(let name)): ["signal": .string(name)]
    case .output(let stream, let text): ["stream": .string(stream.rawValue), "text": .string(text)]
    case .input(let text): text.map { ["text": .string($0)] } ?? ["eof": true]
    case .call(let call): call.json
    case .socket(let sample), .socketGone(let sample): sample.json
    case .end(let reason): reason.map { ["reason": .string($0)] } ?? [:]
    case .other: [:]
    }
  }

  fileprivate init?(kind: String, taking object: inout JSONObject) {
    func text() -> String? { object.remove("text")?.string }
    func line() -> Int? { object.remove("line")?.integer.flatMap { Int(exactly: $0) } }
    switch kind {
    case "begin":
      guard let beginning = Beginning(taking: &object) else { return nil }
      self = .begin(beginning)
    case "command":
      guard let text = text() else { return nil }
      self = .command(text: text)
    case "note":
      guard let text = text() else { return nil }
      self = .note(text)
    case "step", "fault":
      guard let line = line(), let text = text() else { return nil }
      self = kind == "step" ? .step(line: line, text: text) : .fault(line: line, text: text)
    case "waiting":
      guard let line = line(), let text = text(), let limit = object.remove("limit")?.integer else { return nil }
      self = .waiting(line: line, text: text, limit: limit)
    case "settled":
      guard let line = line(), let held = object.remove("held")?.bool else { return nil }
      self = .settled(line: line, held: held)
    case "started":
      guard let command = object.remove("command")?.string, let pid = object.remove("pid")?.integer else { return nil }
      self = .started(command: command, pid: pid)
    case "ended":
      if let status = object.remove("status")?.integer {
        self = .ended(.exited(status))
      } else if let name = object.remove("signal")?.string {
        self = .ended(.signaled(name))
      } else {
        return nil
      }
    case "output":
      guard let stream = object.remove("stream")?.string.flatMap(Event.OutputStream.init), let text = text() else {
        return nil
      }
      self = .output(stream: stream, text: text)
    case "input":
      let text = text()
      guard text != nil || object.remove("eof")?.bool == true else { return nil }
      self = .input(text: text)
    case "call":
      guard let call = SystemCall(taking: &object) else { return nil }
      self = .call(call)
    case "socket", "gone":
      guard let sample = SocketSample(taking: &object) else { return nil }
      self = kind == "socket" ? .socket(sample) : .socketGone(sample)
    case "end": self = .end(reason: object.remove("reason")?.string)
    default: self = .other(kind: kind)
    }
  }
}

extension Beginning {
  var json: JSONObject {
    [
      "version": .integer(version), "lab": .string(lab),
      "parameters": .object(JSONObject(parameters.map { ($0.name, .string($0.value)) })), "clock": .string(clock),
      "clockAtStart": .integer(clockAtStart), "wallClockAtStart": .integer(wallClockAtStart),
      "kernel": .string(kernel), "hz": .integer(hz),
    ]
  }

  fileprivate init?(taking object: inout JSONObject) {
    guard let version = object.remove("version")?.integer, let lab = object.remove("lab")?.string,
      let clock = object.remove("clock")?.string, let kernel = object.remove("kernel")?.string,
      let hz = object.remove("hz")?.integer
    else { return nil }
    let parameters = object.remove("parameters")?.object?.members ?? []
    self.init(
      lab: lab, parameters: parameters.map { ($0.name, $0.value.string ?? $0.value.text) }, clock: clock,
      clockAtStart: object.remove("clockAtStart")?.integer ?? 0,
      wallClockAtStart: object.remove("wallClockAtStart")?.integer ?? 0, kernel: kernel, hz: hz)
    self.version = version
  }
}

extension SocketSample {
  fileprivate var json: JSONObject {
    var object: JSONObject = [
      "cookie": .integer(cookie), "local": .string(local), "remote": .string(remote), "state": .string(state.name),
    ]
    if let timer {
      object["timer"] = .string(timer.kind.rawValue)
      object["expires_ms"] = .integer(timer.expiresInMilliseconds)
      object["count"] = .integer(Int64(timer.count))
    }
    if receiveQueue != 0 { object["rq"] = .integer(receiveQueue) }
    if sendQueue != 0 { object["sq"] = .integer(sendQueue) }
    object["rto_us"] = rto.map { .integer($0) }
    object["rtt_us"] = rtt.map { .integer($0) }
    object["retransmits"] = retransmits.map { .integer(Int64($0)) }
    object["probes"] = probes.map { .integer(Int64($0)) }
    object["backoff"] = backoff.map { .integer(Int64($0)) }
    object["retransmitted"] = totalRetransmissions.map { .integer(Int64($0)) }
    return object
  }

  fileprivate init?(taking object: inout JSONObject) {
    guard let cookie = object.remove("cookie")?.integer, let local = object.remove("local")?.string,
      let remote = object.remove("remote")?.string,
      let state = object.remove("state")?.string.flatMap({ TCPState(name: $0) })
    else { return nil }
    func integer(_ name: String) -> Int64? { object.remove(name)?.integer }
    func count(_ name: String) -> Int? { integer(name).flatMap { Int(exactly: $0) } }
    self.init(cookie: cookie, local: local, remote: remote, state: state)
    if let kind = object.remove("timer")?.string.flatMap(SocketTimer.Kind.init) {
      timer = SocketTimer(kind: kind, expiresInMilliseconds: integer("expires_ms") ?? 0, count: count("count") ?? 0)
    }
    receiveQueue = integer("rq") ?? 0
    sendQueue = integer("sq") ?? 0
    rto = integer("rto_us")
    rtt = integer("rtt_us")
    retransmits = count("retransmits")
    probes = count("probes")
    backoff = count("backoff")
    totalRetransmissions = count("retransmitted")
  }
}
