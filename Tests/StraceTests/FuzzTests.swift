import Strace
import Testing
import Timeline

/// Recorded traces with bytes changed, cut and joined by chance, in pieces of any size: reading them never crashes.
@Suite struct FuzzTests {
  /// SplitMix64: a seed gives the same numbers everywhere.
  struct Numbers: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var number = state
      number = (number ^ (number >> 30)) &* 0xBF58_476D_1CE4_E5B9
      number = (number ^ (number >> 27)) &* 0x94D0_49BB_1331_11EB
      return number ^ (number >> 31)
    }
  }

  static let lines: [[UInt8]] = Recorded.names.flatMap { name in
    ((try? Recorded.bytes(name)) ?? []).split(separator: 0x0A).map(Array.init)
  }

  /// What means something to the reader.
  static let pieces: [[UInt8]] =
    [
      "\n", " ", "\"", "\\", "(", ")", "[", "]", "{", "}", "<", ">", "->", "<<", ",", "=", " = ", "?", "-1", " E",
      "0x", "99999999999999999999", "TCP:[", "TCPv6:[", "]>", "<unfinished ...>", "<... poll resumed>", "+++ ", "--- ",
      "fd=", "events=", "revents=", "u64=", "in [", "_port=htons(", "inet_addr(\"", "\u{202E}", "7 1.5 ", "poll([{",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0]]

  private func mutated(_ numbers: inout Numbers) -> [UInt8] {
    let start = Int.random(in: 0..<Self.lines.count, using: &numbers)
    var bytes = Array(Self.lines[start..<min(Self.lines.count, start + 4)].joined(separator: [0x0A])) + [0x0A]
    for _ in 0..<Int.random(in: 1...6, using: &numbers) {
      let place = Int.random(in: 0...bytes.count, using: &numbers)
      let end = min(bytes.count, place + Int.random(in: 0...40, using: &numbers))
      switch Int.random(in: 0..<5, using: &numbers) {
      case 0: bytes.removeSubrange(place..<end)
      case 1: bytes.insert(contentsOf: Self.pieces.randomElement(using: &numbers) ?? [], at: place)
      case 2: bytes.replaceSubrange(place..<end, with: Self.pieces.randomElement(using: &numbers) ?? [])
      case 3: bytes.insert(contentsOf: (Self.lines.randomElement(using: &numbers) ?? []).prefix(60), at: place)
      default: if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &numbers) }
      }
    }
    return bytes
  }

  @Test(arguments: 0..<10)
  func damagedTracesAreRead(seed: UInt64) {
    var numbers = Numbers(state: seed)
    var reader = StraceReader()
    var calls = 0
    for _ in 0..<400 {
      let bytes = mutated(&numbers)
      let cut = Int.random(in: 0...bytes.count, using: &numbers)
      var told = reader.take(Array(bytes[..<cut]), clockOffset: 0)
      if let due = reader.due { told += reader.overdue(at: due) }
      told += reader.take(Array(bytes[cut...]), clockOffset: .random(in: .min ... .max, using: &numbers))
      for item in told {
        switch item {
        case .call(_, let call):
          calls += 1
          // A call is to be found in the manual, and written and read again it is the same.
          var object = call.json
          if SystemCall(taking: &object) != call { Issue.record("\(call) does not survive, seed \(seed)") }
        case .unreadable(let line):
          if line.isEmpty || line.unicodeScalars.count > 200 { Issue.record("a bad excerpt, seed \(seed)") }
        }
      }
    }
    #expect(calls > 200)
  }
}
