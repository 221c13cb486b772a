/// What the kernel said of a connection's socket when it destroyed it: the last `struct tcp_info`.
///
/// A socket is destroyed when its connection is over and its program has closed it.
public struct SocketDeath: Hashable, Sendable {
  /// The kernel's cookie, as in the socket's samples.
  public var cookie: Int64
  /// Local address and port.
  public var local: String
  /// Remote address and port.
  public var remote: String
  /// The members by their names in a timeline, each a number; one that this kernel does not tell is missing.
  public var numbers: [Number: Int64]

  /// One number of `struct tcp_info`.
  public enum Number: String, Hashable, Sendable, CaseIterable {
    /// The retransmission timeout in microseconds (`tcpi_rto`).
    case timeout = "rto_us"
    /// The smoothed round-trip time in microseconds (`tcpi_rtt`).
    case roundTrip = "rtt_us"
    /// Unanswered retransmissions at the end (`tcpi_retransmits`).
    case retransmits
    /// Unanswered probes at the end (`tcpi_probes`).
    case probes
    /// Segments sent again in its life, tail loss probes included (`tcpi_total_retrans`).
    case retransmitted
    /// How often the retransmission timer expired in its life (`tcpi_total_rto`).
    case timeouts
    /// Segments sent (`tcpi_segs_out`).
    case segmentsOut = "segments_out"
    /// Segments received (`tcpi_segs_in`).
    case segmentsIn = "segments_in"
    /// Bytes sent, what was sent again included (`tcpi_bytes_sent`).
    case bytesSent = "bytes_sent"
    /// Bytes acknowledged by the other end (`tcpi_bytes_acked`).
    case bytesAcknowledged = "bytes_acked"
    /// Bytes received (`tcpi_bytes_received`).
    case bytesReceived = "bytes_received"
    /// Milliseconds since data was last sent (`tcpi_last_data_sent`).
    case lastSent = "last_sent_ms"
    /// Milliseconds since data last came in (`tcpi_last_data_recv`).
    case lastReceived = "last_received_ms"
    /// Milliseconds since an acknowledgment last came in (`tcpi_last_ack_recv`).
    case lastAcknowledged = "last_ack_ms"
  }

  /// A socket's end.
  public init(cookie: Int64, local: String, remote: String, numbers: [Number: Int64] = [:]) {
    self.cookie = cookie
    self.local = local
    self.remote = remote
    self.numbers = numbers
  }

  var json: JSONObject {
    var object: JSONObject = ["cookie": .integer(cookie), "local": .string(local), "remote": .string(remote)]
    for number in Number.allCases { object.append(number.rawValue, numbers[number].map { .integer($0) }) }
    return object
  }

  init?(taking object: inout JSONObject) {
    guard let cookie = object.take(integer: "cookie"), let local = object.take(string: "local"),
      let remote = object.take(string: "remote")
    else { return nil }
    self.init(cookie: cookie, local: local, remote: remote)
    for number in Number.allCases { numbers[number] = object.take(integer: number.rawValue) }
  }
}
