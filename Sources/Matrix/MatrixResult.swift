/// A matrix that was run: rows, columns and what came of each cell.
public struct MatrixResult: Hashable, Sendable {
  /// A row.
  public struct Row: Hashable, Sendable {
    /// Its name: `sending-power-off`.
    public var name: String
    /// What the program does: `sending`.
    public var group: String
    /// What goes wrong, in a few words.
    public var title: String

    /// A row.
    public init(name: String, group: String, title: String) {
      self.name = name
      self.group = group
      self.title = title
    }
  }

  /// A column.
  public struct Column: Hashable, Sendable {
    /// Its name.
    public var name: String
    /// What is set, one thing each: `keepalive 2s,3s,3`.
    public var settings: [String]
    /// What its source says besides.
    public var remarks: [String]

    /// A column.
    public init(name: String, settings: [String], remarks: [String] = []) {
      self.name = name
      self.settings = settings
      self.remarks = remarks
    }
  }

  /// `real`: this machine's kernel and clock; `virtual`: a guest's whose clock leaps over idleness.
  public var world: String
  /// The kernel's release.
  public var kernel: String
  /// Its timer frequency.
  public var hz: Int
  /// How long a cell is watched at most in which nothing should happen.
  public var watch: Duration
  /// The rows, in order.
  public var rows: [Row]
  /// The columns, in order.
  public var columns: [Column]
  /// The cells, row by row.
  public var cells: [CellResult]

  /// A matrix of which nothing is known yet.
  public init(world: String, kernel: String, hz: Int, watch: Duration, failures: [Failure], tunings: [Tuning]) {
    self.world = world
    self.kernel = kernel
    self.hz = hz
    self.watch = watch
    rows = failures.map { Row(name: $0.name, group: $0.group.rawValue, title: $0.title) }
    columns = tunings.map { Column(name: $0.name, settings: $0.parts, remarks: $0.remarks) }
    cells = []
  }

  init(world: String, kernel: String, hz: Int, watch: Duration) {
    self.init(world: world, kernel: kernel, hz: hz, watch: watch, failures: [], tunings: [])
  }

  /// The cell of a row and a column.
  public subscript(row: String, column: String) -> CellResult? {
    cells.first { $0.failure == row && $0.tuning == column }
  }

  /// How many cells were run.
  public var measuredCount: Int { cells.count { $0.measured != nil } }
  /// The cells that came out other than predicted.
  public var disagreeing: [CellResult] { cells.filter { $0.agrees == false } }

  /// Where the figures come from, in a sentence.
  public var origin: String {
    let clock = world == "virtual" ? "in virtual time" : "in real time"
    return "measured \(clock) on Linux \(kernel), HZ \(hz)"
  }
}
