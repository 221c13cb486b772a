internal import CLinux
internal import Glibc

/// A file that has no name in any directory until it is whole, and goes with its last descriptor until then: whatever
/// ends this process, nothing half made is left.
///
/// See open(2), `O_TMPFILE`. A file system that knows no such files gets one with a name from the beginning.
public struct UnnamedFile {
  private let shared: SharedDescriptor
  private let isNamed: Bool
  /// The name that it will have.
  public let path: String

  /// The descriptor, for reading and writing.
  public var descriptor: CInt { shared.rawValue }

  /// A new file that will be called `path`, in the file system of `directory`.
  public init(for path: String, near directory: String) throws(SystemError) {
    self.path = path
    let unnamed = unsafe Glibc.open(directory, CInt(bitPattern: 0o20_200_000) | O_RDWR | O_CLOEXEC, 0o600)
    if unnamed >= 0 {
      shared = SharedDescriptor(FileDescriptor(owning: unnamed))
      isNamed = false
      return
    }
    // What open(2) says where there are no unnamed files: EOPNOTSUPP, or EISDIR.
    let error = Errno.last
    guard [EOPNOTSUPP, EISDIR].contains(error.rawValue) else {
      throw SystemError(call: "open", subject: directory, errno: error)
    }
    if let slash = path.lastIndex(of: "/") { try FileIO.makeDirectories(String(path[..<slash])) }
    let named = unsafe Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard named >= 0 else { throw SystemError(call: "open", subject: path, errno: .last) }
    shared = SharedDescriptor(FileDescriptor(owning: named))
    isNamed = true
  }

  /// Gives the file its name; its directory must be there.
  ///
  /// See linkat(2).
  public func appear() throws(SystemError) {
    if isNamed { return }
    guard unsafe linkat(AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 else {
      throw SystemError(call: "linkat", subject: path, errno: .last)
    }
  }
}
