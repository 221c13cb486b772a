/// The states of a TCP connection (RFC 9293, section 3.3.2), numbered as Linux does in `net/tcp_states.h`.
public enum TCPState: UInt8, Hashable, Sendable, CaseIterable {
  case established = 1
  case synSent = 2
  case synReceived = 3
  case finWait1 = 4
  case finWait2 = 5
  case timeWait = 6
  case closed = 7
  case closeWait = 8
  case lastAck = 9
  case listen = 10
  case closing = 11
  /// A connection request that has no socket of its own yet: Linux's `TCP_NEW_SYN_RECV`, shown as SYN_RECV.
  case newSynReceived = 12

  /// The state's name in capitals, as netstat prints it: `FIN_WAIT_2`.
  public var name: String {
    switch self {
    case .established: "ESTABLISHED"
    case .synSent: "SYN_SENT"
    case .synReceived, .newSynReceived: "SYN_RECV"
    case .finWait1: "FIN_WAIT_1"
    case .finWait2: "FIN_WAIT_2"
    case .timeWait: "TIME_WAIT"
    case .closed: "CLOSED"
    case .closeWait: "CLOSE_WAIT"
    case .lastAck: "LAST_ACK"
    case .listen: "LISTEN"
    case .closing: "CLOSING"
    }
  }

  /// The state called `name`; `nil` if there is none.
  public init?(name: String) {
    guard let state = TCPState.allCases.first(where: { $0.name == name }) else { return nil }
    self = state
  }
}

/// The kernel timer that is armed on a socket, as `inet_diag` reports it (`net/ipv4/inet_diag.c`).
public struct SocketTimer: Hashable, Sendable {
  /// Which timer it is, in the words of `ss -o`.
  public enum Kind: String, Hashable, Sendable {
    /// Retransmission, tail loss probe or reordering: `on`.
    case retransmission = "on"
    /// Keepalive, or the first part of a long FIN_WAIT_2.
    case keepalive
    /// TIME_WAIT, or FIN_WAIT_2 of a closed socket.
    case timeWait = "timewait"
    /// Zero-window probe.
    case persist
    /// Delayed acknowledgment (reported by kernels from 7.0).
    case delayedAck = "delack"
  }

  /// Which timer.
  public var kind: Kind
  /// Milliseconds until it expires, before the timer wheel's rounding; 0 when overdue.
  public var expiresInMilliseconds: Int64
  /// Retransmissions or probes so far.
  public var count: Int

  /// A timer.
  public init(kind: Kind, expiresInMilliseconds: Int64, count: Int) {
    self.kind = kind
    self.expiresInMilliseconds = expiresInMilliseconds
    self.count = count
  }
}

/// What sock_diag said of one TCP socket at one moment.
public struct SocketSample: Hashable, Sendable {
  /// The kernel's cookie: the socket's name for as long as it lives.
  public var cookie: Int64
  /// Local address and port: `10.88.88.139:33226`.
  public var local: String
  /// Remote address and port.
  public var remote: String
  /// Its state.
  public var state: TCPState
  /// The armed timer, if any.
  public var timer: SocketTimer?
  /// Bytes received and not yet read; for a listener, connections not yet accepted.
  public var receiveQueue: Int64
  /// Bytes sent and not yet acknowledged; for a listener, its backlog.
  public var sendQueue: Int64
  /// The retransmission timeout in microseconds (`tcpi_rto`).
  public var rto: Int64?
  /// The smoothed round-trip time in microseconds (`tcpi_rtt`).
  public var rtt: Int64?
  /// Unanswered retransmissions of the segment at the head of the queue (`tcpi_retransmits`).
  public var retransmits: Int?
  /// Unanswered keepalive or zero-window probes (`tcpi_probes`).
  public var probes: Int?
  /// How often the retransmission timeout has been doubled (`tcpi_backoff`).
  public var backoff: Int?
  /// Segments retransmitted in the connection's life, tail loss probes included (`tcpi_total_retrans`).
  public var totalRetransmissions: Int?
  /// Of a listener on IPv6 addresses: whether it takes no connections over IPv4 (`IPV6_V6ONLY`); `nil` for other sockets, and
  /// where the kernel has not been asked.
  public var isIPv6Only: Bool?
  /// Of a socket that is gone: for how many nanoseconds before nobody had looked; `nil` if the moment is exact.
  public var unseen: Int64?

  /// A sample.
  public init(
    cookie: Int64,
    local: String,
    remote: String,
    state: TCPState,
    timer: SocketTimer? = nil,
    receiveQueue: Int64 = 0,
    sendQueue: Int64 = 0,
    rto: Int64? = nil,
    rtt: Int64? = nil,
    retransmits: Int? = nil,
    probes: Int? = nil,
    backoff: Int? = nil,
    totalRetransmissions: Int? = nil
  ) {
    self.cookie = cookie
    self.local = local
    self.remote = remote
    self.state = state
    self.timer = timer
    self.receiveQueue = receiveQueue
    self.sendQueue = sendQueue
    self.rto = rto
    self.rtt = rtt
    self.retransmits = retransmits
    self.probes = probes
    self.backoff = backoff
    self.totalRetransmissions = totalRetransmissions
  }

  /// The port of an address text such as `10.0.0.1:80` or `[fd00::1]:80`.
  public static func port(of address: String) -> Int? {
    address.split(separator: ":").last.flatMap { Int($0) }
  }
}
