/// What the wire has shown of one end of a connection as a sender.
struct TCPSender: Sendable {
  /// The place that relative sequence numbers count from: the SYN's, or one before the first place seen.
  private(set) var base: SequenceNumber?
  /// The SYN, if it was seen.
  private(set) var syn: TCPSegment?
  /// How often that SYN was seen.
  var synCount = 0
  /// The place behind everything that it has sent (SND.NXT).
  private(set) var next: SequenceNumber?
  /// The place behind its FIN, if that was seen.
  var finEnd: SequenceNumber?
  /// The highest place of the peer's that it has acknowledged.
  private(set) var acknowledged: SequenceNumber?
  /// The window in its last segment, as it stood there.
  var rawWindow: UInt16?

  /// Retransmissions by timeout since the peer acknowledged something new.
  var timeouts = 0
  /// Whether a tail loss probe was sent since then.
  var tailProbed = false
  /// Up to where a timeout makes its sender go back: SND.NXT when it came.
  var recoveryPoint: SequenceNumber?
  /// Keepalive probes since the peer was last heard.
  var keepaliveProbes = 0
  /// Zero-window probes since the peer closed its window.
  var zeroWindowProbes = 0
  /// ACKs of the same place in a row.
  var duplicateAcks = 0
  /// What its last ACK reported as received beyond a hole.
  var sackBlocks: [TCPOption.SACKBlock] = []

  /// What its last packet was, and when.
  var last: (kind: PacketKind, time: Int64)?
  /// When it last sent something that takes up sequence numbers.
  var lastTransmission: Int64?
  /// When the peer last acknowledged something new.
  var lastProgress: Int64?
  /// A segment sent once whose acknowledgment will tell the round-trip time.
  private var timed: (end: SequenceNumber, time: Int64)?
  /// The smoothed round-trip time in nanoseconds, as RFC 6298 computes it.
  private(set) var roundTrip: Int64?

  /// Notes its SYN.
  mutating func begin(with syn: TCPSegment) {
    self.syn = syn
    base = syn.sequence
    synCount = 1
    next = syn.end
  }

  /// Notes a place of its stream that is seen before its SYN was: what is there counts as 1.
  mutating func beginInMidstream(at place: SequenceNumber) {
    guard base == nil else { return }
    base = place + -1
    next = place
  }

  /// Notes that it has sent everything before `place`.
  mutating func advance(to place: SequenceNumber) {
    if let next, place - next <= 0 { return }
    next = place
  }

  /// Whether selective acknowledgments may be used, as far as its SYN tells: needed for tail loss probes.
  var mayUseSACK: Bool { syn?.options.contains(.sackPermitted) ?? true }

  /// Notes that a segment of new data was sent.
  mutating func time(_ end: SequenceNumber, at now: Int64) {
    if timed == nil { timed = (end, now) }
  }

  /// Notes that something was retransmitted: its acknowledgment tells no round-trip time (Karn's rule).
  mutating func stopTiming() {
    timed = nil
  }

  /// Notes what it acknowledges, and returns whether that is something new.
  mutating func acknowledge(_ place: SequenceNumber) -> Bool {
    if let acknowledged, place - acknowledged <= 0 { return false }
    acknowledged = place
    return true
  }

  /// The peer has acknowledged everything before `place`, for the first time.
  mutating func progress(to place: SequenceNumber, at now: Int64) {
    timeouts = 0
    tailProbed = false
    lastProgress = now
    if let point = recoveryPoint, place - point >= 0 { recoveryPoint = nil }
    if let (end, start) = timed, place - end >= 0 {
      let sample = now - start
      roundTrip = roundTrip.map { $0 + (sample - $0) / 8 } ?? sample
      timed = nil
    }
  }
}
