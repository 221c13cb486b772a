import Testing
import Timeline

@testable import Drawing

@Suite struct AxisTests {
  private let scene = Example.scene()

  private func axis(_ kind: TimeAxis = .folded, level: UInt8 = 0) -> Axis {
    Axis(scene, level: level, top: 0, kind: kind)
  }

  @Test func theLogarithmIsExactEnoughForPixels() {
    for (value, expected) in [
      (1.0, 0.0), (10, 1), (1000, 3), (2, 0.301_029_995_7), (0.5, -0.301_029_995_7), (9.99, 0.999_565_488),
    ] {
      #expect(abs(log10(value) - expected) < 1e-6)
    }
    for value in [0, -1, .infinity, .nan] as [Double] { #expect(log10(value) == 0) }
  }

  @Test func idleStretchesAreFoldedAndSayWhatWentOn() {
    let folds = axis().folds
    // The published moment, and the beginning of the window, are shown within what would be one fold.
    #expect(
      folds.map(\.text) == [
        "4.791s, nothing but kang's retransmission timer", "3.100s, nothing but kang's retransmission timer",
      ]
    )
    for fold in folds { #expect(fold.bottom - fold.top < 40 && fold.bottom - fold.top > 20) }
  }

  @Test func aFoldWithoutATimerSaysThatNoneIsArmed() {
    let events = [
      Example.event(0, host: "kang", .socket(Example.socket(.established))),
      Example.event(500, host: "kang", peer: "client", .call(SystemCall(name: "poll", phase: .enter))),
      Example.event(2000, host: "kang", .socketGone(Example.socket(.established))),
      Example.event(5000, .note("after")),
    ]
    let scene = Example.scene(events, verdicts: [])
    #expect(
      Axis(scene, level: 0, top: 0, kind: .folded).folds.map(\.text) == [
        "2s, nothing at all: no timer is armed (1 event not shown)", "3s, nothing",
      ]
    )
  }

  @Test(arguments: [TimeAxis.folded, .linear], [UInt8(0), 1, 2])
  func timeOnlyGoesDownwards(kind: TimeAxis, level: UInt8) {
    let axis = axis(kind, level: level)
    for (before, after) in zip(axis.knots, axis.knots.dropFirst()) {
      #expect(before.time <= after.time && before.y <= after.y)
    }
    var last = -Double.infinity
    for milliseconds in stride(from: 0, through: 9300, by: 7) {
      let y = axis.y(Moment(nanoseconds: Int64(milliseconds) * 1_000_000))
      #expect(y >= last)
      last = y
    }
  }

  @Test(arguments: [UInt8(0), 1, 2]) func noRowIsWrittenOverAnother(level: UInt8) {
    let axis = axis(level: level)
    var taken: [Int: Double] = [:]
    for (index, item) in scene.items.enumerated() {
      guard item.level <= level else { continue }
      guard let y = axis.rows[index] else {
        Issue.record("\(item.text) has no row")
        continue
      }
      for column in scene.columns(of: item) {
        #expect(y - item.ascent >= (taken[column] ?? -100) - 0.001, "\(item.text)")
        taken[column] = y + item.descent
      }
    }
  }

  @Test func aLinearAxisIsToScale() {
    let axis = axis(.linear)
    let (a, b, c) = (
      axis.y(Moment(nanoseconds: 1_000_000_000)), axis.y(Moment(nanoseconds: 2_000_000_000)),
      axis.y(Moment(nanoseconds: 4_000_000_000))
    )
    #expect(abs((c - b) - 2 * (b - a)) < 0.01)
    #expect(axis.folds.isEmpty)
    // Of what stands in one place the fault is shown, and not the statement that asked for it.
    let texts = axis.rows.keys.map { scene.items[$0].text }
    #expect(texts.contains("power off kodos") && texts.contains("read(socket) = -1 ETIMEDOUT"))
    #expect(!texts.contains("SYN-ACK"))
  }

  @Test func anEmptySceneHasAnAxis() {
    let axis = Axis(Scene(), level: 0, top: 10, kind: .folded)
    #expect(axis.bottom == 10 && axis.y(.zero) == 10)
  }
}
