/// The parts of an ELF file for 64-bit little-endian machines that booting and loading need: sections and notes.
///
/// See elf(5). Every offset and length in the file is taken for a claim: a wrong one is `nil`, never a crash.
struct ElfFile {
  private let bytes: [UInt8]

  /// The file, if its header is that of a 64-bit little-endian ELF file.
  init?(_ bytes: [UInt8]) {
    guard bytes.count >= 64, bytes.starts(with: [0x7F, 0x45, 0x4C, 0x46, 2, 1]) else { return nil }
    self.bytes = bytes
  }

  /// The bytes of the section called `name`; `nil` if there is none, or it does not lie within the file.
  func section(_ name: String) -> ArraySlice<UInt8>? {
    guard let table = number(at: 0x28, 8), let size = number(at: 0x3A, 2), let count = number(at: 0x3C, 2),
      let namesIndex = number(at: 0x3E, 2), size >= 64, namesIndex < count,
      let names = contents(header: table, size, namesIndex)
    else { return nil }
    let wanted = Array(name.utf8) + [0]
    for index in 0..<count {
      guard let start = number(at: table + index * size, 4), start < names.count else { continue }
      if names[(names.startIndex + start)...].starts(with: wanted) { return contents(header: table, size, index) }
    }
    return nil
  }

  /// Whether the program can be entered directly by a virtual machine: it has Xen's note with the 32-bit entry point.
  ///
  /// The note's type is `XEN_ELFNOTE_PHYS32_ENTRY`, 18; see Documentation/arch/x86 of Xen, "PVH".
  var hasDirectEntry: Bool {
    guard let table = number(at: 0x20, 8), let size = number(at: 0x36, 2), let count = number(at: 0x38, 2), size >= 56
    else { return false }
    return (0..<count).contains { index in
      let header = table + index * size
      guard number(at: header, 4) == 4 /* PT_NOTE */, let offset = number(at: header + 8, 8),
        let length = number(at: header + 32, 8), let notes = range(offset, length)
      else { return false }
      return holdsEntryNote(notes)
    }
  }

  /// How many of the file's bytes the kernel loads (`PT_LOAD`), counted from its beginning; what stands behind them is for
  /// debuggers and linkers.
  ///
  /// The file's beginning, with the program headers, is enough to tell. `nil` if it loads nothing.
  var loadedLength: Int? {
    guard let table = number(at: 0x20, 8), let size = number(at: 0x36, 2), let count = number(at: 0x38, 2), size >= 56
    else { return nil }
    return (0..<count).compactMap { index -> Int? in
      let header = table + index * size
      guard number(at: header, 4) == 1, let offset = number(at: header + 8, 8),
        let length = number(at: header + 32, 8)
      else { return nil }
      return offset + length
    }.max()
  }

  /// The file without what is not loaded; its table of sections is gone with that.
  var loaded: [UInt8] {
    guard let length = loadedLength, length >= 64, length < bytes.count else { return bytes }
    var rest = Array(bytes.prefix(length))
    // e_shoff, and e_shnum with e_shstrndx.
    for place in [0x28..<0x30, 0x3C..<0x40] { rest.replaceSubrange(place, with: place.map { _ in 0 }) }
    return rest
  }

  private func holdsEntryNote(_ notes: Range<Int>) -> Bool {
    var place = notes.lowerBound
    while place + 12 <= notes.upperBound, let nameLength = number(at: place, 4), let length = number(at: place + 4, 4) {
      let name = place + 12
      if number(at: place + 8, 4) == 18, nameLength == 4,
        range(name, 4).map({ Array(bytes[$0]) }) == Array("Xen\0".utf8)
      {
        return true
      }
      place = name + (nameLength + 3) / 4 * 4 + (length + 3) / 4 * 4
    }
    return false
  }

  private func contents(header table: Int, _ size: Int, _ index: Int) -> ArraySlice<UInt8>? {
    let header = table + index * size
    guard let offset = number(at: header + 0x18, 8), let length = number(at: header + 0x20, 8),
      let place = range(offset, length)
    else { return nil }
    return bytes[place]
  }

  private func range(_ offset: Int, _ length: Int) -> Range<Int>? {
    guard offset >= 0, length >= 0, offset <= bytes.count, length <= bytes.count - offset else { return nil }
    return offset..<offset + length
  }

  /// The unsigned number of `width` bytes at `offset`; `nil` outside the file, or if it is larger than any file.
  private func number(at offset: Int, _ width: Int) -> Int? {
    LittleEndian.number(in: bytes, at: offset, width)
  }
}

/// Numbers as x86 stores them.
enum LittleEndian {
  /// The unsigned number of `width` bytes at `offset`; `nil` outside the bytes, or above 2^48, more than any file has.
  static func number(in bytes: [UInt8], at offset: Int, _ width: Int) -> Int? {
    guard offset >= 0, offset <= bytes.count - width else { return nil }
    var value: UInt64 = 0
    for place in (0..<width).reversed() { value = value << 8 | UInt64(bytes[offset + place]) }
    return value < 1 << 48 ? Int(value) : nil
  }
}
