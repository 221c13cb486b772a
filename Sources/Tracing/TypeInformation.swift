internal import CLinux

/// The layout of the kernel's own structures, as it tells it in `/sys/kernel/btf/vmlinux` (BTF, see
/// Documentation/bpf/btf.rst).
///
/// Only so much is read as it takes to find a member of a named structure.
public struct TypeInformation: Sendable {
  private let bytes: [UInt8]
  private var types = 0..<0
  private var strings = 0..<0

  /// Reads the header; `nil` if this is no BTF in the machine's own byte order, or is cut off.
  public init?(_ bytes: [UInt8]) {
    self.bytes = bytes
    guard word16(at: 0) == 0xEB9F, let headerLength = word(at: 4), let typeOffset = word(at: 8),
      let typeLength = word(at: 12), let stringOffset = word(at: 16), let stringLength = word(at: 20)
    else { return nil }
    let (firstType, firstString) = (headerLength + typeOffset, headerLength + stringOffset)
    guard firstType + typeLength <= bytes.count, firstString + stringLength <= bytes.count else { return nil }
    types = firstType..<firstType + typeLength
    strings = firstString..<firstString + stringLength
  }

  private func word16(at offset: Int) -> Int? {
    guard offset >= 0, offset + 2 <= bytes.count else { return nil }
    return Int(bytes[offset]) | Int(bytes[offset + 1]) << 8
  }

  private func word(at offset: Int) -> Int? {
    guard offset >= 0, offset + 4 <= bytes.count else { return nil }
    return unsafe bytes.withUnsafeBytes { unsafe Int($0.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) }
  }

  /// Where a name stands among the strings, or `nil`.
  private func place(of name: String) -> Int? {
    let wanted = [0] + Array(name.utf8) + [0]
    return unsafe bytes.withUnsafeBytes { all -> Int? in
      guard let base = all.baseAddress, !strings.isEmpty else { return nil }
      let start = unsafe base + strings.lowerBound
      guard let found = unsafe memmem(start, strings.count, wanted, wanted.count) else { return nil }
      return unsafe UnsafeRawPointer(found) - start + 1
    }
  }

  /// How many bytes of a structure lie before the member of this name; `nil` if there is no such structure, or no such
  /// member in it, or if it does not begin at a byte.
  public func offset(of member: String, in structure: String) -> Int? {
    guard let memberName = place(of: member), let structureName = place(of: structure) else { return nil }
    var offset = types.lowerBound
    while offset < types.upperBound {
      guard let name = word(at: offset), let info = word(at: offset + 4) else { return nil }
      let (kind, count) = (info >> 24 & 0x1F, info & 0xFFFF)
      guard let length = TypeInformation.length(kind: kind, count: count) else { return nil }
      if kind == TypeInformation.structKind, name == structureName {
        for index in 0..<count {
          let place = offset + 12 + 12 * index
          guard word(at: place) == memberName, let bits = word(at: place + 8) else { continue }
          // With the highest bit of the information set, a bit field's width stands in the upper byte.
          let position = info >> 31 == 1 ? bits & 0xFF_FFFF : bits
          return position % 8 == 0 ? position / 8 : nil
        }
      }
      offset += 12 + length
    }
    return nil
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
