/// What becomes of a connection or an attempt, if nothing changes: every expiry of its timer, and the end.
public struct Prediction: Hashable, Sendable {
  /// What TCP does, in order; times count from the moment that the ``Situation`` names.
  public var schedule: [ScheduledEvent]
  /// How it ends; `nil` if it never does.
  public var end: End?
  /// The windows in which it may end, apart from each other: more than one where something besides the wheel's phase
  /// is unknown, such as the age of a neighbour entry; then ``schedule`` is the likeliest course, and the window of
  /// ``end`` holds them all.
  public var ends: [Window]
  /// Why it never ends; `nil` if it does.
  public var forever: String?
  /// How often a segment is retransmitted, tail loss probes not counted; more than one number if the phase decides.
  public var retransmissions: ClosedRange<Int>
  /// How many keepalive or zero-window probes are sent.
  public var probes: ClosedRange<Int>
  /// How many expiries of timers were followed to find this: what it cost.
  public var expiries = 0
  /// The length of a jiffy: an expiry may be this much later than predicted when the processor was busy or asleep.
  public var tick: Duration

  /// The end of a connection or an attempt.
  public struct End: Hashable, Sendable {
    /// When the program is told, or the socket is gone.
    public var window: Window
    /// The errno that the program is given, such as `ETIMEDOUT`; `nil` if no program is left to be told.
    public var errno: String?
    /// The rule that decided.
    public var limit: Limit
    /// How the rule came to it, with the numbers, in a sentence.
    public var explanation: String

    /// Not before this.
    public var earliest: Duration { window.earliest }
    /// Not after this.
    public var latest: Duration { window.latest }
  }
}

/// One expiry of a timer, or a packet's coming.
public struct ScheduledEvent: Hashable, Sendable {
  /// When.
  public var at: Window
  /// What happens.
  public var kind: Kind
  /// What the kernel compared before it did so, if it compared anything.
  public var check: Check?
  /// Whether it happens for every phase of the wheel.
  public var certain: Bool

  /// What can happen.
  public enum Kind: Hashable, Sendable {
    /// The first SYN.
    case syn
    /// A SYN again; counted from 1, as in all that follow.
    case synRetransmission(Int)
    /// The first SYN-ACK.
    case synack
    /// A SYN-ACK again.
    case synackRetransmission(Int)
    /// The wait for data (`TCP_DEFER_ACCEPT`) goes on, silently.
    case deferred(Int)
    /// The data, or the FIN.
    case transmission
    /// A tail loss probe: the last segment again, before the first retransmission proper.
    case tailLossProbe
    /// The oldest unacknowledged segment again.
    case retransmission(Int)
    /// An attempt that the own machine refused: nothing reached the wire.
    case refused(Int)
    /// A retransmission that waits for the neighbour's hardware address, in vain.
    case unresolved(Int)
    /// The connection has nothing left to send or to acknowledge.
    case idle
    /// The keepalive timer finds that something was received meanwhile, and starts again.
    case keepaliveRestart
    /// A keepalive probe.
    case keepaliveProbe(Int)
    /// A zero-window probe.
    case zeroWindowProbe(Int)
    /// So many retransmissions more at the same intervals; more than one number if the phase decides.
    case moreRetransmissions(ClosedRange<Int>)
    /// So many probes more at the same intervals.
    case moreProbes(ClosedRange<Int>)
    /// So many attempts more at the same intervals, all refused by the own machine.
    case moreRefusals(ClosedRange<Int>)
    /// An ARP request.
    case arpRequest(Int)
    /// An ICMP error comes in after the retransmission of this number, and takes one doubling back.
    case icmpError(Int)
    /// An RST comes in.
    case reset
    /// FIN_WAIT_2 is entered.
    case finWait2
    /// The socket's first half of a long FIN_WAIT_2 is over; a mini socket takes the rest.
    case miniSocket
    /// TIME_WAIT is entered.
    case timeWait
    /// The kernel gives up.
    case end
  }

  /// A comparison of what has passed with a limit.
  public struct Check: Hashable, Sendable {
    /// Since when the kernel counts.
    public enum Clock: Hashable, Sendable {
      /// The first retransmission was sent: `retrans_stamp`.
      case firstRetransmission
      /// The first SYN was sent.
      case firstSYN
      /// The data was sent, since no retransmission ever left.
      case transmission
      /// The last packet was received.
      case lastReceived
      /// The first zero-window probe was due.
      case firstProbe
    }

    /// What is compared.
    public enum Measure: Hashable, Sendable {
      /// The time that has passed since a moment, with the time allowed.
      case time(since: Clock, elapsed: Window, limit: Duration)
      /// The number of unanswered transmissions so far, with the number allowed.
      case count(Int, limit: Int)
    }

    /// What is compared.
    public var measure: Measure
    /// Whether the limit was reached.
    public var reached: Bool
  }
}
