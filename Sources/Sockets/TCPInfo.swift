/// What the kernel tells of a TCP connection: `struct tcp_info` of `linux/tcp.h`.
///
/// See tcp(7), `TCP_INFO`.
///
/// The structure grows at its end from version to version, and the C library knows only its beginning. So each field
/// is read by its offset, and is `nil` if this kernel's structure ends before it.
public struct TCPInfo: Hashable, Sendable {
  private let bytes: [UInt8]

  /// Decodes what `getsockopt`, or sock_diag's attribute `INET_DIAG_INFO`, returned.
  public init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Decodes what `getsockopt`, or sock_diag's attribute `INET_DIAG_INFO`, returned.
  public init(bytes: RawSpan) {
    self.bytes = bytes.byteOffsets.map { unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
  }

  /// How many bytes the kernel's structure has.
  public var length: Int { bytes.count }

  private func byte(at offset: Int) -> UInt8? {
    offset < bytes.count ? bytes[offset] : nil
  }

  private func number(at offset: Int, width: Int) -> UInt64? {
    guard offset + width <= bytes.count else { return nil }
    return bytes[offset..<offset + width].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private func word(at offset: Int) -> UInt32? {
    number(at: offset, width: 4).map { UInt32(truncatingIfNeeded: $0) }
  }

  private func long(at offset: Int) -> UInt64? {
    number(at: offset, width: 8)
  }
}

// One line per field, in the order of the structure; times are in microseconds unless said otherwise.
extension TCPInfo {
  /// The connection's state, numbered as in `net/tcp_states.h`: 1 is ESTABLISHED. `tcpi_state`
  public var state: UInt8? { byte(at: 0) }
  /// The congestion avoidance state: 0 open, 1 disorder, 2 CWR, 3 recovery, 4 loss. `tcpi_ca_state`
  public var congestionState: UInt8? { byte(at: 1) }
  /// Unanswered retransmissions of the segment at the head of the queue. `tcpi_retransmits`
  public var retransmits: UInt8? { byte(at: 2) }
  /// Unanswered keepalive or zero-window probes. `tcpi_probes`
  public var probes: UInt8? { byte(at: 3) }
  /// How often the retransmission timeout has been doubled. `tcpi_backoff`
  public var backoff: UInt8? { byte(at: 4) }
  /// The retransmission timeout. `tcpi_rto`
  public var retransmissionTimeout: UInt32? { word(at: 8) }
  /// The largest segment that is sent, in bytes. `tcpi_snd_mss`
  public var sendSegmentSize: UInt32? { word(at: 16) }
  /// Segments sent and not yet acknowledged; for a listener the connections to accept. `tcpi_unacked`
  public var unacknowledged: UInt32? { word(at: 24) }
  /// Segments acknowledged out of order; for a listener how many connections may wait. `tcpi_sacked`
  public var selectivelyAcknowledged: UInt32? { word(at: 28) }
  /// Segments taken for lost. `tcpi_lost`
  public var lost: UInt32? { word(at: 32) }
  /// Milliseconds since data was last sent. `tcpi_last_data_sent`
  public var lastDataSent: UInt32? { word(at: 44) }
  /// Milliseconds since data was last received. `tcpi_last_data_recv`
  public var lastDataReceived: UInt32? { word(at: 52) }
  /// Milliseconds since an acknowledgment was last received. `tcpi_last_ack_recv`
  public var lastAcknowledgmentReceived: UInt32? { word(at: 56) }
  /// The path's packet size, in bytes. `tcpi_pmtu`
  public var pathMTU: UInt32? { word(at: 60) }
  /// The smoothed round-trip time. `tcpi_rtt`
  public var roundTripTime: UInt32? { word(at: 68) }
  /// The round-trip time's mean deviation. `tcpi_rttvar`
  public var roundTripDeviation: UInt32? { word(at: 72) }
  /// The congestion window, in segments. `tcpi_snd_cwnd`
  public var congestionWindow: UInt32? { word(at: 80) }
  /// Segments retransmitted in the connection's life, tail loss probes included. `tcpi_total_retrans`
  public var totalRetransmissions: UInt32? { word(at: 100) }
  /// Bytes that the peer acknowledged. `tcpi_bytes_acked`
  public var bytesAcknowledged: UInt64? { long(at: 120) }
  /// Bytes received in order. `tcpi_bytes_received`
  public var bytesReceived: UInt64? { long(at: 128) }
  /// Segments sent. `tcpi_segs_out`
  public var segmentsSent: UInt32? { word(at: 136) }
  /// Segments received. `tcpi_segs_in`
  public var segmentsReceived: UInt32? { word(at: 140) }
  /// Bytes written and not yet sent. `tcpi_notsent_bytes`
  public var bytesNotSent: UInt32? { word(at: 144) }
  /// The shortest round-trip time seen. `tcpi_min_rtt`
  public var shortestRoundTripTime: UInt32? { word(at: 148) }
  /// Bytes sent, retransmissions included (from Linux 4.19). `tcpi_bytes_sent`
  public var bytesSent: UInt64? { long(at: 200) }
  /// Bytes retransmitted (from Linux 4.19). `tcpi_bytes_retrans`
  public var bytesRetransmitted: UInt64? { long(at: 208) }
  /// The window that the peer offers, in bytes (from Linux 5.4). `tcpi_snd_wnd`
  public var peerWindow: UInt32? { word(at: 228) }
  /// The window that is offered to the peer, in bytes (from Linux 6.2). `tcpi_rcv_wnd`
  public var ownWindow: UInt32? { word(at: 232) }
  /// How often the retransmission timer expired in the connection's life (from Linux 6.7). `tcpi_total_rto`
  public var totalTimeouts: UInt16? { number(at: 240, width: 2).map { UInt16(truncatingIfNeeded: $0) } }
}
