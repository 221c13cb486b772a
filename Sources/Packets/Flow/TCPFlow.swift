/// One connection as the wire has shown it so far.
struct TCPFlow {
  /// The end that is ``FlowKey/first``.
  var first = TCPSender()
  /// The other end.
  var second = TCPSender()
  /// Whether it was reset.
  var isReset = false
  /// Whether an older connection of the same ends was known when its SYN came.
  var isSuccessor = false
  /// What tells timeouts from quicker repetitions.
  var rules: FlowRules

  /// What is known of a packet besides its kind.
  struct Numbers {
    var sequence: Int?
    var acknowledgment: Int?
    var window: Int
    var windowIsScaled: Bool
    var sackBlocks: [Range<Int>] = []
  }

  /// Takes in a segment, and tells what it is.
  mutating func observe(_ segment: TCPSegment, fromFirst: Bool, at time: Int64) -> (PacketKind, Numbers) {
    if startsAnew(segment, fromFirst: fromFirst) { self = TCPFlow(isSuccessor: true, rules: rules) }
    var (sender, peer) = fromFirst ? (first, second) : (second, first)
    let kind = take(segment, from: &sender, to: &peer, at: time)
    (first, second) = fromFirst ? (sender, peer) : (peer, sender)
    let numbers = numbers(of: segment, from: sender, to: peer)
    return (kind, numbers)
  }

  /// Whether the segment is the SYN of another connection than the one known.
  private func startsAnew(_ segment: TCPSegment, fromFirst: Bool) -> Bool {
    guard segment.flags.contains(.syn), !segment.flags.contains(.rst), !segment.flags.contains(.ack) else {
      return false
    }
    let sender = fromFirst ? first : second
    guard let base = sender.base else { return isReset }
    return isReset || sender.syn == nil || base != segment.sequence
  }

  private mutating func take(
    _ segment: TCPSegment,
    from sender: inout TCPSender,
    to peer: inout TCPSender,
    at time: Int64
  ) -> PacketKind {
    if segment.flags.contains(.rst) {
      let kind = PacketKind.reset(resetReason(segment, from: sender, to: peer))
      sender.last = (kind, time)
      isReset = true
      return kind
    }
    let kind = classify(segment, from: &sender, to: peer, at: time)
    // What a challenge says may be about an older connection.
    if kind == .challengeAck {
      sender.last = (kind, time)
      return kind
    }
    note(segment, of: kind, from: &sender, to: &peer, at: time)
    return kind
  }

  private func classify(
    _ segment: TCPSegment,
    from sender: inout TCPSender,
    to peer: TCPSender,
    at time: Int64
  ) -> PacketKind {
    if segment.flags.contains(.syn) { return classifySYN(segment, from: &sender) }
    if segment.sequenceLength == 0, contradicts(peer, from: sender, at: time) { return .challengeAck }
    guard let next = sender.next else {
      sender.beginInMidstream(at: segment.sequence)
      return segment.sequenceLength > 0 ? new(segment) : .ack
    }
    if segment.sequenceLength == 0 { return classifyAck(segment, from: &sender, to: peer) }
    let isOneByte = segment.length == 1 && segment.sequenceLength == 1
    // Other systems than Linux probe with a byte: a new one into a closed window, or an old one to keep alive.
    if isOneByte, segment.sequence == next, peer.rawWindow == 0, peer.acknowledged == next {
      return probe(from: &sender, to: peer)
    }
    if isOneByte, segment.end == next, peer.acknowledged == next { return probe(from: &sender, to: peer) }
    if segment.sequence - next >= 0 { return new(segment) }
    return classifyRetransmission(segment, from: &sender, to: peer, at: time)
  }

  private func new(_ segment: TCPSegment) -> PacketKind {
    segment.flags.contains(.fin) ? .fin : .data
  }

  private func classifySYN(_ segment: TCPSegment, from sender: inout TCPSender) -> PacketKind {
    let isAnswer = segment.flags.contains(.ack)
    if let syn = sender.syn, syn.sequence == segment.sequence, syn.flags.contains(.ack) == isAnswer {
      sender.synCount += 1
      let again = sender.synCount - 1
      return isAnswer ? .synAckRetransmission(again) : .synRetransmission(again)
    }
    sender.begin(with: segment)
    return isAnswer ? .synAck : .syn
  }

  /// A probe: what it probes depends on the window that the peer has announced.
  func probe(from sender: inout TCPSender, to peer: TCPSender) -> PacketKind {
    if peer.rawWindow == 0 {
      sender.zeroWindowProbes += 1
      return .zeroWindowProbe(sender.zeroWindowProbes)
    }
    sender.keepaliveProbes += 1
    return .keepaliveProbe(sender.keepaliveProbes)
  }

  /// Notes what the segment, once classified, tells of both ends.
  private func note(
    _ segment: TCPSegment,
    of kind: PacketKind,
    from sender: inout TCPSender,
    to peer: inout TCPSender,
    at time: Int64
  ) {
    switch kind {
    case .keepaliveProbe, .zeroWindowProbe: break
    default:
      if segment.sequenceLength > 0 {
        sender.lastTransmission = time
        sender.advance(to: segment.end)
        if kind.isRetransmission { sender.stopTiming() } else { sender.time(segment.end, at: time) }
      }
    }
    if segment.flags.contains(.fin) { sender.finEnd = segment.end }
    if segment.flags.contains(.ack) {
      peer.beginInMidstream(at: segment.acknowledgment)
      if sender.acknowledge(segment.acknowledgment) {
        sender.duplicateAcks = 0
        peer.advance(to: segment.acknowledgment)
        peer.progress(to: segment.acknowledgment, at: time)
      }
    }
    if case .duplicateAck(let count) = kind { sender.duplicateAcks = count }
    sender.sackBlocks = segment.sackBlocks
    sender.rawWindow = segment.window
    sender.last = (kind, time)
    peer.keepaliveProbes = 0
    if segment.window != 0 { peer.zeroWindowProbes = 0 }
  }

  private func numbers(of segment: TCPSegment, from sender: TCPSender, to peer: TCPSender) -> Numbers {
    let scaled = scale(segment, from: sender, to: peer)
    var numbers = Numbers(
      sequence: sender.base.map { segment.sequence - $0 },
      window: scaled.window,
      windowIsScaled: scaled.isKnown
    )
    if let base = peer.base {
      if segment.flags.contains(.ack) { numbers.acknowledgment = segment.acknowledgment - base }
      numbers.sackBlocks = segment.sackBlocks.compactMap { block in
        let (start, end) = (block.start - base, block.end - base)
        return start <= end ? start..<end : nil
      }
    }
    // An RST without ACK answers a segment that acknowledged this very place.
    if numbers.sequence == nil, let place = peer.acknowledged, segment.sequence == place { numbers.sequence = 1 }
    return numbers
  }

  private func scale(
    _ segment: TCPSegment,
    from sender: TCPSender,
    to peer: TCPSender
  ) -> (window: Int, isKnown: Bool) {
    // The window of a SYN is never scaled; the others are if both SYNs offered it (RFC 7323, section 2.2).
    if segment.flags.contains(.syn) { return (Int(segment.window), true) }
    guard let own = sender.syn, let other = peer.syn else { return (Int(segment.window), false) }
    guard let shift = own.windowScale, other.windowScale != nil else { return (Int(segment.window), true) }
    return (Int(segment.window) << Int(shift), true)
  }
}
