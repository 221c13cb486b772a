internal import Glibc

/// What the system knows of a file without opening it.
///
/// See stat(2).
public struct FileStatus: Hashable, Sendable {
  /// What kind of file it is.
  public enum Kind: Hashable, Sendable {
    /// Bytes.
    case file
    /// A directory.
    case directory
    /// A symbolic link.
    case link
    /// A device, a pipe or a socket.
    case other
  }

  /// What kind of file it is.
  public var kind: Kind
  /// Its permissions, the lower twelve bits of `st_mode`.
  public var permissions: UInt32
  /// Its length in bytes.
  public var size: Int64
  /// When it was last written to, in nanoseconds since 1970.
  public var modified: Int64
  /// A text that is another one whenever the file was written to or replaced: device, inode, length and both times.
  public var identity: String

  /// Asks about the file at `path`; `nil` if there is none, or none that this user may know of.
  public init?(_ path: String, followingLinks: Bool = true) {
    var status = stat()
    let result = followingLinks ? unsafe stat(path, &status) : unsafe lstat(path, &status)
    guard result == 0 else { return nil }
    kind =
      switch status.st_mode & S_IFMT {
      case S_IFREG: .file
      case S_IFDIR: .directory
      case S_IFLNK: .link
      default: .other
      }
    permissions = status.st_mode & 0o7777
    size = Int64(status.st_size)
    let (modified, changed) = (status.st_mtim, status.st_ctim)
    self.modified = Int64(modified.tv_sec) * 1_000_000_000 + Int64(modified.tv_nsec)
    identity = [
      Int64(status.st_dev), Int64(bitPattern: UInt64(status.st_ino)), Int64(status.st_size), Int64(modified.tv_sec),
      Int64(modified.tv_nsec), Int64(changed.tv_sec), Int64(changed.tv_nsec),
    ].map(String.init).joined(separator: ":")
  }

  /// The length of an open file in bytes; 0 if it has none.
  ///
  /// See fstat(2).
  public static func size(of descriptor: CInt) -> Int64 {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? Int64(status.st_size) : 0
  }

  /// Where the symbolic link at `path` leads, as it is written in it; `nil` if there is none.
  ///
  /// See readlink(2).
  public static func target(ofLink path: String) -> String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = unsafe readlink(path, &buffer, buffer.count)
    guard length > 0 else { return nil }
    return String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
