internal import Sockets
internal import Timeline

/// A host that is a machine of its own and is on, as the runner sees it: the line to its agent, and what came over it.
final class RemoteHost {
  private let line: SharedDescriptor
  private var lines = LineSplitter(longestLine: .max)
  private var table = SocketTable()
  /// What has to be added to the machine's clock to get this machine's, in nanoseconds; `nil` before it was asked.
  private var offset: Int64?
  /// What the machine's clock showed at moment zero of its events.
  private var agentOrigin: Int64 = 0
  /// Whether its agent listens.
  private(set) var isListening = false
  /// How often it has said what its clock shows.
  private(set) var answers = 0
  /// Whether it has rehearsed.
  private(set) var hasRehearsed = false
  /// Whether the machine has been shut down in order.
  private(set) var isDown = false
  /// Whether nothing more can come from it.
  private(set) var hasHungUp = false
  /// Why the machine cannot go on, as its agent says.
  private(set) var failure: String?

  /// A machine that has just been switched on, at the end of `line`.
  init(_ line: SharedDescriptor) {
    self.line = line
    FileIO.setNonBlocking(line.rawValue)
  }

  /// What to poll for it.
  var descriptor: CInt { line.rawValue }

  /// Whether its agent has answered, so that its events have their place in time.
  var isReady: Bool { offset != nil }

  /// The machine's sockets as its agent saw them last.
  var sockets: [SocketSample] { table.entries.map(\.sample) }

  /// Gives the agent an order.
  func order(_ order: AgentOrder) throws(SystemError) {
    try FileIO.writePatiently(Array((order.line + "\n").utf8), to: line.rawValue)
  }

  /// The events that came since the last call, their moments those of the run that began at `start`.
  func read(start: Int64) -> [Event] {
    var events: [Event] = []
    while true {
      switch try? FileIO.read(line.rawValue) {
      case .bytes(let bytes): for text in lines.take(bytes) { take(text, start, &events) }
      case .wouldBlock: return events
      case .end, nil:
        hasHungUp = true
        return events
      }
    }
  }

  private func take(_ text: String, _ start: Int64, _ events: inout [Event]) {
    let now = Clock.monotonic
    switch AgentAnswer(line: text) {
    case .clock(let clock, let agentOrigin):
      self.agentOrigin = agentOrigin
      answers += 1
      // The answer took some time to come, so the offset is too large by that: the least of several is the best, and no
      // event seems to be earlier than it was.
      offset = min(offset ?? .max, now - clock)
    case .listening: isListening = true
    case .hasRehearsed: hasRehearsed = true
    case .isDown: isDown = true
    case .failed(let reason): failure = reason
    case nil:
      guard let offset, var event = try? Event(line: text) else { return }
      let moment = event.time.nanoseconds + agentOrigin + offset - start
      event.time = Moment(nanoseconds: min(moment, now - start))
      table.apply(event)
      events.append(event)
    }
  }

  /// The machine is dead, and its sockets are no more.
  func forgetAll() -> [Event.Body] {
    defer { table = SocketTable() }
    return sockets.map { .socketGone($0) }
  }
}
