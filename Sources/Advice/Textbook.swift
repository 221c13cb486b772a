internal import Timeline
internal import TimerModel

/// The end as plain sums of the options give it, the way articles and manuals reckon.
struct Textbook {
  /// The sum.
  var sum: Duration
  /// Why Linux's own time differs.
  var reasons: [String]

  /// The sum for a question; `nil` where nobody reckons.
  init?(_ question: Question) {
    guard question.path.failure == .silence else { return nil }
    let (options, kernel) = (question.options, question.kernel)
    let wheel = "the timer wheel rounds every timer up, by up to 12.7 %"
    switch question.situation {
    case .idle:
      guard let keepalive = options.keepalive else { return nil }
      let idle = keepalive.idle ?? kernel[.keepaliveTime]
      let interval = max(1, keepalive.interval ?? kernel[.keepaliveInterval])
      var probes = keepalive.count ?? kernel[.keepaliveProbes]
      if options.userTimeout > 0 {
        let beyond = options.userTimeout - idle * 1000
        probes = max(1, (beyond + interval * 1000 - 1) / (interval * 1000))
      }
      sum = .seconds(idle + probes * interval)
      reasons = [wheel]
    case .sending:
      let times = Textbook.retransmissions(kernel: kernel)
      sum = times[min(times.count - 1, kernel[.retries2])]
      reasons = [
        "a tail loss probe comes first, and the timeout starts again after it",
        "the limit is a time, and counts from the first retransmission, not from the write", wheel,
      ]
      if options.userTimeout > 0 {
        let limit = Duration.milliseconds(options.userTimeout)
        guard let end = times.first(where: { $0 >= limit }) else { return nil }
        sum = end
        reasons.append("the last timer is cut so that it fires when the user timeout is over")
      }
    case .connecting where options.userTimeout == 0:
      let count = options.synCount ?? kernel[.synRetries]
      var (interval, total) = (1, 0)
      for _ in 0...count {
        total += interval
        interval = min(120, 2 * interval)
      }
      sum = .seconds(total)
      reasons = [wheel]
      if kernel.version >= KernelVersion(6, 5), kernel[.synLinearTimeouts] > 0 {
        reasons.insert(
          "since 6.5 tcp_syn_linear_timeouts=\(kernel[.synLinearTimeouts]) SYNs more are sent, a second apart",
          at: 0
        )
      }
    default: return nil
    }
  }

  /// The printed table of retransmissions: 0.2, 0.6, 1.4 … s, then every 120 s.
  static func retransmissions(kernel: Kernel) -> [Duration] {
    var (interval, total): (Int64, Int64) = (200, 0)
    return (0...255).map { _ in
      total += interval
      interval = min(Int64(kernel[.rtoMax]), 2 * interval)
      return .milliseconds(total)
    }
  }

  /// How Linux's own end differs from the sum, in sentences; `nil` if it does not.
  func difference(from end: Window) -> String? {
    let (least, most) = (end.earliest - sum, end.latest - sum)
    guard most > .milliseconds(1) || least < .milliseconds(-1) else { return nil }
    let isLater = most > .zero
    let window = isLater ? Window(max(.zero, least), most) : Window(.zero - most, .zero - least)
    return "The plain sum is \(sum.text). Linux is \(window.text) \(isLater ? "later" : "earlier"): "
      + reasons.joined(separator: "; ") + "."
  }
}
