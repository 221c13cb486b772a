internal import Judge
internal import Timeline
internal import TimerModel

/// Something that happened in a script: when by the script's own clock, and how the run will show it exactly.
struct Occurrence {
  /// The script's own time, which counts what the script waits and not how long steps take.
  var clock: Duration
  /// What a timeline shows of it; `nil` for the deed itself.
  var mark: Forecast.Mark?
}

/// A program's connection, or its attempt at one.
struct Connection {
  /// What became of the handshake.
  enum Opening {
    /// It was made.
    case open
    /// Something was broken on the way.
    case into(Path)
    /// Nobody listened.
    case refused
    /// Nothing can be said.
    case unknown
  }

  /// What the program has written.
  enum Data {
    /// Everything is acknowledged.
    case none
    /// It cannot be acknowledged since then.
    case unacknowledged(Occurrence, bytes: Int)
    /// The other end's window is full since then.
    case stuck(Occurrence)
  }

  /// When the program called connect, or its accept returned.
  var start: Occurrence
  var opening: Opening
  /// When something was last received.
  var received: Occurrence
  var data = Data.none
  /// When something came between the two ends.
  var brokenSince: Occurrence?
  /// When the program closed its end.
  var closed: Occurrence?
  /// Whether the program still holds the socket, and has only shut it down.
  var isHeld = false
  /// Whether it did so before the other end's program.
  var closedFirst = false
  /// Whether the other end's kernel has acknowledged the FIN, and when its own FIN came.
  var finAcknowledged = false
  var otherClosed: Occurrence?
  /// Whether the other end's host has forgotten it.
  var isForgotten = false
  /// Whether the middle box has lost its table since something last passed.
  var isForgottenByBox = false
  /// Whether packets come in at moments that nobody foresees; it matters to a connection that is idle.
  var isDisturbed = false
  /// Whether what happened to it is beyond what the forecaster knows.
  var isUncertain = false
}
