internal import Sockets
internal import Timeline

/// Where the laboratory's events go: to the front, in order of time, and into memory, for what the script waits for.
final class EventSink {
  /// Everything told so far, in the order in which it was told.
  private(set) var told: [Event] = []
  private var pending: [Event] = []
  private let output: CInt

  /// What the monotonic clock showed at moment zero.
  private(set) var origin: Int64

  init(output: CInt) {
    self.output = output
    origin = Clock.monotonic
  }

  /// The present moment.
  var now: Moment { Moment(nanoseconds: Clock.monotonic - origin) }

  /// Makes the present moment zero: what was noted before keeps its distance from it.
  func startClock() {
    let shift = Clock.monotonic - origin
    origin += shift
    for index in pending.indices { pending[index].time.nanoseconds -= shift }
  }

  /// Notes an event; it is told with the next ``flush()``.
  func note(_ event: Event) {
    pending.append(event)
  }

  /// Notes what happens now.
  func note(_ body: Event.Body, host: String? = nil, peer: String? = nil) {
    note(Event(time: now, host: host, peer: peer, body: body))
  }

  /// Notes the beginning, before everything that was noted so far.
  func begin(_ beginning: Beginning) {
    pending.insert(Event(time: pending.map(\.time).min() ?? .zero, body: .begin(beginning)), at: 0)
  }

  /// Tells what was noted, the earlier first.
  ///
  /// Fails when the front is gone.
  func flush() throws(SystemError) {
    guard !pending.isEmpty else { return }
    let ordered = pending.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
    pending = []
    var text = ""
    for (_, event) in ordered {
      told.append(event)
      text += event.line + "\n"
    }
    try FileIO.writeAll(Array(text.utf8), to: output)
  }
}
