public import LabScript

/// One cell of the matrix: a failure, a column's settings, and the lab that shows what comes of the two.
public struct Cell: Sendable {
  /// The row.
  public let failure: Failure
  /// The column.
  public let tuning: Tuning
  /// The lab's text, which a person can save and change.
  public let text: String
  /// The lab, read from that text.
  public let script: Script
  /// What the timer model says; times count from the failure, or from the call of connect.
  public let predicted: Predicted
  /// The line of the statement that times count from.
  let deed: Int
  /// The line of the expectation that decides.
  let decisive: Int

  /// What the cell is called: `sending-power-off/both`.
  public var name: String { "\(failure.name)/\(tuning.name)" }

  /// What a file of the cell is called, without an ending.
  public var fileName: String { "\(failure.name)--\(tuning.name)" }

  /// How long it takes to see the end, the lab's building included; about.
  public var length: Duration {
    let building = Duration.seconds(2)
    switch predicted {
    case .ends(let end): return building + (end.latest ?? end.earliest)
    case .never, .unknown: return building + watch
    }
  }

  /// How long a cell is watched in which nothing should happen.
  public let watch: Duration
}

/// What the timer model says of a cell.
public enum Predicted: Hashable, Sendable {
  /// The program is told.
  case ends(End)
  /// It is told nothing, for this reason.
  case never(reason: String)
  /// The model does not follow this case.
  case unknown

  /// When and how a program is told.
  public struct End: Hashable, Sendable {
    /// Not before this.
    public var earliest: Duration
    /// Not after this; `nil` if there is no upper bound.
    public var latest: Duration?
    /// The errno's name; `nil` where none is predicted: the end of the stream is none.
    public var errorName: String?
    /// The rule that decides: `tcp_retries2`, `user timeout`, `FIN`.
    public var limit: String
    /// How the rule comes to it, in a sentence; empty if there is nothing to compute.
    public var explanation: String

    /// An end.
    public init(
      earliest: Duration,
      latest: Duration?,
      errorName: String?,
      limit: String,
      explanation: String = ""
    ) {
      self.earliest = earliest
      self.latest = latest
      self.errorName = errorName
      self.limit = limit
      self.explanation = explanation
    }
  }
}
