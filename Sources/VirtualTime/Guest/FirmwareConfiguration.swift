internal import CLinux

/// Texts on QEMU's command line, read from its firmware configuration device.
///
/// See QEMU's docs/specs/fw_cfg.rst: a 16-bit write chooses an item, and reading the port behind gives its bytes.
enum FirmwareConfiguration {
  /// The port that chooses an item; the next one gives its bytes.
  static let port: UInt16 = 0x510
  /// The name of the item with the networks to prepare.
  static let networksName = "opt/halfopen/networks"

  private static let directoryItem: UInt16 = 0x19

  /// The contents of the item called `name`; `nil` if QEMU was given none.
  static func file(named name: String) -> [UInt8]? {
    outw(directoryItem, port)
    let count = number(bytes(4))
    for _ in 0..<min(count, 1024) {
      let entry = bytes(64)
      let title = String(decoding: entry[8...].prefix { $0 != 0 }, as: UTF8.self)
      if title == name {
        outw(UInt16(truncatingIfNeeded: number(Array(entry[4..<6]))), port)
        return bytes(min(number(Array(entry[..<4])), 1 << 24))
      }
    }
    return nil
  }

  private static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in inb(port + 1) } }

  /// A number as the device has it: big-endian.
  private static func number(_ bytes: [UInt8]) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }
}
