internal import CLinux

/// One message of a netlink datagram, see netlink(7).
struct NetlinkMessage {
  /// The bytes of `struct nlmsghdr`.
  static let headerSize = 16

  /// What it is: `NLMSG_DONE`, `NLMSG_ERROR`, or the family's own number.
  var type: UInt16
  /// `NLM_F_MULTI`, `NLM_F_DUMP_INTR` and others.
  var flags: UInt16
  /// The number of the request that it answers; 0 for a notice.
  var sequence: UInt32
  /// What follows the header.
  var payload: ByteReader

  /// The messages in a datagram; what is malformed, and all behind it, is left out.
  static func all(in datagram: ByteReader) -> [NetlinkMessage] {
    var messages: [NetlinkMessage] = []
    var offset = 0
    while let length = datagram.uint32(at: offset), let type = datagram.uint16(at: offset + 4),
      let flags = datagram.uint16(at: offset + 6), let sequence = datagram.uint32(at: offset + 8),
      Int(length) >= headerSize,
      let payload = datagram.part(at: offset + headerSize, length: Int(length) - headerSize)
    {
      messages.append(NetlinkMessage(type: type, flags: flags, sequence: sequence, payload: payload))
      offset += aligned(Int(length))
    }
    return messages
  }

  /// Rounded up to a multiple of 4, as NLMSG_ALIGN and RTA_ALIGN do.
  static func aligned(_ length: Int) -> Int { (length + 3) & ~3 }

  /// The attributes behind the first `offset` bytes of a payload, by type; of two of a type the last counts.
  static func attributes(in payload: ByteReader, from offset: Int) -> [UInt16: ByteReader] {
    var attributes: [UInt16: ByteReader] = [:]
    var offset = aligned(offset)
    while let length = payload.uint16(at: offset), let type = payload.uint16(at: offset + 2), length >= 4,
      let value = payload.part(at: offset + 4, length: Int(length) - 4)
    {
      attributes[type] = value
      offset += aligned(Int(length))
    }
    return attributes
  }

  /// A request: the header and `payload`, padded to a multiple of 4.
  static func request(type: UInt16, flags: UInt16, sequence: UInt32, payload: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    append(UInt32(headerSize + payload.count), to: &bytes)
    append(type, to: &bytes)
    append(flags, to: &bytes)
    append(sequence, to: &bytes)
    append(UInt32(0), to: &bytes)
    bytes += payload
    bytes += [UInt8](repeating: 0, count: aligned(bytes.count) - bytes.count)
    return bytes
  }

  /// Appends a number in this machine's byte order.
  static func append<Number: FixedWidthInteger>(_ number: Number, to bytes: inout [UInt8]) {
    for index in 0..<(Number.bitWidth / 8) { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
  }
}
