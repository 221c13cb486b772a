import Sockets

@testable import VirtualTime

/// Files made for a test, byte by byte.
enum Made {
  /// The number in `width` bytes, the lowest first.
  static func number(_ value: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// A 64-bit ELF file with these sections, and the program header of a note with these bytes.
  static func elf(sections: [(name: String, contents: [UInt8])], note: [UInt8] = []) -> [UInt8] {
    var names: [UInt8] = [0]
    var body: [UInt8] = note
    var headers = [UInt8](repeating: 0, count: 64)
    let start = 64 + 56
    for section in sections + [(".shstrtab", [])] {
      let nameOffset = names.count
      names += Array(section.name.utf8) + [0]
      let contents = section.name == ".shstrtab" ? names : section.contents
      headers += number(nameOffset, 4) + [UInt8](repeating: 0, count: 20)
      headers += number(start + body.count, 8) + number(contents.count, 8) + [UInt8](repeating: 0, count: 24)
      body += contents
    }
    var header: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
    header += number(1, 2) + number(62, 2) + number(1, 4) + number(0, 8)
    header += number(64, 8) + number(start + body.count, 8) + number(0, 4)
    header += number(64, 2) + number(56, 2) + number(1, 2) + number(64, 2) + number(sections.count + 2, 2)
    header += number(sections.count + 1, 2)
    let program = number(4, 4) + number(4, 4) + number(start, 8) + number(0, 16) + number(note.count, 8) + number(0, 16)
    return header + program + body + headers
  }

  /// The note that says where a virtual machine may enter.
  static let entryNote = number(4, 4) + number(8, 4) + number(18, 4) + Array("Xen\0".utf8) + number(0x100_0000, 8)

  /// A module that says this of itself.
  static func module(_ lines: [String]) -> [UInt8] {
    elf(sections: [(".text", [0x90, 0xC3]), (".modinfo", Array(lines.map { $0 + "\0" }.joined().utf8))])
  }

  /// A bzImage with this payload, which is followed by the length of what it unpacks to.
  static func bzImage(payload: [UInt8], unpackedSize: Int, release: String = "6.1.0-99-cloud-amd64") -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 1024)
    func put(_ number: [UInt8], at offset: Int) { bytes.replaceSubrange(offset..<offset + number.count, with: number) }
    put([1], at: 0x1F1)
    put(Array("HdrS".utf8), at: 0x202)
    put(number(0x020F, 2), at: 0x206)
    put(number(0x0100, 2), at: 0x20E)
    put(Array("\(release) (debian) #1 SMP\0".utf8), at: 0x300)
    put(number(16, 4), at: 0x248)
    put(number(payload.count + 4, 4), at: 0x24C)
    return bytes + [UInt8](repeating: 0xEE, count: 16) + payload + number(unpackedSize, 4) + [0xEE, 0xEE]
  }

  /// A directory that is removed when `body` is over.
  static func directory<Value>(_ body: (String) throws -> Value) throws -> Value {
    let path = try FileIO.makeTemporaryDirectory(in: "/tmp", prefix: "halfopen-test-")
    defer { try? FileIO.remove(path) }
    return try body(path)
  }

  /// Writes a file and the directories above it.
  static func write(_ bytes: [UInt8], to path: String) throws {
    if let slash = path.lastIndex(of: "/") { try FileIO.makeDirectories(String(path[..<slash])) }
    try FileIO.write(bytes, toNew: path)
  }
}

/// Numbers for hostile input, the same ones in every run.
struct Dice {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// The next number below `limit`.
  mutating func roll(_ limit: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % limit
  }

  /// `bytes` with some of them changed and perhaps the end cut off.
  mutating func damage(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0...roll(8) { bytes[roll(bytes.count)] = UInt8(roll(256)) }
    return roll(4) == 0 ? Array(bytes.prefix(roll(bytes.count))) : bytes
  }
}
