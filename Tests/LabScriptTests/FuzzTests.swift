import LabScript
import Testing

/// Labs with random damage: reading them never crashes, always ends, and places every mistake within the file.
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

  static let lab = Array(
    """
    title     Fuzz $$
    network   routed
    host      kang at 10.88.1.10
    host      kodos
    parameter d = 15s # comment
    sysctl on kang tcp_retries2 = 5
    peer      server on kodos: sh -c 'dnc "x"'
    peer      client on kang:  dnc "ko\\tdos" ${d}8080
    published client read fails ETIMEDOUT after 5m11s (illumos)
    start     server
    wait      kodos listens on 8080 within $d
    start     client
    after 1s  drop the next 3 from kang to kodos port 80 flags FIN,ACK length 60..1500
    reject    everything from kang to kodos with tcp-reset
    client    types "kodos, \\"日本\\" there?"
    expect    client write returns 22 between 1s and 2s
    expect    client is told nothing
              for 20m
    expect    kang retransmits at least 3 times
    cut into kodos
    power cycle kodos
    expect    kodos connection port 8080 stays TIME_WAIT for 1m
    """.utf8
  )

  /// What is put in: bytes and words that mean something to the reader.
  static let pieces: [[UInt8]] =
    [
      "\n", " ", "\t", "\"", "'", "$", "${", "}", "$$", "#", "\\", ":", "=", "..", "\r\n", "\u{0}", "日", "\u{301}",
      "\u{200D}",
      "\u{202E}", "9", "99999999999999999999", "-1", "s", "expect ", "client ", "kodos ", "\n  ", "\nafter 1s ",
      "\nhost ",
      "\npeer x on kang: ", "\nparameter p = ", "power off kodos\n", "for 5s", "between ", "E", "(", ")",
    ].map { Array($0.utf8) } + [[0xFF], [0xC3], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xEF, 0xBB, 0xBF]]

  private func mutated(_ numbers: inout Numbers) -> [UInt8] {
    // Some of the lines, so that every read is short.
    let lines = Self.lab.split(separator: 0x0A, omittingEmptySubsequences: false)
    let wanted = Int.random(in: 1...4, using: &numbers)
    let isKept = lines.map { _ in Int.random(in: 0..<4, using: &numbers) < wanted }
    var bytes = Array(zip(lines, isKept).filter { $0.1 }.map { $0.0 }.joined(separator: [0x0A]))
    for _ in 0..<Int.random(in: 1...6, using: &numbers) {
      let place = Int.random(in: 0...bytes.count, using: &numbers)
      let end = min(bytes.count, place + Int.random(in: 0...12, using: &numbers))
      switch Int.random(in: 0..<5, using: &numbers) {
      case 0: bytes.removeSubrange(place..<end)
      case 1: bytes.insert(contentsOf: Self.pieces.randomElement(using: &numbers) ?? [], at: place)
      case 2: bytes.replaceSubrange(place..<end, with: Self.pieces.randomElement(using: &numbers) ?? [])
      case 3:
        let from = Int.random(in: 0..<Self.lab.count, using: &numbers)
        bytes.insert(contentsOf: Self.lab[from..<min(Self.lab.count, from + 40)], at: place)
      default:
        if place < bytes.count { bytes[place] = UInt8.random(in: 0...255, using: &numbers) }
      }
    }
    return bytes
  }

  @Test func theUndamagedLabIsRight() throws {
    _ = try script(String(decoding: Self.lab, as: UTF8.self))
  }

  /// What is wrong with the mistakes that were told.
  private func fault(in mistakes: [Diagnostic], lines: Int) -> String? {
    if mistakes.isEmpty { return "refused without a reason" }
    for mistake in mistakes {
      if mistake.message.isEmpty { return "an empty message" }
      if mistake.column < 1 || mistake.length < 1 || !(0...max(1, lines)).contains(mistake.line) {
        return "a place outside of the file: \(mistake.rendered)"
      }
      if mistake.source.count > 122 || !mistake.rendered.hasPrefix("labs/fuzz.lab") { return "a bad rendering" }
    }
    let isOrdered = zip(mistakes, mistakes.dropFirst()).allSatisfy { ($0.line, $0.column) <= ($1.line, $1.column) }
    return isOrdered ? nil : "mistakes out of order"
  }

  @Test(arguments: 0..<20)
  func damagedLabsAreReadOrRefused(seed: UInt64) {
    var numbers = Numbers(state: seed)
    var refused = 0
    for _ in 0..<200 {
      let bytes = mutated(&numbers)
      let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
      switch Script.read(text: bytes, path: "labs/fuzz.lab", settings: [("d", "5s")]) {
      case .script: continue
      case .mistakes(let mistakes):
        refused += 1
        if let fault = fault(in: mistakes, lines: lines.count) { Issue.record("\(fault), seed \(seed)") }
      }
    }
    #expect(refused > 100)
  }
}
