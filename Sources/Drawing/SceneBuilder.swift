internal import Judge
internal import LabScript
internal import Report
internal import Timeline

/// Makes a scene of a run, event by event in the order of time.
struct SceneBuilder {
  let run: LabRun
  var scene = Scene()
  /// The place of the event that is being looked at.
  var place = 0
  /// The last moment of the run.
  var end = Moment.zero
  var lanes: [String: Int] = [:]
  /// The lane of each address.
  var addresses: [String: Int] = [:]
  /// Peers whose system calls are told: what they print repeats them.
  var callers: Set<String> = []
  /// What is known of each connection, by host and addresses.
  var sockets: [String: Socket] = [:]
  /// Connections that are gone, for as long as another socket may take their place.
  var departed: [String: Departure] = [:]
  var programs: [String: Int] = [:]
  /// The call that each program is blocked in, and since when.
  var blocked: [String: (name: String, since: Moment)] = [:]
  var outages: [String: Outage] = [:]

  /// A socket's bars as far as they are known.
  struct Socket {
    var entity: Int
    var sample: SocketSample
    /// Since when it is in its state.
    var since: Moment
    /// The place in the scene's spans of the timer that is armed.
    var timer: Int?
  }

  /// A socket that is gone.
  struct Departure {
    var socket: Socket
    var time: Moment
    /// The place of the row that tells it.
    var item: Int
  }

  /// A fault that is in force.
  struct Outage {
    var since: Moment
    var lane: Int?
    var text: String
  }

  init(run: LabRun, notes: [String]) {
    self.run = run
    scene.events = run.events
    if !zip(run.events, run.events.dropFirst()).allSatisfy({ $0.time <= $1.time }) {
      // Events of one moment stay in the timeline's order.
      let ordered = run.events.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
      scene.events = ordered.map(\.element)
    }
    end = scene.events.last?.time ?? .zero
    scene.notes = notes
    describe()
  }

  /// The scene of the whole run.
  mutating func build() -> Scene {
    for event in scene.events {
      if case .call = event.body, let peer = event.peer { callers.insert(peer) }
    }
    for index in scene.events.indices {
      place = index
      add(scene.events[index])
    }
    close()
    addVerdicts()
    scene.items.sort { ($0.time, $0.event) < ($1.time, $1.event) }
    scene.spans.sort { ($0.from, $0.until) < ($1.from, $1.until) }
    assignTracks()
    return scene
  }

  private mutating func describe() {
    let script = run.script
    scene.title = script.title.isEmpty ? script.name : "\(script.name): \(script.title)"
    scene.question = script.question
    scene.answer = script.answer
    scene.middle = script.network == .lan ? "switch" : "router"
    scene.hasPassed = run.judgement.passed
    scene.conclusion = run.lastLine
    for host in script.hosts { addLane(host.name, address: host.address) }
    for parameter in script.parameters where parameter.value != parameter.defaultValue {
      scene.notes.append("\(parameter.name)=\(parameter.value), the lab's own value is \(parameter.defaultValue)")
    }
    scene.notes += run.judgement.problems
  }

  @discardableResult
  private mutating func addLane(_ name: String, address: String) -> Int {
    if let lane = lanes[name] { return lane }
    scene.lanes.append(Scene.Lane(name: name, address: address))
    lanes[name] = scene.lanes.count - 1
    if !address.isEmpty { addresses[address] = scene.lanes.count - 1 }
    return scene.lanes.count - 1
  }

  /// The lane of an event's host; a host that the script does not name gets a lane of its own.
  mutating func lane(of event: Event) -> Int? {
    guard let host = event.host else { return nil }
    let most = 12
    guard lanes[host] != nil || scene.lanes.count < most else { return nil }
    return addLane(host, address: "")
  }

  private mutating func add(_ event: Event) {
    switch event.body {
    case .begin, .verdict, .judgement: break
    case .packet(let packet): add(packet, event)
    case .socket(let sample): add(sample, event)
    case .socketGone(let sample): addGone(sample, event)
    case .call(let call): add(call, event)
    case .fault(let line, let text): addFault(line, text, event)
    default: addRow(event)
    }
  }

  /// Adds a row for what needs nothing but its text.
  private mutating func addRow(_ event: Event) {
    let lane = lane(of: event)
    let who = event.peer.map { peerName($0) } ?? ""
    switch event.body {
    case .command(let text): add("$ \(text)", .script, .faint, level: 2, at: event.time)
    case .step(let line, let text): add("line \(line): \(text)", .script, .faint, level: 1, at: event.time)
    case .waiting(_, let text, let limit):
      add("waits at most \(Duration.nanoseconds(limit).text): \(text)", .script, .faint, level: 2, at: event.time)
    case .settled(let line, let held):
      let statement = run.script.steps.first { $0.line == line }?.text ?? "line \(line)"
      let text = held ? "came about: \(statement)" : "did not come about: \(statement)"
      add(text, .script, held ? .faint : .failure, level: held ? 2 : 0, at: event.time)
    case .started(let command, _):
      startProgram(event, lane)
      add("\(who)starts: \(command)", .program, .plain, at: event.time, lane: lane)
    case .ended(let ending):
      endProgram(event)
      add("\(who)\(ending.text)", .program, ending == .exited(0) ? .plain : .failure, at: event.time, lane: lane)
    case .output(let stream, let text):
      let repeats = stream == .stdout && event.peer.map { callers.contains($0) } == true
      let sign = stream == .stdout ? "|" : "!"
      add("\(who)\(sign) \(text)", .output, .faint, level: repeats ? 1 : 0, at: event.time, lane: lane)
    case .input(let text):
      add(who + typed(text), .program, .deed, at: event.time, lane: lane)
    case .note(let text): add("note: \(text)", .note, .faint, at: event.time)
    case .late(let time):
      let length = Duration.nanoseconds(time).text
      add("the machine was busy elsewhere for \(length)", .note, .faint, level: 1, at: event.time)
    case .end(let reason?): add("the lab was stopped: \(reason)", .note, .failure, at: event.time)
    case .end(nil): add("the end", .script, .faint, level: 1, at: event.time)
    case .other(let kind): add("\(kind) \(JSON.object(event.unknown).text)", .note, .faint, level: 2, at: event.time)
    default: break
    }
  }

  private func typed(_ text: String?) -> String {
    guard let text else { return "input ends" }
    return text.utf8.count <= 200 ? "types \"\(text)\"" : "types \(text.utf8.count + 1) bytes"
  }

  /// The peer's name and a colon, where its lane has several programs: elsewhere the lane says who it is.
  func peerName(_ peer: String) -> String {
    let host = run.script.peers.first { $0.name == peer }?.host
    let isAlone = run.script.peers.filter { $0.host == host }.count <= 1
    return isAlone && host != nil ? "" : "\(peer): "
  }

  /// Adds a row of the present event.
  mutating func add(
    _ text: String,
    _ kind: Scene.Kind,
    _ tone: Scene.Tone,
    level: UInt8 = 0,
    at time: Moment,
    lane: Int? = nil
  ) {
    scene.items.append(
      Scene.Item(
        time: time,
        kind: kind,
        text: text.shown,
        tone: tone,
        level: level,
        lane: kind.isAcross ? nil : lane,
        event: place
      )
    )
  }
}

extension String {
  /// The text as a picture shows it: without what could steer or hide, and not without end.
  ///
  /// The whole of it stays in the event's own members, which the page shows.
  var shown: String {
    let limit = 400
    guard unicodeScalars.count > limit else { return printable }
    var head = String.UnicodeScalarView()
    head.append(contentsOf: unicodeScalars.prefix(limit))
    return String(head).printable + "… (\(utf8.count) bytes in all)"
  }
}
