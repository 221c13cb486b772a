internal import CLinux
internal import Sockets

/// The layout of the kernel's own structures, as it tells it in `/sys/kernel/btf/vmlinux` (BTF, see
/// Documentation/bpf/btf.rst).
///
/// Only so much is read as it takes to find a member of a named structure.
public struct TypeInformation: Sendable {
  /// The descriptions of the types, one after the other.
  private let types: [UInt8]
  /// Their names, a zero byte before and behind each.
  private let strings: [UInt8]

  /// Reads the header; `nil` if this is no BTF in the machine's own byte order, or is cut off.
  public init?(_ bytes: [UInt8]) {
    self.init(upTo: .max) { offset, count in
      offset + count <= bytes.count ? Array(bytes[offset..<offset + count]) : []
    }
  }

  /// Reads an open file of BTF; `nil` if it is none.
  ///
  /// - Parameter limit: How many bytes of the types, and of the names, are read at most. What is found in them is what would
  ///   be found in all; some megabytes are much for a lab that wants to begin.
  public init?(file: CInt, upTo limit: Int = .max) {
    self.init(upTo: limit) { offset, count in FileIO.bytes(file, at: offset, count: count) }
  }

  private init?(upTo limit: Int, read: (_ offset: Int, _ count: Int) -> [UInt8]) {
    let header = read(0, TypeInformation.headerSize)
    guard TypeInformation.word(header, at: 0).map({ $0 & 0xFFFF }) == 0xEB9F,
      let headerLength = TypeInformation.word(header, at: 4), let typeOffset = TypeInformation.word(header, at: 8),
      let typeLength = TypeInformation.word(header, at: 12), let stringOffset = TypeInformation.word(header, at: 16),
      let stringLength = TypeInformation.word(header, at: 20)
    else { return nil }
    types = read(headerLength + typeOffset, min(typeLength, limit))
    strings = read(headerLength + stringOffset, min(stringLength, limit))
    guard types.count == min(typeLength, limit), strings.count == min(stringLength, limit) else { return nil }
  }

  private static let headerSize = 24

  private static func word(_ bytes: [UInt8], at offset: Int) -> Int? {
    guard offset >= 0, offset + 4 <= bytes.count else { return nil }
    return unsafe bytes.withUnsafeBytes { unsafe Int($0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
  }

  /// Where a name stands among the strings, or `nil`.
  private func place(of name: String) -> Int? {
    let wanted = [0] + Array(name.utf8) + [0]
    return unsafe strings.withUnsafeBytes { all -> Int? in
      guard let start = all.baseAddress else { return nil }
      guard let found = unsafe memmem(start, all.count, wanted, wanted.count) else { return nil }
      return unsafe UnsafeRawPointer(found) - start + 1
    }
  }

  /// How many bytes of a structure lie before the member of this name; `nil` if there is no such structure, or no such
  /// member in it, or if it does not begin at a byte.
  public func offset(of member: String, in structure: String) -> Int? {
    guard let memberName = place(of: member), let structureName = place(of: structure) else { return nil }
    for place in places(of: structureName) {
      guard let info = TypeInformation.word(types, at: place + 4) else { return nil }
      for index in 0..<(info & 0xFFFF) {
        let place = place + 12 + 12 * index
        guard TypeInformation.word(types, at: place) == memberName,
          let bits = TypeInformation.word(types, at: place + 8)
        else { continue }
        // With the highest bit of the information set, a bit field's width stands in the upper byte.
        let position = info >> 31 == 1 ? bits & 0xFF_FFFF : bits
        return position % 8 == 0 ? position / 8 : nil
      }
    }
    return nil
  }

  /// Where the structures of this name are described.
  ///
  /// A kernel has a hundred thousand types: this reads without asking for each byte whether it is there.
  private func places(of structure: Int) -> [Int] {
    unsafe types.withUnsafeBytes { all in
      var found: [Int] = []
      var offset = 0
      while offset + 12 <= all.count {
        let name = unsafe all.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
        let info = unsafe all.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)
        let kind = Int(info >> 24 & 0x1F)
        guard let length = TypeInformation.length(kind: kind, count: Int(info & 0xFFFF)) else { break }
        if kind == TypeInformation.structKind, Int(name) == structure { found.append(offset) }
        offset += 12 + length
      }
      return found
    }
  }

  private static let structKind = 4

  /// The bytes that follow the twelve of a type of this kind; `nil` for a kind that is not known.
  private static func length(kind: Int, count: Int) -> Int? {
    switch kind {
    case 2, 7, 8, 9, 10, 11, 12, 16, 18: 0  // PTR, FWD, TYPEDEF, VOLATILE, CONST, RESTRICT, FUNC, FLOAT, TYPE_TAG
    case 1, 14, 17: 4  // INT, VAR, DECL_TAG
    case 3: 12  // ARRAY
    case 4, 5: 12 * count  // STRUCT, UNION
    case 6, 13: 8 * count  // ENUM, FUNC_PROTO
    case 15, 19: 12 * count  // DATASEC, ENUM64
    default: nil
    }
  }
}
