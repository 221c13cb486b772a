import Glibc
import Testing

@testable import Packets

/// Recorded packets with bytes changed, cut and joined by chance: the same in every run.
@Suite struct FuzzTests {
  private static let corpus = Golden.all.flatMap { Golden.records($0) }.map(\.bytes)

  private static func mutated(_ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = corpus.randomElement(using: &generator) ?? []
    for _ in 0..<Int.random(in: 1...6, using: &generator) {
      guard !bytes.isEmpty else { break }
      // Headers are where the decisions are.
      let index = Int.random(in: 0..<min(bytes.count, Bool.random(using: &generator) ? 80 : .max), using: &generator)
      switch Int.random(in: 0..<6, using: &generator) {
      case 0: bytes[index] = UInt8.random(in: 0...255, using: &generator)
      case 1: bytes[index] = [0, 1, 0x7f, 0x80, 0xff].randomElement(using: &generator) ?? 0
      case 2: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
      case 3: bytes.removeLast(bytes.count - index)
      case 4: bytes.insert(contentsOf: (corpus.randomElement(using: &generator) ?? []).prefix(40), at: index)
      default: bytes.remove(at: index)
      }
    }
    return bytes
  }

  @Test func noBytesCrashTheReadersAndTheTracker() {
    var generator = SeededGenerator(seed: 20_26)
    var tracker = FlowTracker()
    var matcher = WireMatcher(grace: 1000)
    var writer = PcapNG()
    _ = writer.interface(.init(name: "fuzz", description: ""))
    for round in 0..<10_000 {
      let bytes = Self.mutated(&generator)
      let length = Bool.random(using: &generator) ? nil : Int.random(in: 0...70_000, using: &generator)
      let packet = Packet(bytes, length: length, link: round % 8 == 0 ? .rawIP : .ethernet)
      #expect(packet.length >= bytes.count)
      if let segment = packet.tcp { #expect(segment.payload.count <= segment.length) }
      // What was read without a defect, and wholly, is written as it was, without the padding of the frame.
      if packet.defects.isEmpty, let written = packet.bytes { #expect(bytes.starts(with: written)) }
      let observation = tracker.observe(packet, at: Int64(round) * Int64.random(in: 0...1_000_000, using: &generator))
      #expect(!observation.line(names: Golden.names).contains("\n"))
      _ = matcher.sent(bytes, length: length, at: Int64(round), id: round)
      if round % 3 == 0 { _ = matcher.received(bytes, length: length, at: Int64(round), id: round) }
      if round % 100 == 0 { _ = matcher.settle(at: Int64(round)) }
      let block = writer.packet(.init(interface: 0, time: Int64(round), bytes: bytes, length: length))
      #expect(block.count % 4 == 0)
    }
  }

  /// What `make fuzz` begins with, and every input that once crashed a reader.
  @Test(arguments: corpusFiles)
  func noInputOfTheFuzzersCorpusCrashes(name: String) throws {
    var rest = try #require(Self.contents(of: Self.corpusDirectory + name))[...]
    var tracker = FlowTracker()
    var time: Int64 = 0
    while let length = rest.popFirst(), let delay = rest.popFirst() {
      let bytes = Array(rest.prefix(Int(length)))
      rest = rest.dropFirst(Int(length))
      time += Int64(delay) * 5_000_000
      let packet = Packet(bytes, link: delay & 1 == 0 ? .ethernet : .rawIP)
      #expect(!tracker.observe(packet, at: time).line().isEmpty)
    }
  }

  @Test func theFuzzersCorpusIsThere() {
    #expect(Self.corpusFiles.count >= 12)
  }

  private static let corpusDirectory =
    #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/fuzz/corpus/packets/"

  private static let corpusFiles: [String] = {
    guard let directory = unsafe opendir(corpusDirectory) else { return [] }
    defer { unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    return names.sorted()
  }()

  private static func contents(of path: String) -> [UInt8]? {
    guard let file = unsafe fopen(path, "r") else { return nil }
    defer { unsafe fclose(file) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = unsafe fread(&bytes, 1, bytes.count, file)
    return Array(bytes.prefix(count))
  }

  @Test func noTextCrashesTheReaderOfAddresses() {
    var generator = SeededGenerator(seed: 7)
    let letters = Array("0123456789abcdef:::...%+-g ü")
    for _ in 0..<20_000 {
      let length = Int.random(in: 0...24, using: &generator)
      let text = String((0..<length).map { _ in letters.randomElement(using: &generator) ?? ":" })
      if let address = IPAddress(text) { #expect(IPAddress(address.description) == address) }
    }
  }
}

/// A generator whose numbers are the same in every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
