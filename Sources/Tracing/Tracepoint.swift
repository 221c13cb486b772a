/// The tracepoints that tell of TCP sockets, by their folders below `events` in tracefs.
enum Tracepoint: Int32, CaseIterable {
  case setState
  case retransmit
  case retransmitSynAck
  case sendReset
  case receiveReset
  case destroy

  /// The folder.
  var path: String {
    switch self {
    case .setState: "sock/inet_sock_set_state"
    case .retransmit: "tcp/tcp_retransmit_skb"
    case .retransmitSynAck: "tcp/tcp_retransmit_synack"
    case .sendReset: "tcp/tcp_send_reset"
    case .receiveReset: "tcp/tcp_receive_reset"
    case .destroy: "tcp/tcp_destroy_sock"
    }
  }
}
