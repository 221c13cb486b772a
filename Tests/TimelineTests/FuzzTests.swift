import Testing
import Timeline

/// Random bytes and random changes to good lines: nothing traps, and what is read is written and read again alike.
@Suite struct FuzzTests {
  /// A generator with a seed (SplitMix64), so that a failure can be had again.
  struct Random: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var value = state
      value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
      return value ^ (value >> 31)
    }
  }

  private static let pieces = [
    "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "d83d", "0", "-", "1e", ".", "null", "true", "\"t\":", "\"kind\":",
    "\"call\"", "\n", " ", "9223372036854775807", "é", "\u{0}", "\"\"",
  ]

  @Test(arguments: 0..<8 as Range<UInt64>)
  func changedLines(seed: UInt64) {
    var random = Random(state: seed)
    let lines = EventTests.bodies.map { Array(Event(time: .zero, host: "kang", body: $0).line.utf8) }
    for _ in 0..<4000 {
      var line = lines[Int.random(in: 0..<lines.count, using: &random)]
      for _ in 0...Int.random(in: 0..<4, using: &random) {
        let place = Int.random(in: 0...line.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: line.removeSubrange(place..<min(line.count, place + Int.random(in: 0..<9, using: &random)))
        case 1: line.insert(UInt8.random(in: 0...255, using: &random), at: place)
        case 2: line.insert(contentsOf: FuzzTests.pieces.randomElement(using: &random)?.utf8 ?? "".utf8, at: place)
        default: if place < line.count { line[place] = UInt8.random(in: 0...255, using: &random) }
        }
      }
      check(line)
    }
  }

  @Test(arguments: 100..<104 as Range<UInt64>)
  func randomPieces(seed: UInt64) {
    var random = Random(state: seed)
    for _ in 0..<4000 {
      let count = Int.random(in: 0..<30, using: &random)
      check(Array((0..<count).map { _ in FuzzTests.pieces.randomElement(using: &random) ?? "" }.joined().utf8))
    }
  }

  private func check(_ bytes: [UInt8]) {
    let timeline = SavedTimeline(bytes: bytes)
    let again = SavedTimeline(bytes: Array(timeline.events.map { $0.line + "\n" }.joined().utf8))
    #expect(again.events == timeline.events)
    #expect(again.mistakes.filter { !$0.message.hasPrefix("format version") } == [])
    if let value = try? JSON(text: String(decoding: bytes, as: UTF8.self)) {
      #expect((try? JSON(text: value.text)) == value)
    }
  }
}
