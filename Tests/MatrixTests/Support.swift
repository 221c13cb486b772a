import LabScript
import Matrix
import Testing
import Timeline
import TimerModel

/// The kernel of all expected figures: Linux 6.18, HZ 250, its default settings.
let linux = Kernel(version: KernelVersion(6, 18), rate: .hz250)

/// The cell of a failure and a column's settings.
func cell(_ failure: String, _ settings: String = "x: ", kernel: Kernel = linux) throws -> Cell {
  let failure = try #require(Failure.named(failure))
  return Cell(failure, try Tuning(text: settings, fallback: "x"), kernel: kernel, watch: .seconds(20))
}

/// What a mistaken call says.
func mistake(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return (error as? Mistake)?.description
  }
}

/// A small matrix with every kind of cell.
func sample() -> MatrixResult {
  var matrix = MatrixResult(
    world: "real",
    kernel: "6.18.44",
    hz: 250,
    watch: .seconds(20),
    failures: ["connecting-syn-lost", "idle-frozen", "sending-drop"].compactMap { Failure.named($0) },
    tunings: [Tuning("defaults"), Tuning("mine", options: SocketOptions(userTimeout: 9000))]
  )
  let late = Predicted.End(
    earliest: .milliseconds(133_120),
    latest: .milliseconds(135_424),
    errorName: "ETIMEDOUT",
    limit: "tcp_syn_retries",
    explanation: "a sentence, \"quoted\""
  )
  let soon = Predicted.End(
    earliest: .milliseconds(9410),
    latest: .milliseconds(9680),
    errorName: "ETIMEDOUT",
    limit: "user timeout"
  )
  matrix.cells = [
    CellResult(failure: "connecting-syn-lost", tuning: "defaults", predicted: .ends(late), remark: "too long"),
    CellResult(
      failure: "connecting-syn-lost",
      tuning: "mine",
      predicted: .ends(soon),
      inRun: .init(earliest: .milliseconds(9412), latest: .milliseconds(9416)),
      measured: .told(.init(after: .milliseconds(9420), call: "connect", errorName: "ETIMEDOUT")),
      agrees: true
    ),
    CellResult(
      failure: "idle-frozen",
      tuning: "defaults",
      predicted: .never(reason: "it lives"),
      measured: .nothing(watched: .seconds(20)),
      agrees: true
    ),
    CellResult(
      failure: "idle-frozen",
      tuning: "mine",
      predicted: .never(reason: "it lives"),
      measured: .told(.init(after: .milliseconds(3), call: "read", errorName: nil)),
      agrees: false,
      remark: "it came, which nobody expected",
      attempts: 2
    ),
    CellResult(
      failure: "sending-drop",
      tuning: "defaults",
      predicted: .unknown,
      measured: .broken(reason: "=the lab\nwas broken"),
      agrees: false,
      remark: "=the lab\nwas broken"
    ),
    CellResult(
      failure: "sending-drop",
      tuning: "mine",
      predicted: .ends(soon),
      measured: .before(.init(after: .zero, call: "read", errorName: "ETIMEDOUT"))
    ),
  ]
  return matrix
}
