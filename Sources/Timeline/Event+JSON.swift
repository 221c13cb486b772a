// The line that holds an event. The format is documented in docs/timeline-format.md.

extension Event {
  /// The event as one line of JSON Lines, without the line's end.
  public var line: String { JSON.object(json).text }

  /// The bytes of ``line``, and the line's end.
  public var lineBytes: [UInt8] { JSON.object(json).utf8 + [UInt8(ascii: "\n")] }

  /// The event's JSON object.
  public var json: JSONObject {
    var object: JSONObject = ["t": .integer(time.nanoseconds), "kind": .string(body.kind)]
    object.append("host", host.map { .string($0) })
    object.append("peer", peer.map { .string($0) })
    object.append(body.members)
    // What this version does not know never replaces what it does.
    let known = unknown.isEmpty ? [] : Set(object.members.map(\.name))
    for (name, value) in unknown.members where !known.contains(name) { object.append(name, value) }
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
    guard let time = object.take(integer: "t") else { throw EventError(message: "member 't' (nanoseconds) is missing") }
    guard let kind = object.take(string: "kind") else { throw EventError(message: "member 'kind' is missing") }
    self.time = Moment(nanoseconds: time)
    host = object.take(string: "host")
    peer = object.take(string: "peer")
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
    case .stateChange: "state"
    case .resending: "retransmit"
    case .reset: "reset"
    case .destroyed: "destroyed"
    case .packet: "packet"
    case .note: "note"
    case .late: "late"
    case .end: "end"
    case .verdict: "verdict"
    case .judgement: "judgement"
    case .other(let kind): kind
    }
  }

  fileprivate var members: JSONObject {
    switch self {
    case .begin(let beginning): beginning.json
    case .command(let text), .note(let text): ["text": .string(text)]
    case .late(let time): ["by": .integer(time)]
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
    case .stateChange(let change): change.json
    case .resending(let resending): resending.json
    case .reset(let reset): reset.json
    case .destroyed(let death): death.json
    case .packet(let packet): packet.json
    case .end(let reason): reason.map { ["reason": .string($0)] } ?? [:]
    case .verdict(let verdict): verdict.json
    case .judgement(let passed, let problems, let attributions):
      [
        "passed": .bool(passed),
        "problems": .array(problems.map { .string($0) }),
        "attributions": .array(attributions.map { .string($0) }),
      ]
    case .other: [:]
    }
  }

  /// The body of an event of this kind, made from the members that it takes out of `object`.
  ///
  /// `nil` if one that it needs is missing or of the wrong type; an unknown kind takes none.
  fileprivate init?(kind: String, taking object: inout JSONObject) {
    switch kind {
    case "begin":
      guard let beginning = Beginning(taking: &object) else { return nil }
      self = .begin(beginning)
    case "command", "note":
      guard let text = object.take(string: "text") else { return nil }
      self = kind == "note" ? .note(text) : .command(text: text)
    case "late":
      guard let time = object.take(integer: "by") else { return nil }
      self = .late(by: time)
    case "step", "fault":
      guard let line = object.take(count: "line"), let text = object.take(string: "text") else { return nil }
      self = kind == "step" ? .step(line: line, text: text) : .fault(line: line, text: text)
    case "waiting":
      guard let line = object.take(count: "line"), let text = object.take(string: "text"),
        let limit = object.take(integer: "limit")
      else { return nil }
      self = .waiting(line: line, text: text, limit: limit)
    case "settled":
      guard let line = object.take(count: "line"), let held = object.take("held", { $0.bool }) else { return nil }
      self = .settled(line: line, held: held)
    case "started":
      guard let command = object.take(string: "command"), let pid = object.take(integer: "pid") else { return nil }
      self = .started(command: command, pid: pid)
    case "ended":
      guard let ending = PeerEnding(taking: &object) else { return nil }
      self = .ended(ending)
    case "output":
      guard let stream = object.take("stream", { $0.string.flatMap(Event.OutputStream.init) }),
        let text = object.take(string: "text")
      else { return nil }
      self = .output(stream: stream, text: text)
    case "input":
      let text = object.take(string: "text")
      guard text != nil || object.take("eof", { $0.bool == true ? true : nil }) == true else { return nil }
      self = .input(text: text)
    case "call":
      guard let call = SystemCall(taking: &object) else { return nil }
      self = .call(call)
    case "socket", "gone":
      guard let sample = SocketSample(taking: &object) else { return nil }
      self = kind == "socket" ? .socket(sample) : .socketGone(sample)
    case "state":
      guard let change = StateChange(taking: &object) else { return nil }
      self = .stateChange(change)
    case "retransmit":
      guard let resending = Resending(taking: &object) else { return nil }
      self = .resending(resending)
    case "reset":
      guard let reset = ResetEvent(taking: &object) else { return nil }
      self = .reset(reset)
    case "destroyed":
      guard let death = SocketDeath(taking: &object) else { return nil }
      self = .destroyed(death)
    case "packet":
      guard let packet = PacketSample(taking: &object) else { return nil }
      self = .packet(packet)
    case "end": self = .end(reason: object.take(string: "reason"))
    case "verdict":
      guard let verdict = Verdict(taking: &object) else { return nil }
      self = .verdict(verdict)
    case "judgement":
      guard let passed = object.take("passed", { $0.bool }) else { return nil }
      self = .judgement(
        passed: passed,
        problems: object.take(strings: "problems") ?? [],
        attributions: object.take(strings: "attributions") ?? []
      )
    default: self = .other(kind: kind)
    }
  }
}

extension PeerEnding {
  fileprivate init?(taking object: inout JSONObject) {
    if let status = object.take(integer: "status") {
      self = .exited(status)
    } else if let name = object.take(string: "signal") {
      self = .signaled(name)
    } else {
      return nil
    }
  }
}
