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
  /// See pread(2), which gives less at a time of some files, such as those of /sys.
  public static func bytes(_ descriptor: CInt, at offset: Int, count: Int) -> [UInt8] {
    guard offset >= 0, count > 0 else { return [] }
    var buffer = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let read = unsafe buffer.withUnsafeMutableBytes { buffer in
        unsafe pread(descriptor, buffer.baseAddress.map { unsafe $0 + done }, count - done, off_t(offset + done))
      }
      if read <= 0 { break }
      done += read
    }
    buffer.removeSubrange(done...)
    return buffer
  }

  // `F_OFD_SETLK`, which Glibc shows only to those who ask for GNU's extensions.
  private static let setOpenFileLock: CInt = 37

  /// Takes the lock of one byte of an open file, held until the descriptor is closed; returns whether nobody else holds it.
  ///
  /// The file need not be so long. See fcntl(2), "Open file description locks".
  public static func tryLock(_ descriptor: CInt, at byte: Int) throws(SystemError) -> Bool {
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = off_t(byte)
    lock.l_len = 1
    if unsafe fcntl(descriptor, setOpenFileLock, &lock) == 0 { return true }
    let error = Errno.last
    if error == .wouldBlock || error.rawValue == EACCES || error == .interrupted { return false }
    throw SystemError(call: "fcntl", subject: "F_OFD_SETLK", errno: error)
  }
}

extension Programs {
  /// The path of the file called `name` in the first of `directories` that has it; `nil` if none has.
  public static func file(named name: String, in directories: [String]) -> String? {
    directories.map { $0 + "/" + name }.first { FileIO.status(of: $0)?.isFile ?? false }
  }
}
