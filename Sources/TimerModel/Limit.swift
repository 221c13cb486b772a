/// The rule of Linux's that ends a connection or an attempt.
public enum Limit: String, Hashable, Sendable, CaseIterable {
  /// The time that `tcp_retries2` stands for, since the first retransmission; or so many zero-window probes.
  case retries2 = "tcp_retries2"
  /// `TCP_USER_TIMEOUT`.
  case userTimeout = "user timeout"
  /// So many keepalive probes without an answer.
  case keepalive = "keepalive"
  /// `tcp_syn_retries`.
  case synRetries = "tcp_syn_retries"
  /// The socket's `TCP_SYNCNT`.
  case synCount = "TCP_SYNCNT"
  /// `tcp_synack_retries`, or the listener's `TCP_SYNCNT`.
  case synackRetries = "tcp_synack_retries"
  /// The time that `tcp_orphan_retries` stands for: the socket is closed, nobody waits for it.
  case orphanRetries = "tcp_orphan_retries"
  /// `tcp_fin_timeout`.
  case finTimeout = "tcp_fin_timeout"
  /// The socket's `TCP_LINGER2`.
  case linger2 = "TCP_LINGER2"
  /// The 60 seconds of TIME_WAIT, which nothing changes.
  case timeWait = "TIME_WAIT"
  /// The neighbour on the own network did not answer ARP (or neighbour discovery).
  case arpFailure = "ARP failure"
  /// An ICMP error came back.
  case icmp = "ICMP"
  /// The other end, or something in its name, sent an RST.
  case reset = "RST"
  /// The other end said goodbye.
  case fin = "FIN"
  /// The own machine has no way to the address.
  case noRoute = "no route"
  /// A full window, and nothing at all received for twice the largest RTO.
  case zeroWindowSilence = "zero window silence"

  /// The machine's name of the limit, as `--json` prints it.
  public var name: String { rawValue }
}
