/// What tells a retransmission by timeout from the quicker ones, all times in nanoseconds.
///
/// The wire shows that something was sent again, and not why. The rules, and where they must fail:
///
/// - *Fast retransmission*: within ``promptly`` of a packet of the peer's that acknowledges something beyond the
///   segment (SACK), or of a third duplicate ACK.
/// - *Tail loss probe*: the first repetition since the peer acknowledged something new, of the segment that ends at
///   the last place sent, at most twice `2 · RTT + RTO_min` after the last transmission, on a connection whose SYNs
///   both permit SACK (as far as they were seen). Linux sends the probe `2 · RTT` (plus `RTO_min` if only one segment
///   is under way) after the last transmission, see `tcp_schedule_loss_probe`. With one segment under way a probe and
///   a first timeout look alike: if the sender has probes switched off (`tcp_early_retrans` other than 3 and 4) or is
///   still recovering from an earlier loss, its first timeout is taken for a probe, and the numbers that follow are
///   one too low. A probe that sends new data is not seen as one.
/// - *Retransmission in recovery*: promptly after an ACK of something new, behind a timeout.
/// - *Retransmission n*: everything else; n counts since the peer acknowledged something new.
/// - *Keepalive probe and zero-window probe*: an ACK from one before the place that the peer expects, or that one old
///   byte. Which of the two it is depends on the peer's last window. Linux sends the same packet for both.
///
/// All this holds for what the sender itself puts on its wire. At the other end a segment whose first transmission was
/// lost looks new.
public struct FlowRules: Hashable, Sendable {
  /// The least retransmission timeout of the sender: 200 ms in Linux unless set otherwise (`TCP_RTO_MIN`).
  public var minimumTimeout: Int64 = 200_000_000

  /// The rules for Linux as it comes.
  public init() {}

  /// An answer to what came less than this ago is none to a timer.
  var promptly: Int64 { minimumTimeout / 2 }

  /// The longest wait after which a repetition can be a tail loss probe; `nil` (any) if the round trip is not known.
  func longestTailWait(roundTrip: Int64?) -> Int64? {
    roundTrip.map { 2 * (2 * $0 + minimumTimeout) }
  }
}
