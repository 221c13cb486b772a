internal import Timeline

/// The retransmission timeouts of one connection, in jiffies.
struct RetransmissionTimeout {
  /// The timeout before any backoff: `icsk_rto`.
  let base: Int64
  /// The largest: `tcp_rto_max`.
  let max: Int64
  /// After how long the tail loss probe is sent, if one is.
  let tailLossProbe: Int64?
  /// Half a jiffy's worth of the round trip, for what answers take.
  let roundTrip: Int64

  /// The timeouts on this path, with `segments` under way (`tcp_rtt_estimator`, `tcp_schedule_loss_probe`).
  init(kernel: Kernel, options: SocketOptions, path: Path, segments: Int) {
    let wheel = kernel.wheel
    let roundTrip = Swift.max(0, path.roundTrip.nanoseconds)
    let smoothed = roundTrip / 1000
    let minimum = wheel.jiffies(microseconds: Int64(options.rtoMin ?? kernel[.rtoMin]))
    let minimumMicroseconds = minimum * 1_000_000 / Int64(kernel.rate.rawValue)
    max = wheel.jiffies(milliseconds: Int64(options.rtoMax ?? kernel[.rtoMax]))
    if let rto = path.rto {
      base = Swift.min(max, Swift.max(1, wheel.jiffies(microseconds: rto.nanoseconds / 1000)))
    } else {
      let variation = path.settled ? minimumMicroseconds : Swift.max(2 * smoothed, minimumMicroseconds)
      base = Swift.min(max, wheel.jiffies(microseconds: smoothed + variation))
    }
    self.roundTrip = roundTrip
    if kernel[.sack] != 0 && kernel[.earlyRetransmit] >= 3 {
      let margin = segments == 1 ? minimumMicroseconds : 2000
      tailLossProbe = Swift.min(base, wheel.jiffies(microseconds: 2 * smoothed + margin))
    } else {
      tailLossProbe = nil
    }
  }

  /// The time in milliseconds that so many retransmissions take in theory: `tcp_model_timeout`.
  static func model(retransmissions: Int, base: Int64, max: Int64, wheel: TimerWheel) -> Int64 {
    var threshold = 0
    while base << Int64(threshold + 1) <= max { threshold += 1 }
    let doubling = ((Int64(2) << Int64(Swift.min(retransmissions, threshold))) - 1) * base
    let constant = Int64(Swift.max(0, retransmissions - threshold)) * max
    return wheel.milliseconds(jiffies: doubling + constant)
  }

  /// The base of ``model(retransmissions:base:max:wheel:)`` for data: 200 ms, whatever the real timeout is.
  static func modelBase(rate: TickRate) -> Int64 { Int64(rate.rawValue) / 5 }
}
