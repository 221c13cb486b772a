internal import CLinux
internal import Glibc

extension FileIO {
  /// Whether the number is an open descriptor.
  public static func isOpen(_ descriptor: CInt) -> Bool { fcntl(descriptor, F_GETFD) != -1 }

  /// Closes the descriptor when this process executes another program.
  ///
  /// The corresponding C flag is `FD_CLOEXEC`.
  public static func closeOnExec(_ descriptor: CInt) {
    _ = fcntl(descriptor, F_SETFD, fcntl(descriptor, F_GETFD) | FD_CLOEXEC)
  }

  /// Opens /dev/null for each of standard input, output and error that is closed, so that no socket takes its number.
  ///
  /// It is opened for reading only: input ends at once, and output fails with `EBADF` as it would without.
  public static func openMissingStandardDescriptors() {
    while true {
      let number = unsafe Glibc.open("/dev/null", O_RDONLY)
      if number > 2 { _ = close(number) }
      if number < 0 || number > 2 { return }
    }
  }

  /// Writes all of `bytes`, waiting for room even where the descriptor does not block.
  public static func writePatiently(_ bytes: [UInt8], to descriptor: CInt) throws(SystemError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      switch Transfer.write(rest, to: descriptor) {
      case .written(let count): rest.removeFirst(count)
      case .wouldBlock: try wait(for: .writable, on: descriptor)
      case .failed(let errno): throw SystemError(call: "write", errno: errno)
      }
    }
  }

  /// Waits until a descriptor that does not block is ready.
  public static func wait(for readiness: Readiness, on descriptor: CInt) throws(SystemError) {
    var entries = [PollEntry(descriptor, readiness)]
    _ = try poll(&entries, timeout: nil)
  }

  /// What kind of file a descriptor refers to, as far as moving bytes is concerned.
  public enum Kind: Hashable, Sendable {
    /// A pipe or FIFO.
    case pipe
    /// A socket.
    case socket
    /// A regular file: it is always ready.
    case file
    /// A terminal or another device.
    case other
  }

  /// The kind of file that `descriptor` refers to.
  ///
  /// See fstat(2).
  public static func kind(of descriptor: CInt) -> Kind {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return .other }
    switch status.st_mode & S_IFMT {
    case S_IFIFO: return .pipe
    case S_IFSOCK: return .socket
    case S_IFREG: return .file
    default: return .other
    }
  }

  /// Asks for a pipe that holds `bytes`; it stays as it is if the system allows no more.
  ///
  /// See fcntl(2), `F_SETPIPE_SZ`.
  public static func enlargePipe(_ descriptor: CInt, to bytes: Int) {
    _ = fcntl(descriptor, CInt(CLINUX_F_SETPIPE_SZ), CInt(clamping: bytes))
  }
}
