internal import Sockets
internal import Timeline
internal import Tracing

/// What the tracepoints say of one host's sockets, and how it goes together with what sock_diag shows of them.
///
/// A tracepoint knows the moment, and no timer; a sample has everything, and comes some milliseconds later. Where both
/// speak of a state, the tracepoint is right.
struct TracedSockets {
  typealias Pair = SocketSampler.Pair
  typealias News = SocketSampler.News

  /// The state of each socket that changed it, and since when.
  private var states: [Pair: (state: TCPState, since: Int64)] = [:]
  /// When a socket was closed that a small one may follow, or of which a sample may still tell.
  private var ends: [Pair: Int64] = [:]
  /// Sockets that begin to connect before the kernel has chosen their port: told when it is known.
  private var unnamed: [UInt64: TraceRecord] = [:]
  /// When a socket was destroyed, by its cookie.
  private var destructions: [Int64: Int64] = [:]

  /// Takes in a record, and brings what is known of the sockets up to date.
  mutating func take(_ record: TraceRecord, known: inout [Pair: SocketSample]) -> [News] {
    let pair = Pair(local: record.local, remote: record.remote)
    switch record.event {
    case .state(let from, let to): return take(from, to, record, pair, &known)
    case .retransmission(let state, let refused):
      let reason = refused.map { $0 < 0 ? Errno(rawValue: Int32(clamping: -$0)).name : "queue" }
      let resending = Resending(local: record.local, remote: record.remote, state: state, refused: reason)
      return [News(time: record.time, body: .resending(resending))]
    case .retransmittedSynAck:
      let resending = Resending(local: record.local, remote: record.remote, state: .synReceived)
      return [News(time: record.time, body: .resending(resending))]
    case .sentReset(let state, let reason):
      let reset = ResetEvent(
        direction: .out,
        local: record.local,
        remote: record.remote,
        state: state,
        reason: reason
      )
      return [News(time: record.time, body: .reset(reset))]
    case .receivedReset:
      let reset = ResetEvent(direction: .in, local: record.local, remote: record.remote, state: states[pair]?.state)
      return [News(time: record.time, body: .reset(reset))]
    case .destroyed(let cookie):
      unnamed[record.socket] = nil
      if let cookie { destructions[cookie] = record.time }
      return []
    }
  }

  private mutating func take(
    _ from: TCPState,
    _ to: TCPState,
    _ record: TraceRecord,
    _ pair: Pair,
    _ known: inout [Pair: SocketSample]
  ) -> [News] {
    if SocketSample.port(of: record.local) == 0 {
      unnamed[record.socket] = to == .synSent ? record : nil
      return []
    }
    // A listener's copy that has not been given the addresses of its connection yet: its next state comes with them.
    if to == .synReceived, SocketSample.port(of: record.remote) == 0 { return [] }
    var news: [News] = []
    if let earlier = unnamed.removeValue(forKey: record.socket) { news.append(TracedSockets.beginning(earlier, pair)) }
    let change = StateChange(local: pair.local, remote: pair.remote, from: from, to: to)
    news.append(News(time: record.time, body: .stateChange(change)))
    guard to == .closed else {
      states[pair] = (to, record.time)
      ends[pair] = nil
      let nameless = SocketSample(cookie: 0, local: pair.local, remote: pair.remote, state: to)
      known[pair, default: nameless].state = to
      return news
    }
    states[pair] = nil
    ends[pair] = record.time
    // From these two a small socket takes over (`tcp_time_wait`), which no tracepoint shows; the next sample does.
    guard from != .finWait2, from != .closing else { return news }
    var last =
      known.removeValue(forKey: pair) ?? SocketSample(cookie: 0, local: pair.local, remote: pair.remote, state: from)
    last.state = from
    news.append(News(time: record.time, body: .socketGone(last)))
    return news
  }

  /// The first state of a socket whose port has come to be known.
  private static func beginning(_ record: TraceRecord, _ pair: Pair) -> News {
    let change = StateChange(local: pair.local, remote: pair.remote, from: .closed, to: .synSent)
    return News(time: record.time, body: .stateChange(change))
  }

  /// Tells the first state of a socket that a sample shows, if it was waiting for its port.
  mutating func name(_ sample: SocketSample) -> [News] {
    guard sample.state == .synSent else { return [] }
    let candidates = unnamed.values.filter { $0.remote == sample.remote }
    // Of two to the same place nobody knows which is which before they say so themselves.
    guard candidates.count == 1, let record = candidates.first else { return [] }
    unnamed[record.socket] = nil
    return [TracedSockets.beginning(record, Pair(local: sample.local, remote: sample.remote))]
  }

  /// Corrects samples that were taken from the moment `start` on by what is known now.
  ///
  /// Returns whether another sample is needed, since one was overtaken.
  func correct(_ sockets: inout [SocketSample], takenFrom start: Int64) -> Bool {
    var isOvertaken = false
    sockets = sockets.compactMap { socket in
      let pair = Pair(local: socket.local, remote: socket.remote)
      if socket.isSmall { return socket }
      if let end = ends[pair], end >= start {
        isOvertaken = true
        return nil
      }
      guard let (state, _) = states[pair], state.name != socket.state.name else { return socket }
      isOvertaken = true
      var corrected = socket
      corrected.state = state
      return corrected
    }
    return isOvertaken
  }

  /// When the small socket of this sample took its place, if it did just now.
  func timeOfSmallSocket(_ socket: SocketSample, _ before: SocketSample?) -> Int64? {
    guard socket.isSmall, before?.isSmall != true else { return nil }
    return ends[Pair(local: socket.local, remote: socket.remote)]
  }

  /// When a socket was closed that is gone now; `nil` if no tracepoint said so.
  func timeOfEnd(_ pair: Pair) -> Int64? { ends[pair] }

  /// Whether a tracepoint told of the socket after a sample that was begun at `start`, which does not show it.
  func isNewer(_ pair: Pair, than start: Int64) -> Bool { states[pair].map { $0.since >= start } ?? false }

  /// Forgets what every sample from now on has taken in.
  mutating func forgetEnds(before start: Int64) { ends = ends.filter { $0.value >= start } }

  /// When the socket with this cookie was destroyed, once.
  mutating func takeDestruction(of cookie: Int64) -> Int64? { destructions.removeValue(forKey: cookie) }
}

extension SocketSample {
  /// Whether it is one of the small sockets that the kernel keeps for TIME_WAIT and a closed program's FIN_WAIT_2.
  fileprivate var isSmall: Bool { timer?.kind == .timeWait }
}
