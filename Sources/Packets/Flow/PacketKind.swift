/// What a packet is in the course of its connection.
public enum PacketKind: Hashable, Sendable {
  /// The first SYN of a connection.
  case syn
  /// The same SYN again, for the n-th time.
  case synRetransmission(Int)
  /// The first SYN-ACK.
  case synAck
  /// The same SYN-ACK again, for the n-th time: by the timer, or since the SYN came again.
  case synAckRetransmission(Int)
  /// The client's ACK that ends the handshake.
  case handshakeAck
  /// New data.
  case data
  /// New data whose sender has nothing more to say, or (without data) only that.
  case fin
  /// An ACK of something new.
  case ack
  /// An ACK that says nothing new.
  case ackAgain
  /// The n-th ACK in a row of the same place while later data are on the way: something is missing there.
  case duplicateAck(Int)
  /// An ACK that reports data as received twice (RFC 2883).
  case duplicateReported
  /// The receiver has no room left.
  case zeroWindow
  /// The receiver has more room, and (`opens`) had none.
  case windowUpdate(opens: Bool)
  /// The last segment once more before the retransmission timeout (RFC 8985, section 7).
  case tailLossProbe
  /// The n-th retransmission by timeout since something new was acknowledged.
  case retransmission(Int)
  /// A retransmission since later data were acknowledged (RFC 5681, RFC 6675).
  case fastRetransmission
  /// A retransmission after a timeout whose own retransmission was acknowledged: what else had been lost.
  case recoveryRetransmission
  /// The n-th retransmission by timeout of a bare FIN.
  case finRetransmission(Int)
  /// The n-th keepalive probe since the peer was last heard.
  case keepaliveProbe(Int)
  /// The answer to a keepalive probe.
  case keepaliveAnswer
  /// The n-th zero-window probe since the window closed.
  case zeroWindowProbe(Int)
  /// The answer to a zero-window probe: still closed.
  case zeroWindowAnswer
  /// An ACK that contradicts a SYN or RST which does not fit the connection (RFC 5961).
  case challengeAck
  /// An RST, and what it answers.
  case reset(ResetReason)
  /// The n-th ARP request or neighbour solicitation in a row without an answer.
  case addressRequest(Int)
  /// Its answer.
  case addressReply
  /// A host announces its own address.
  case addressAnnouncement
  /// An ICMP error.
  case icmpError
  /// Anything else.
  case other
}

/// Why an RST was sent, as far as the wire shows it.
public enum ResetReason: Hashable, Sendable {
  /// It answers a SYN: nobody listens on that port (or a firewall pretends so).
  case refused
  /// It answers this packet of a connection that its sender does not know (any more).
  case unknownConnection(answers: Answered)
  /// It answers data that came after the program had closed the socket.
  case closedAlready
  /// The sender gives the connection up after so many unanswered keepalive probes.
  case keepaliveGivesUp(probes: Int)
  /// The sender aborts the connection: closed with SO_LINGER 0, destroyed, or (if `dataCame`) perhaps closed with data
  /// that its program had not read. The wire does not tell these apart.
  case aborted(dataCame: Bool)

  /// Kinds of packets that an RST answers.
  public enum Answered: String, Hashable, Sendable {
    case synAck = "the SYN-ACK"
    case data = "data"
    case retransmission = "a retransmission"
    case fin = "the FIN"
    case keepaliveProbe = "a keepalive probe"
    case zeroWindowProbe = "a zero-window probe"
    case ack = "an ACK"
  }

  /// The reason in words.
  public var text: String {
    switch self {
    case .refused: "nobody listens on that port"
    case .unknownConnection(let answered): "knows no such connection, answers \(answered.rawValue)"
    case .closedAlready: "closed already, answers data"
    case .keepaliveGivesUp(let probes): "gives up after \(probes) keepalive probe\(probes == 1 ? "" : "s")"
    case .aborted(let dataCame): dataCame ? "aborts the connection, perhaps with unread data" : "aborts the connection"
    }
  }
}

extension PacketKind {
  /// The kind in a few words: `retransmission 9`, `keepalive probe 2`.
  public var phrase: String {
    switch self {
    case .syn: "SYN"
    case .synRetransmission(let count): "SYN retransmission \(count)"
    case .synAck: "SYN-ACK"
    case .synAckRetransmission(let count): "SYN-ACK retransmission \(count)"
    case .handshakeAck: "handshake done"
    case .data: "data"
    case .fin: "FIN"
    case .ack: "ACK"
    case .ackAgain: "ACK again"
    case .duplicateAck(let count): "duplicate ACK \(count)"
    case .duplicateReported: "ACK: data came twice"
    case .zeroWindow: "zero window"
    case .windowUpdate(let opens): opens ? "window opens" : "window update"
    case .tailLossProbe: "tail loss probe"
    case .retransmission(let count): "retransmission \(count)"
    case .fastRetransmission: "fast retransmission"
    case .recoveryRetransmission: "retransmission in recovery"
    case .finRetransmission(let count): "FIN retransmission \(count)"
    case .keepaliveProbe(let count): "keepalive probe \(count)"
    case .keepaliveAnswer: "keepalive answer"
    case .zeroWindowProbe(let count): "zero-window probe \(count)"
    case .zeroWindowAnswer: "zero-window answer"
    case .challengeAck: "challenge ACK"
    case .reset(let reason): "RST: \(reason.text)"
    case .addressRequest(let count): "request \(count)"
    case .addressReply: "reply"
    case .addressAnnouncement: "announcement"
    case .icmpError: "ICMP error"
    case .other: ""
    }
  }

  /// Whether the packet carries something once more that its sender had sent before.
  public var isRetransmission: Bool {
    switch self {
    case .synRetransmission, .synAckRetransmission, .tailLossProbe, .retransmission, .fastRetransmission,
      .recoveryRetransmission, .finRetransmission:
      true
    default: false
    }
  }
}
