/// The times between which something happens: the phase of the timer wheel decides where in between.
public struct Window: Hashable, Sendable {
  /// Not before this.
  public var earliest: Duration
  /// Not after this.
  public var latest: Duration

  /// From `earliest` to `latest`.
  public init(_ earliest: Duration, _ latest: Duration) {
    self.earliest = earliest
    self.latest = max(earliest, latest)
  }

  /// Exactly this moment.
  public init(_ moment: Duration) {
    self.init(moment, moment)
  }

  /// How far apart its ends are.
  public var width: Duration { latest - earliest }

  /// Whether the moment is in it.
  public func contains(_ moment: Duration) -> Bool {
    earliest <= moment && moment <= latest
  }

  /// The window with `margin` more at both ends.
  public func widened(by margin: Duration) -> Window {
    Window(earliest - margin, latest + margin)
  }

  /// The window that much later.
  public func shifted(by offset: Duration) -> Window {
    Window(earliest + offset, latest + offset)
  }

  /// The smallest window that holds both.
  public func union(_ other: Window) -> Window {
    Window(min(earliest, other.earliest), max(latest, other.latest))
  }
}
