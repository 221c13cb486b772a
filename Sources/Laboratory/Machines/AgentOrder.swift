internal import Timeline

/// What the runner tells the agent of a machine: a JSON object a line, over the machine's own serial line.
enum AgentOrder: Hashable {
  /// First of all: which host the machine is, and of which lab, the text of a ``LaboratorySetup``.
  case become(host: String, setup: String)
  /// To say what its clock shows.
  case tellClock
  /// To exchange a few packets with every other host, so that the lab's own find a way that has been gone before.
  case rehearse
  /// To start a peer's program.
  case start(peer: String)
  /// To type a line to a peer.
  case type(peer: String, text: String)
  /// To end a peer's input.
  case endInput(peer: String)
  /// To send a signal to a peer's process group.
  case signal(name: String, peer: String)
  /// To look at the sockets soon.
  case look
  /// To shut the machine down in order, as far as programs go.
  case shutDown

  /// The order as a line.
  var line: String {
    let members: [(String, String)] =
      switch self {
      case .become(let host, let setup): [("order", "become"), ("host", host), ("setup", setup)]
      case .tellClock: [("order", "clock")]
      case .rehearse: [("order", "rehearse")]
      case .start(let peer): [("order", "start"), ("peer", peer)]
      case .type(let peer, let text): [("order", "type"), ("peer", peer), ("text", text)]
      case .endInput(let peer): [("order", "end-input"), ("peer", peer)]
      case .signal(let name, let peer): [("order", "signal"), ("peer", peer), ("signal", name)]
      case .look: [("order", "look")]
      case .shutDown: [("order", "shut-down")]
      }
    return JSON.object(JSONObject(members.map { ($0.0, .string($0.1)) })).text
  }

  /// The order that a line is; `nil` if it is none.
  init?(line: String) {
    guard let object = (try? JSON(text: line))?.object else { return nil }
    let (peer, text) = (object["peer"]?.string, object["text"]?.string)
    switch (object["order"]?.string, peer) {
    case ("become", nil):
      guard let host = object["host"]?.string, let setup = object["setup"]?.string else { return nil }
      self = .become(host: host, setup: setup)
    case ("clock", nil): self = .tellClock
    case ("rehearse", nil): self = .rehearse
    case ("start", .some(let peer)): self = .start(peer: peer)
    case ("type", .some(let peer)):
      guard let text else { return nil }
      self = .type(peer: peer, text: text)
    case ("end-input", .some(let peer)): self = .endInput(peer: peer)
    case ("signal", .some(let peer)):
      guard let name = object["signal"]?.string else { return nil }
      self = .signal(name: name, peer: peer)
    case ("look", nil): self = .look
    case ("shut-down", nil): self = .shutDown
    default: return nil
    }
  }
}

/// What the agent of a machine tells the runner besides the events of its host, which are lines of a timeline.
enum AgentAnswer: Hashable {
  /// The agent listens: what came over the line before is lost.
  case listening
  /// What the machine's clock shows, and what it showed at moment zero of its events, in nanoseconds.
  case clock(now: Int64, origin: Int64)
  /// The packets of a rehearsal are exchanged and forgotten.
  case hasRehearsed
  /// Every program has ended and the sockets have said goodbye: the power may go.
  case isDown
  /// The machine cannot go on, and why.
  case failed(String)

  /// The answer as a line.
  var line: String {
    let object: JSONObject =
      switch self {
      case .listening: ["answer": "listening"]
      case .clock(let now, let origin): ["answer": "clock", "now": .integer(now), "origin": .integer(origin)]
      case .hasRehearsed: ["answer": "rehearsed"]
      case .isDown: ["answer": "down"]
      case .failed(let reason): ["answer": "failed", "reason": .string(reason)]
      }
    return JSON.object(object).text
  }

  /// The answer that a line is; `nil` if it is none.
  init?(line: String) {
    // Most lines are events, and longer.
    guard line.utf8.starts(with: #"{"answer":"#.utf8), let object = (try? JSON(text: line))?.object else { return nil }
    switch object["answer"]?.string {
    case "listening": self = .listening
    case "clock":
      guard let now = object["now"]?.integer, let origin = object["origin"]?.integer else { return nil }
      self = .clock(now: now, origin: origin)
    case "rehearsed": self = .hasRehearsed
    case "down": self = .isDown
    case "failed": self = .failed(object["reason"]?.string ?? "")
    default: return nil
    }
  }
}
