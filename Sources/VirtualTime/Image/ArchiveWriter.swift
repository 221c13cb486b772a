/// Writes an archive that the kernel unpacks as its first file system: cpio in the "newc" format.
///
/// The same entries give the same bytes: no user or inode of this machine goes in, and everything belongs to root.
/// See Documentation/driver-api/early-userspace/buffer-format.rst.
struct ArchiveWriter {
  /// The archive so far.
  private(set) var bytes: [UInt8] = []
  private var nextInode: UInt32 = 1

  /// Adds a directory at `path`, a path without the leading slash.
  mutating func addDirectory(_ path: String, permissions: UInt32 = 0o755) {
    add(path, mode: 0o040000 | permissions, [])
  }

  /// Adds a file that was written to last so many seconds after 1970.
  mutating func addFile(_ path: String, permissions: UInt32, modified: Int64 = 0, _ contents: [UInt8]) {
    add(path, mode: 0o100000 | permissions, contents, modified: UInt32(clamping: modified))
  }

  /// Adds a symbolic link.
  mutating func addLink(_ path: String, to target: String) {
    add(path, mode: 0o120777, Array(target.utf8))
  }

  /// Adds a character device.
  mutating func addDevice(_ path: String, permissions: UInt32, major: UInt32, minor: UInt32) {
    add(path, mode: 0o020000 | permissions, [], device: (major, minor))
  }

  /// Ends the archive; nothing can be added after it.
  mutating func finish() {
    nextInode = 0
    add("TRAILER!!!", mode: 0, [])
  }

  private mutating func add(
    _ path: String,
    mode: UInt32,
    _ contents: [UInt8],
    modified: UInt32 = 0,
    device: (major: UInt32, minor: UInt32) = (0, 0)
  ) {
    let name = Array(path.utf8) + [0]
    let fields = [
      nextInode, mode, 0, 0, 1, modified, UInt32(clamping: contents.count), 0, 0, device.major, device.minor,
      UInt32(clamping: name.count), 0,
    ]
    nextInode &+= 1
    bytes += Array("070701".utf8)
    for field in fields { bytes += ArchiveWriter.hexadecimal(field) }
    bytes += name
    pad()
    bytes += contents
    pad()
  }

  private mutating func pad() {
    while bytes.count % 4 != 0 { bytes.append(0) }
  }

  private static func hexadecimal(_ value: UInt32) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return (0..<8).map { digits[Int(value >> (28 - 4 * UInt32($0)) & 15)] }
  }
}
