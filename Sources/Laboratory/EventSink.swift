internal import Sockets
internal import Timeline

/// Where the laboratory's events go: to the front, in order of time, and into memory, for what the script waits for.
final class EventSink {
  /// Everything told so far, in the order in which it was told.
  private(set) var told: [Event] = []
  private var pending: [Event] = []
  /// Told here, and not yet to the front: an earlier packet's event is still to come.
  private var held: [Event] = []
  /// From when on events are held back from the front, which so gets them in order of time; `nil` for never.
  var heldFrom: Moment?
  /// The moment of the last event that says a deed of the script was done.
  private(set) var lastDeed = Moment.zero
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

  /// Moves what was noted so far to the present moment: it was done in preparation, long before the lab.
  func forgetTimes() {
    let now = now
    for index in pending.indices { pending[index].time = now }
  }

  /// Notes an event; it is told with the next ``flush()``.
  func note(_ event: Event) {
    switch event.body {
    case .fault, .started, .input: lastDeed = event.time
    default: break
    }
    pending.append(event)
  }

  /// Notes what happens now.
  func note(_ body: Event.Body, host: String? = nil, peer: String? = nil) {
    note(Event(time: now, host: host, peer: peer, body: body))
  }

  /// Notes a packet, for the front only: nothing in a script waits for packets.
  func notePacket(_ event: Event) {
    held.append(event)
  }

  /// Notes the beginning, before everything that was noted so far.
  func begin(_ beginning: Beginning) {
    pending.insert(Event(time: pending.map(\.time).min() ?? .zero, body: .begin(beginning)), at: 0)
  }

  /// Tells what was noted, the earlier first.
  ///
  /// Fails when the front is gone.
  func flush() throws(SystemError) {
    let ordered = EventSink.ordered(pending)
    pending = []
    told += ordered
    held += ordered
    guard !held.isEmpty else { return }
    held = EventSink.ordered(held)
    let count = heldFrom.flatMap { limit in held.firstIndex { $0.time >= limit } } ?? held.count
    guard count > 0 else { return }
    var lines: [UInt8] = []
    for event in held[..<count] { lines += event.lineBytes }
    held.removeFirst(count)
    try FileIO.writeAll(lines, to: output)
  }

  private static func ordered(_ events: [Event]) -> [Event] {
    events.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }.map(\.element)
  }
}
