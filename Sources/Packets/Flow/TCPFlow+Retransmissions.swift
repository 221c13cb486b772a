extension TCPFlow {
  /// Classifies a segment that begins before the last place sent, by ``FlowRules``.
  func classifyRetransmission(
    _ segment: TCPSegment,
    from sender: inout TCPSender,
    to peer: TCPSender,
    at time: Int64
  ) -> PacketKind {
    let sinceHeard = time - (peer.last?.time ?? time)
    if sinceHeard < rules.promptly, isKnownLost(segment, by: peer) { return .fastRetransmission }
    if isTailProbe(segment, from: sender, to: peer, at: time) {
      sender.tailProbed = true
      return .tailLossProbe
    }
    let sinceProgress = time - (sender.lastProgress ?? .min / 2)
    if sender.recoveryPoint != nil, sender.timeouts == 0, sinceProgress < rules.promptly {
      return .recoveryRetransmission
    }
    sender.timeouts += 1
    if sender.recoveryPoint == nil { sender.recoveryPoint = sender.next }
    let isBareFIN = segment.length == 0 && segment.flags.contains(.fin)
    return isBareFIN ? .finRetransmission(sender.timeouts) : .retransmission(sender.timeouts)
  }

  /// Whether the peer has shown that something sent after the segment has arrived.
  private func isKnownLost(_ segment: TCPSegment, by peer: TCPSender) -> Bool {
    peer.duplicateAcks >= 3 || peer.sackBlocks.contains { $0.start - segment.end >= 0 }
  }

  private func isTailProbe(
    _ segment: TCPSegment,
    from sender: TCPSender,
    to peer: TCPSender,
    at time: Int64
  ) -> Bool {
    guard segment.end == sender.next, !sender.tailProbed, sender.timeouts == 0, sender.recoveryPoint == nil,
      sender.mayUseSACK, peer.mayUseSACK
    else { return false }
    guard let wait = rules.longestTailWait(roundTrip: sender.roundTrip), let last = sender.lastTransmission else {
      return true
    }
    return time - last <= wait
  }

  /// Why the RST was sent: see RFC 9293, section 3.5.2, for the numbers in it.
  func resetReason(_ segment: TCPSegment, from sender: TCPSender, to peer: TCPSender) -> ResetReason {
    if segment.flags.contains(.ack) {
      if sender.syn == nil, let syn = peer.syn, !syn.flags.contains(.ack), segment.acknowledgment == syn.end {
        return .refused
      }
      if sender.keepaliveProbes > 0 { return .keepaliveGivesUp(probes: sender.keepaliveProbes) }
      let dataCame = peer.next.flatMap { next in peer.base.map { next - $0 > 1 } } ?? false
      return .aborted(dataCame: dataCame)
    }
    // Without ACK: its place is what the packet that it answers had acknowledged.
    let answered = peer.last?.kind.whenAnswered ?? .ack
    if sender.finEnd != nil, answered == .data || answered == .retransmission { return .closedAlready }
    return .unknownConnection(answers: answered)
  }
}

extension PacketKind {
  /// What a packet of this kind is called when an RST answers it.
  fileprivate var whenAnswered: ResetReason.Answered {
    switch self {
    case .synAck, .synAckRetransmission: .synAck
    case .data: .data
    case .fin: .fin
    case .keepaliveProbe: .keepaliveProbe
    case .zeroWindowProbe: .zeroWindowProbe
    case _ where isRetransmission: .retransmission
    default: .ack
    }
  }
}
