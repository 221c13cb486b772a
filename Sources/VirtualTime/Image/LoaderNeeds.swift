/// What a program or library says it needs: the loader and the libraries, read from its own ELF headers.
///
/// Only 64-bit little-endian files are read, see elf(5). Whatever the bytes are, reading ends, and reads nothing outside.
struct LoaderNeeds: Hashable, Sendable {
  /// The program that loads it, such as `/lib64/ld-linux-x86-64.so.2`; `nil` for a library or a static program.
  var interpreter: String?
  /// The names of the libraries it needs (`DT_NEEDED`).
  var needed: [String] = []
  /// Where it says they are, for itself alone (`DT_RUNPATH`).
  var runPath: [String] = []
  /// Where it says they are, for itself and what it loads (`DT_RPATH`).
  var inheritedRunPath: [String] = []

  private struct Segment {
    var type: UInt64
    var offset: UInt64
    var address: UInt64
    var size: UInt64
  }

  /// Reads a file; `nil` if it is no 64-bit ELF file.
  ///
  /// - Parameter read: Gives bytes of the file from an offset on: as many as asked for, or fewer at its end.
  init?(read: (_ offset: Int, _ count: Int) -> [UInt8]) {
    let header = read(0, 64)
    guard header.count == 64, header.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]) else { return nil }
    let size = Int(header.number(at: 54, 2))
    let count = Int(header.number(at: 56, 2))
    guard size >= 56, let table = Int(exactly: header.number(at: 32, 8)) else { return nil }
    let programHeaders = read(table, size * count)
    let segments = (0..<programHeaders.count / size).map { index in
      Segment(
        type: programHeaders.number(at: index * size, 4),
        offset: programHeaders.number(at: index * size + 8, 8),
        address: programHeaders.number(at: index * size + 16, 8),
        size: programHeaders.number(at: index * size + 32, 8)
      )
    }
    if let segment = segments.first(where: { $0.type == 3 }), let offset = Int(exactly: segment.offset) {
      interpreter = read(offset, Int(clamping: min(segment.size, 4096))).text(at: 0)
    }
    readDynamicSection(segments, read)
  }

  private mutating func readDynamicSection(_ segments: [Segment], _ read: (Int, Int) -> [UInt8]) {
    guard let dynamic = segments.first(where: { $0.type == 2 }), let offset = Int(exactly: dynamic.offset) else {
      return
    }
    let section = read(offset, Int(clamping: min(dynamic.size, 1 << 16)))
    var entries: [(tag: UInt64, value: UInt64)] = []
    for start in stride(from: 0, to: section.count - 15, by: 16) {
      let tag = section.number(at: start, 8)
      if tag == 0 { break }
      entries.append((tag, section.number(at: start + 8, 8)))
    }
    guard let address = entries.first(where: { $0.tag == 5 })?.value,
      let length = entries.first(where: { $0.tag == 10 })?.value,
      let home = segments.first(where: { $0.type == 1 && $0.address <= address && address - $0.address < $0.size }),
      let start = Int(exactly: home.offset &+ (address - home.address))
    else { return }
    let strings = read(start, Int(clamping: min(length, 1 << 24)))
    func text(_ tag: UInt64) -> [String] {
      entries.filter { $0.tag == tag }.compactMap { entry in Int(exactly: entry.value).flatMap { strings.text(at: $0) }
      }
    }
    needed = text(1)
    runPath = text(29).flatMap { $0.split(separator: ":").map(String.init) }
    inheritedRunPath = text(15).flatMap { $0.split(separator: ":").map(String.init) }
  }
}

extension [UInt8] {
  /// The little-endian number of `count` bytes at `offset`; 0 where there are none.
  fileprivate func number(at offset: Int, _ count: Int) -> UInt64 {
    guard offset >= 0, offset + count <= self.count else { return 0 }
    return self[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The text from `offset` to the next zero byte; `nil` if it does not begin inside.
  fileprivate func text(at offset: Int) -> String? {
    guard offset >= 0, offset < count else { return nil }
    return String(decoding: self[offset...].prefix { $0 != 0 }, as: UTF8.self)
  }
}
