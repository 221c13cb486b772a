internal import CLinux
internal import Glibc

/// A FIFO in the file system, that this process reads and others write by its path.
///
/// Unlike with a pipe, no program inherits a descriptor of it. It never ends: a writing end stays open here, so that
/// writers may come and go. See fifo(7).
public struct NamedPipe {
  /// Its path.
  public let path: String
  /// The end to read from; it does not block.
  public let reading: SharedDescriptor
  private let writing: SharedDescriptor

  /// Makes a FIFO, readable for this user alone and writable for it, or for all, in place of what was at `path`.
  public init(at path: String, isWritableForAll: Bool = false) throws(SystemError) {
    self.path = path
    _ = unsafe unlink(path)
    guard unsafe mkfifo(path, 0o600) == 0 else { throw SystemError(call: "mkfifo", subject: path, errno: .last) }
    // Not left to mkfifo, whose mode the process's mask narrows.
    if isWritableForAll, unsafe chmod(path, 0o622) != 0 {
      throw SystemError(call: "chmod", subject: path, errno: .last)
    }
    reading = try NamedPipe.open(path, O_RDONLY)
    writing = try NamedPipe.open(path, O_WRONLY)
  }

  private static func open(_ path: String, _ access: CInt) throws(SystemError) -> SharedDescriptor {
    let descriptor = unsafe Glibc.open(path, access | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw SystemError(call: "open", subject: path, errno: .last) }
    return SharedDescriptor(FileDescriptor(owning: descriptor))
  }
}
