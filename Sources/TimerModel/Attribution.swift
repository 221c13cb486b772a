public import Timeline

/// The end of a connection or an attempt as it was seen, without regard to any prediction.
public struct MeasuredEnd: Hashable, Sendable {
  /// The errno that the program was told; `nil` if there was nobody to tell.
  public var errno: String?
  /// How long after the moment that a ``Situation`` counts from.
  public var elapsed: Duration
  /// What the connection was doing, where the events tell: otherwise the timer is asked.
  public var situation: Situation?
  /// Retransmissions that were seen, tail loss probes not counted; `nil` if nobody counted.
  public var retransmissions: Int?
  /// Unanswered keepalive or zero-window probes that were seen; `nil` if nobody counted.
  public var probes: Int?
  /// The kernel timer that was last seen on the socket.
  public var timer: SocketTimer.Kind?

  /// An end.
  public init(
    errno: String?,
    elapsed: Duration,
    situation: Situation? = nil,
    retransmissions: Int? = nil,
    probes: Int? = nil,
    timer: SocketTimer.Kind? = nil
  ) {
    self.errno = errno
    self.elapsed = elapsed
    self.situation = situation
    self.retransmissions = retransmissions
    self.probes = probes
    self.timer = timer
  }
}

/// A limit that explains a measured end, or that comes near to it.
public struct Attribution: Hashable, Sendable {
  /// The limit.
  public var limit: Limit
  /// What the connection was doing when it struck.
  public var situation: Situation
  /// The window in which it strikes.
  public var window: Window
  /// Whether errno, time and counts all agree.
  public var fits: Bool
  /// How far the end lies outside the window; zero inside.
  public var distance: Duration
  /// How the limit comes to its window, with the numbers.
  public var explanation: String
}

extension Kernel {
  /// The limits that can explain an end, the best first.
  ///
  /// - Parameters:
  ///   - end: What was seen.
  ///   - options: The socket's options.
  ///   - path: What was wrong on the way, as the run's faults tell.
  ///   - tolerance: What the observer may be off by; the kernel's own tick is added.
  public func attributions(
    of end: MeasuredEnd,
    options: SocketOptions = SocketOptions(),
    path: Path = Path(),
    tolerance: Duration = .milliseconds(20)
  ) -> [Attribution] {
    let found = end.possibleSituations.compactMap { situation -> Attribution? in
      guard let prediction = try? predict(situation, options: options, path: path), let predicted = prediction.end
      else {
        return nil
      }
      let windows = prediction.ends.map { $0.widened(by: tolerance + prediction.tick) }
      let distance = windows.map { $0.distance(to: end.elapsed) }.min() ?? .zero
      // A retransmission that falls on the end itself may be counted or not.
      let counts = [(end.retransmissions, prediction.retransmissions), (end.probes, prediction.probes)]
      let agree = counts.allSatisfy { seen, range in
        seen.map { range.lowerBound - 1 <= $0 && $0 <= range.upperBound + 1 } ?? true
      }
      return Attribution(
        limit: predicted.limit,
        situation: situation,
        window: predicted.window,
        fits: distance == .zero && agree && predicted.errno == end.errno,
        distance: distance,
        explanation: predicted.explanation
      )
    }
    return found.sorted { ($0.fits ? 0 : 1, $0.distance) < ($1.fits ? 0 : 1, $1.distance) }
  }
}

extension MeasuredEnd {
  /// What the connection may have been doing.
  var possibleSituations: [Situation] {
    if let situation { return [situation] }
    let data: [Situation] = [
      .sending(.init()), .connecting, .closing(.finUnacknowledged(orphaned: true, unackedSegments: 0)),
      .synReceived(acknowledged: false),
    ]
    let window: [Situation] = [.zeroWindow(.init()), .zeroWindow(.init(answered: true))]
    let closed: [Situation] = [.closing(.timeWait), .closing(.finWait2(orphaned: true))]
    return switch timer {
    case .retransmission: data
    case .keepalive: [.idle(.init()), .closing(.finWait2(orphaned: true))]
    case .persist: window
    case .timeWait: closed
    case .delayedAck, nil: data + [.idle(.init())] + window + closed
    }
  }
}

extension Window {
  /// How far a moment lies outside; zero inside.
  func distance(to moment: Duration) -> Duration {
    moment < earliest ? earliest - moment : moment > latest ? moment - latest : .zero
  }
}
