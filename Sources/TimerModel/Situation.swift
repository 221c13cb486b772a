/// What a connection is doing when the other end, or the way there, fails; and the moment from which times count.
public enum Situation: Hashable, Sendable {
  /// `connect` was called; times count from the call.
  case connecting
  /// A SYN was answered and the other end is silent since; times count from the first SYN-ACK. `acknowledged` tells
  /// whether its bare ACK came and was swallowed by `TCP_DEFER_ACCEPT`, which waits for data.
  case synReceived(acknowledged: Bool)
  /// Data was written and is not acknowledged; times count from the write.
  case sending(Sending)
  /// Nothing is under way; times count from the last packet received.
  case idle(Idle)
  /// Data waits because the other end's window is full; times count from the moment it was found closed.
  case zeroWindow(ZeroWindow)
  /// The connection is being closed.
  case closing(Closing)

  /// Data under way.
  public struct Sending: Hashable, Sendable {
    /// How many segments the data takes: a single one is probed for later than two or more.
    public var segments: Int
    /// Whether a first transmission got out before the failure; only matters where the own machine refuses to send.
    public var firstTransmissionSent: Bool

    /// Data of so many segments.
    public init(segments: Int = 1, firstTransmissionSent: Bool = false) {
      self.segments = segments
      self.firstTransmissionSent = firstTransmissionSent
    }
  }

  /// Silence.
  public struct Idle: Hashable, Sendable {
    /// How long before the last packet the keepalive timer was armed.
    ///
    /// `SO_KEEPALIVE`, `TCP_KEEPIDLE` and the connection's beginning arm it. It decides how the wheel rounds; zero if
    /// that was the last thing that happened, negative if an option armed it after the packet.
    public var armedBefore: Duration

    /// Silence since a packet that came so long after the timer was armed.
    public init(armedBefore: Duration = .zero) {
      self.armedBefore = armedBefore
    }
  }

  /// A full window.
  public struct ZeroWindow: Hashable, Sendable {
    /// Whether the other end is alive and answers each probe with "still full".
    public var answered: Bool
    /// How many probes were sent before the failure; every one doubled the interval, and its answer set the count back.
    public var answeredBefore: Int
    /// How many of these, the last ones, the other end had not answered although it was alive, so that they count: it
    /// answers a segment outside of its window no sooner than 500 ms after the last (`tcp_invalid_ratelimit`,
    /// `tcp_oow_rate_limited` in net/ipv4/tcp_input.c), and the second probe mostly comes sooner than that.
    public var withheldBefore: Int
    /// Whether the program has closed the socket.
    public var orphaned: Bool

    /// A full window.
    public init(answered: Bool = false, answeredBefore: Int = 0, withheldBefore: Int = 0, orphaned: Bool = false) {
      self.answered = answered
      self.answeredBefore = answeredBefore
      self.withheldBefore = withheldBefore
      self.orphaned = orphaned
    }
  }

  /// A closing connection.
  public enum Closing: Hashable, Sendable {
    /// The FIN is not acknowledged (FIN_WAIT_1, CLOSING, LAST_ACK); times count from its sending.
    ///
    /// `orphaned`: the program has closed the socket, so nobody waits for it; otherwise it has only shut it down.
    /// `unackedSegments`: data that was still under way before the FIN.
    case finUnacknowledged(orphaned: Bool, unackedSegments: Int)
    /// FIN_WAIT_2; times count from the acknowledgment of the FIN, or from the `close` if that came later.
    case finWait2(orphaned: Bool)
    /// TIME_WAIT; times count from the other end's FIN.
    case timeWait
    /// CLOSE_WAIT: the other end has closed, the own program has not; times count from the last packet received.
    case closeWait
  }
}
