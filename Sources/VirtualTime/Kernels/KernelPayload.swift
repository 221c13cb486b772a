/// The packed kernel inside a bzImage, the form in which distributions ship kernels for x86.
///
/// See Documentation/arch/x86/boot.rst: the setup header, whose protocol since 2.08 tells where the payload is.
struct KernelPayload: Hashable {
  /// How the kernel is packed.
  var packing: Packing
  /// Where the packed kernel is in the file, without the length that the kernel's build appends.
  var range: Range<Int>
  /// The length of the unpacked kernel.
  var unpackedSize: Int
  /// What `uname -r` will say, from the setup header; `nil` if it says nothing.
  var release: String?

  /// The payload of the file with these bytes; throws a reason that begins with 'it'.
  init(bzImage bytes: [UInt8]) throws(KernelError) {
    guard let magic = LittleEndian.number(in: bytes, at: 0x202, 4), magic == 0x5372_6448 /* HdrS */ else {
      throw KernelError("it is neither an uncompressed kernel (ELF) nor a bzImage")
    }
    guard let version = LittleEndian.number(in: bytes, at: 0x206, 2), version >= 0x0208,
      let sectors = LittleEndian.number(in: bytes, at: 0x1F1, 1),
      let offset = LittleEndian.number(in: bytes, at: 0x248, 4),
      let length = LittleEndian.number(in: bytes, at: 0x24C, 4)
    else { throw KernelError("its boot protocol is older than 2.08 (Linux 2.6.26)") }
    let start = ((sectors == 0 ? 4 : sectors) + 1) * 512 + offset
    guard length > 8, start <= bytes.count, length <= bytes.count - start else {
      throw KernelError("its packed part lies outside the file: it is cut off")
    }
    guard let packing = Packing(startOf: bytes[start..<start + length]) else {
      let known = Packing.allCases.map(\.program).joined(separator: ", ")
      throw KernelError("it is packed in none of the ways that can be unpacked here (\(known))")
    }
    self.packing = packing
    // gzip's own last field is the length already; the others are followed by it.
    range = start..<start + length - (packing == .gzip ? 0 : 4)
    unpackedSize = LittleEndian.number(in: bytes, at: start + length - 4, 4) ?? 0
    release = KernelPayload.release(in: bytes)
  }

  private static func release(in bytes: [UInt8]) -> String? {
    guard let place = LittleEndian.number(in: bytes, at: 0x20E, 2), place > 0, place + 0x200 < bytes.count else {
      return nil
    }
    let text = bytes[(place + 0x200)...].prefix(256).prefix { $0 > 0x20 && $0 < 0x7F }
    return text.isEmpty ? nil : String(decoding: text, as: UTF8.self)
  }
}
