/// What was seen of a cell when its lab was run.
public enum Measured: Hashable, Sendable {
  /// The program was told.
  case told(Told)
  /// It was told nothing, as long as it was watched.
  case nothing(watched: Duration)
  /// It was told before the failure came: the settings end the connection while the stage is set.
  case before(Told)
  /// The lab did not come that far, or not as it says.
  case broken(reason: String)

  /// What a program was told.
  public struct Told: Hashable, Sendable {
    /// How long after the failure; in a case of connecting, how long the call took.
    public var after: Duration
    /// The call that told it: `connect`, `read`; `exit` where the program ended without one.
    public var call: String
    /// The errno's name; `nil` where the call returned, at the end of the stream for example.
    public var errorName: String?

    /// News.
    public init(after: Duration, call: String, errorName: String?) {
      self.after = after
      self.call = call
      self.errorName = errorName
    }
  }
}

/// A cell with what came of it.
public struct CellResult: Hashable, Sendable {
  /// The row's name.
  public var failure: String
  /// The column's name.
  public var tuning: String
  /// What the timer model says, whatever the phase of the timer wheel is.
  public var predicted: Predicted
  /// When that was in the run, where the run shows what armed the timer, and when; `nil` without a run.
  public var inRun: Window?
  /// What was seen; `nil` if the cell was not run.
  public var measured: Measured?
  /// Whether the two agree; `nil` if there is nothing to compare.
  public var agrees: Bool?
  /// Why they do not, or why the cell was not run; empty if there is nothing to say.
  public var remark: String
  /// How often the cell was run: twice where the first run did not agree.
  public var attempts: Int

  /// Between when and when an end was predicted.
  public struct Window: Hashable, Sendable {
    /// Not before this.
    public var earliest: Duration
    /// Not after this; `nil` if there is no upper bound.
    public var latest: Duration?

    /// A window.
    public init(earliest: Duration, latest: Duration?) {
      self.earliest = earliest
      self.latest = latest
    }
  }

  /// What came of a cell.
  public init(
    failure: String,
    tuning: String,
    predicted: Predicted,
    inRun: Window? = nil,
    measured: Measured? = nil,
    agrees: Bool? = nil,
    remark: String = "",
    attempts: Int = 1
  ) {
    self.failure = failure
    self.tuning = tuning
    self.predicted = predicted
    self.inRun = inRun
    self.measured = measured
    self.agrees = agrees
    self.remark = remark
    self.attempts = attempts
  }

  /// What the cell is called: `sending-power-off/both`.
  public var name: String { "\(failure)/\(tuning)" }
}
