internal import Timeline

/// The retransmissions of a host's connections, counted from samples.
///
/// Linux counts unanswered retransmissions for each socket and starts again from 0 when an answer comes
/// (`icsk_retransmits`), so the increases between samples are added up. Tail loss probes do not count there.
struct Retransmissions {
  /// The moment of each retransmission; of several between two samples, that of the later sample.
  private(set) var moments: [Moment] = []

  /// The retransmissions of `host` in the whole run.
  init(of host: String, in record: Record) {
    var table = SocketTable()
    for event in record.events where event.host == host {
      let before = table.apply(event)?.sample.unansweredRetransmissions ?? 0
      switch event.body {
      case .socket(let sample), .socketGone(let sample):
        let count = sample.unansweredRetransmissions
        let more = count >= before ? count - before : count
        // More than one connection can ever make (tcp_retries2 is at most 255) is a hostile sample, and not counted.
        if sample.isConnection, more <= 1000 { moments += Array(repeating: event.time, count: more) }
      default: continue
      }
    }
  }
}
