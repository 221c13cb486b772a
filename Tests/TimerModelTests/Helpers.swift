import Timeline
import TimerModel

/// A window as it is written in tables: in seconds, rounded to tenths or hundredths.
struct Rounded: CustomStringConvertible, Sendable {
  var earliest: Double
  var latest: Double
  var digits: Double

  init(_ earliest: Double, _ latest: Double, digits: Int = 2) {
    self.earliest = earliest
    self.latest = latest
    self.digits = digits == 1 ? 0.1 : digits == 2 ? 0.01 : digits == 0 ? 1 : 0.001
  }

  var description: String { "\(earliest)–\(latest)" }

  /// Whether the window is this one, to the last digit that the table has.
  func agrees(with window: Window?) -> Bool {
    guard let window else { return false }
    return abs(window.earliest.inSeconds - earliest) <= digits && abs(window.latest.inSeconds - latest) <= digits
  }
}

extension Kernel {
  /// A kernel of this version and frequency with these settings.
  init(_ major: Int = 6, _ minor: Int = 18, hz: TickRate = .hz250, settings: [Sysctl: Int]) throws {
    self.init(version: KernelVersion(major, minor), rate: hz)
    for (sysctl, value) in settings { try set(sysctl, to: value) }
  }
}

extension Prediction {
  /// The moments of one kind of event, in order.
  func moments(_ isWanted: (ScheduledEvent.Kind) -> Bool) -> [Window] {
    schedule.filter { isWanted($0.kind) }.map(\.at)
  }

  /// The moments of retransmissions.
  var retransmissionMoments: [Window] {
    moments { if case .retransmission = $0 { true } else { false } }
  }

  /// The moments of keepalive probes.
  var probeMoments: [Window] {
    moments { if case .keepaliveProbe = $0 { true } else { false } }
  }
}
