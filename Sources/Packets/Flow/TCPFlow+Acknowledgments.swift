extension TCPFlow {
  /// Classifies a segment without data, SYN, FIN and RST.
  func classifyAck(_ segment: TCPSegment, from sender: inout TCPSender, to peer: TCPSender) -> PacketKind {
    guard let next = sender.next else { return .ack }
    if segment.sequence == next + -1 || segment.sequence + 1 == peer.acknowledged {
      return probe(from: &sender, to: peer)
    }
    if sender.syn?.flags.contains(.ack) == false, sender.acknowledged == nil { return .handshakeAck }
    guard let before = sender.acknowledged else { return segment.window == 0 ? .zeroWindow : .ack }
    if segment.acknowledgment - before > 0 { return segment.window == 0 ? .zeroWindow : .ack }
    if segment.acknowledgment != before { return .ackAgain }
    return classifyRepeatedAck(segment, from: sender, to: peer)
  }

  /// Whether the peer has just said something that does not fit the connection that the sender knows.
  func contradicts(_ peer: TCPSender, from sender: TCPSender, at time: Int64) -> Bool {
    guard let last = peer.last, time - last.time < rules.promptly else { return false }
    return switch last.kind {
    case .reset: true
    case .syn, .synRetransmission: isSuccessor && sender.syn == nil
    default: false
    }
  }

  /// Classifies an ACK of the same place as the last one.
  private func classifyRepeatedAck(_ segment: TCPSegment, from sender: TCPSender, to peer: TCPSender) -> PacketKind {
    if segment.window != 0, sender.rawWindow == 0 { return .windowUpdate(opens: true) }
    let peerSpokeLast = (peer.last?.time ?? .min) >= (sender.last?.time ?? .min)
    switch peer.last?.kind {
    case .keepaliveProbe where peerSpokeLast: return .keepaliveAnswer
    case .zeroWindowProbe where peerSpokeLast: return segment.window == 0 ? .zeroWindowAnswer : .ackAgain
    default: break
    }
    if segment.window == 0, sender.rawWindow != 0 { return .zeroWindow }
    if let block = segment.sackBlocks.first, block.start - segment.acknowledgment < 0 { return .duplicateReported }
    let isBehind = peer.next.map { $0 - segment.acknowledgment > 0 } ?? false
    if !segment.sackBlocks.isEmpty || isBehind && segment.window == sender.rawWindow {
      return .duplicateAck(sender.duplicateAcks + 1)
    }
    // A SYN's window is not scaled: it cannot be compared with a later one.
    if let raw = sender.rawWindow, segment.window > raw, sender.last.map({ !$0.kind.isSYN }) ?? true {
      return .windowUpdate(opens: false)
    }
    return .ackAgain
  }
}

extension PacketKind {
  fileprivate var isSYN: Bool {
    switch self {
    case .syn, .synRetransmission, .synAck, .synAckRetransmission: true
    default: false
    }
  }
}
