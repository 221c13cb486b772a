internal import CLinux
internal import Glibc

extension FileIO {
  /// The path of the same file without links, `.` and `..`; `nil` if there is none.
  ///
  /// See realpath(3).
  public static func realPath(_ path: String) -> String? {
    guard let real = unsafe realpath(path, nil) else { return nil }
    defer { unsafe free(real) }
    return unsafe String(cString: real)
  }

  /// Puts `bytes` into an open file at `offset`.
  ///
  /// See pwrite(2).
  public static func write(_ bytes: [UInt8], to descriptor: CInt, at offset: Int) throws(SystemError) {
    let count = unsafe bytes.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset)) }
    guard count == bytes.count else { throw SystemError(call: "pwrite", errno: .last) }
  }

  /// Up to `count` bytes of an open file from `offset` on; fewer at its end, none if it cannot be read.
  ///
  /// See pread(2).
  public static func bytes(_ descriptor: CInt, at offset: Int, count: Int) -> [UInt8] {
    guard offset >= 0, count > 0 else { return [] }
    var buffer = [UInt8](repeating: 0, count: count)
    let read = unsafe pread(descriptor, &buffer, count, off_t(offset))
    buffer.removeSubrange(max(0, read)...)
    return buffer
  }

  /// Takes the lock of an open file, held until the descriptor is closed; returns whether nobody else holds it.
  ///
  /// See flock(2).
  public static func tryLock(_ descriptor: CInt) throws(SystemError) -> Bool {
    if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return true }
    let error = Errno.last
    if error == .wouldBlock || error == .interrupted { return false }
    throw SystemError(call: "flock", errno: error)
  }
}

extension Programs {
  /// The path of the file called `name` in the first of `directories` that has it; `nil` if none has.
  public static func file(named name: String, in directories: [String]) -> String? {
    directories.map { $0 + "/" + name }.first { FileIO.status(of: $0)?.isFile ?? false }
  }
}
