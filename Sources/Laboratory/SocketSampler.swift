internal import Netlink
internal import Sockets
internal import Timeline
internal import Tracing

/// Watches the TCP sockets of one host: asks sock_diag when something happened, and tells only what changed.
///
/// It is rung by a packet on the host's links, by the kernel's notice that a socket was destroyed, by the laboratory
/// (a peer spoke, a fault came into force), and by its own clock when a timer that the kernel showed should have
/// expired. It never polls while nothing is due.
final class SocketSampler {
  private let diagnostics: SocketDiagnostics
  private(set) var known: [Pair: SocketSample] = [:]
  /// What the tracepoints say of the same sockets, where they can be read.
  private var traced = TracedSockets()
  /// The ends of each socket that was seen, by its cookie, until it is destroyed.
  private var namesByCookie: [Int64: Pair] = [:]
  private var lastSample: Int64 = .min
  /// What the last samples cost, in nanoseconds of processor time: one that had to wait for a processor must not make the
  /// next one late.
  private var costs: [Int64] = []
  /// When the next sample is due, by the monotonic clock; `nil` if nothing is expected.
  private(set) var due: Int64?

  /// A connection's name for as long as the lab knows it: a socket that becomes a TIME_WAIT mini socket gets another
  /// cookie there, but keeps its addresses.
  struct Pair: Hashable {
    var local: String
    var remote: String
  }

  /// Something to tell; without a time, which only a destruction may have, it is told as of now.
  struct News {
    var time: Int64?
    var body: Event.Body
  }

  /// A timer that shows 0 waits for its bucket of the timer wheel: so often is it looked at meanwhile, at most.
  private static let overdueStep: Int64 = 5_000_000
  /// Whether a packet of a host rings: what retransmits or probes is then seen without looking.
  var hearsPackets = false
  /// Whether the tracepoints ring when a socket changes its state or retransmits.
  var hearsStates = false
  /// How many times as long as a timer has been overdue the next look waits.
  ///
  /// Coarse buckets of the wheel make long timers seconds late, and a look costs.
  private var overduePatience: Int64 { hearsPackets ? 7 : 1 }
  /// Since when a timer has shown 0, by the monotonic clock; `nil` if none does.
  private var overdueSince: Int64?
  /// Nothing but a packet or an end comes of a timer that takes so long.
  private static let longTimer: Int64 = 2_000_000_000
  /// Two samples are never closer than this, nor than twenty times what one costs.
  private static let shortestStep: Int64 = 1_000_000
  /// How many samples tell what one costs.
  ///
  /// The cheapest of them does: the first ones, and those on a busy machine, take many times as long.
  private static let costMemory = 16

  init(_ diagnostics: SocketDiagnostics) {
    self.diagnostics = diagnostics
  }

  /// The descriptor that rings.
  var descriptor: CInt { diagnostics.descriptor }

  private var cost: Int64 { costs.min() ?? 0 }

  /// Every socket as it was last seen, in the order of its addresses.
  var sockets: [SocketSample] {
    known.values.sorted { ($0.local, $0.remote) < ($1.local, $1.remote) }
  }

  /// Something happened that may have changed a socket.
  func ring(at now: Int64) {
    let earliest = max(now, lastSample + max(SocketSampler.shortestStep, cost * 20))
    due = min(due ?? .max, earliest)
  }

  /// Empties the descriptor that has rung, and tells which connections' sockets were destroyed.
  func takeDeaths() -> [News] {
    diagnostics.readDestroyed().compactMap { death in
      // The kernel clears the addresses of a socket that was reset, or never connected, before it destroys it.
      let pair = namesByCookie.removeValue(forKey: death.cookie) ?? Pair(local: death.local, remote: death.remote)
      guard SocketSample.port(of: pair.remote) != 0 else { return nil }
      var death = death
      (death.local, death.remote) = (pair.local, pair.remote)
      return News(time: traced.takeDestruction(of: death.cookie), body: .destroyed(death))
    }
  }

  /// Takes in what a tracepoint said of a socket of this host.
  func take(_ record: TraceRecord) -> [News] {
    ring(at: Clock.monotonic)
    return traced.take(record, known: &known)
  }

  /// Asks the kernel, and returns what has changed since the last time.
  ///
  /// - Parameter catchUp: Takes in what the tracepoints have said until now, so that no sample is told which a later state
  ///   has overtaken; nothing where there are none.
  func sample(now: () -> Int64, catchUp: () -> Void = {}) throws(SystemError) -> [News] {
    let start = now()
    let computed = Clock.processorTime
    // One that is closed already is being taken apart, and has lost its port.
    var sockets = try diagnostics.sockets().filter { $0.state != .closed }
    let end = now()
    let lastLook = lastSample
    lastSample = end
    if costs.count == SocketSampler.costMemory { costs.removeFirst() }
    costs.append(Clock.processorTime - computed)
    due = nil
    let isOverdue = sockets.contains { $0.timer?.expiresInMilliseconds == 0 }
    overdueSince = isOverdue ? overdueSince ?? end : nil
    // What the tracepoints told before `end` is known then, and what they tell later comes after the sample.
    catchUp()
    if traced.correct(&sockets, takenFrom: start) { ring(at: end) }
    var current: [Pair: SocketSample] = [:]
    for socket in sockets { current[Pair(local: socket.local, remote: socket.remote)] = socket }
    var changes: [News] = []
    for socket in sockets {
      let pair = Pair(local: socket.local, remote: socket.remote)
      if known[pair].map({ !$0.looksLike(socket) }) ?? true {
        changes += traced.name(socket)
        changes.append(News(time: traced.timeOfSmallSocket(socket, known[pair]) ?? end, body: .socket(socket)))
      }
      if socket.state != .listen { namesByCookie[socket.cookie] = pair }
      expect(socket, at: end)
    }
    for var gone in self.sockets {
      let pair = Pair(local: gone.local, remote: gone.remote)
      guard current[pair] == nil else { continue }
      // A state that came in after the sample belongs to a socket that is newer than it.
      if traced.isNewer(pair, than: start) {
        current[pair] = gone
        continue
      }
      let closed = traced.timeOfEnd(pair)
      if closed == nil, lastLook > .min { gone.unseen = max(0, end - lastLook) }
      changes.append(News(time: closed ?? end, body: .socketGone(gone)))
    }
    traced.forgetEnds(before: start)
    known = current
    return changes
  }

  /// The host is dead: its sockets are no more.
  func forgetAll() -> [Event.Body] {
    defer { known = [:] }
    traced = TracedSockets()
    due = nil
    return sockets.map { .socketGone($0) }
  }

  /// Destroys every socket of a dead host, so that no orphan keeps its network namespace.
  func destroyAll() {
    try? diagnostics.destroyAll()
  }

  /// Lets a look come when the socket's timer should have done something.
  private func expect(_ socket: SocketSample, at now: Int64) {
    guard let timer = socket.timer else { return }
    var wait = timer.expiresInMilliseconds * 1_000_000 + 1_000_000
    // The wheel lets a timer expire up to an eighth late (kernel/time/timer.c). Where all that it may do rings, nothing is
    // to be seen before. In silence expire those of connection requests and of TIME_WAIT, and that of a stack which
    // refuses its own packets: half a second (`TCP_RESOURCE_PROBE_INTERVAL`).
    let isSilent = timer.kind == .timeWait || socket.state == .synReceived || wait < SocketSampler.longTimer
    if hearsPackets, hearsStates, !isSilent { wait += wait / 8 }
    if timer.expiresInMilliseconds <= 0 {
      wait = max(SocketSampler.overdueStep, cost * 20)
      // What retransmits or probes rings by its packet, and what dies by the kernel's notice, so a look is only a second
      // chance, and may come later the longer it was in vain. Nothing rings when TIME_WAIT is over.
      if timer.kind != .timeWait, let overdueSince { wait = max(wait, (now - overdueSince) * overduePatience) }
    }
    due = min(due ?? .max, now + wait)
  }
}

extension EventSink {
  /// Tells what a sampler has found of a host's sockets.
  func note(_ news: [SocketSampler.News], host: String) {
    for item in news {
      let moment = item.time.map { Moment(nanoseconds: $0 - origin) } ?? now
      note(Event(time: moment, host: host, body: item.body))
    }
  }
}

extension SocketSample {
  /// Whether nothing differs that a reader would call a change; a timer's countdown is none.
  fileprivate func looksLike(_ other: SocketSample) -> Bool {
    cookie == other.cookie && state == other.state && timer?.kind == other.timer?.kind
      && timer?.count == other.timer?.count && receiveQueue == other.receiveQueue && sendQueue == other.sendQueue
      && retransmits == other.retransmits && probes == other.probes && backoff == other.backoff
      && totalRetransmissions == other.totalRetransmissions
  }
}
