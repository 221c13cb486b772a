internal import CLinux
internal import Glibc

/// Both ends of a pipe, close-on-exec.
///
/// See pipe(7).
public struct Pipe {
  /// The end to read from.
  public let reading: SharedDescriptor
  /// The end to write to, until ``closeWriting()``.
  private var writer: SharedDescriptor?

  /// The end to write to; only before ``closeWriting()``.
  public var writing: SharedDescriptor {
    guard let writer else { preconditionFailure("the pipe's writing end is closed") }
    return writer
  }

  /// Closes the writing end here, so that reading sees the end when the other holders have closed theirs.
  public mutating func closeWriting() {
    writer = nil
  }

  /// A new pipe.
  public init() throws(SystemError) {
    var ends: [CInt] = [-1, -1]
    guard unsafe pipe2(&ends, O_CLOEXEC) == 0 else { throw SystemError(call: "pipe2", errno: .last) }
    reading = SharedDescriptor(FileDescriptor(owning: ends[0]))
    writer = SharedDescriptor(FileDescriptor(owning: ends[1]))
  }
}

/// Reading and writing whole texts and files through descriptors.
public enum FileIO {
  /// What one read gave.
  public enum Chunk: Hashable, Sendable {
    /// At least one byte.
    case bytes([UInt8])
    /// The end of the file or of the pipe.
    case end
    /// Nothing at the moment, on a descriptor that does not block.
    case wouldBlock
  }

  /// Reads once, at most `limit` bytes.
  ///
  /// See read(2).
  public static func read(_ descriptor: CInt, upTo limit: Int = 65536) throws(SystemError) -> Chunk {
    let result: Result<Chunk, Errno> = unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: limit) { buffer in
      do throws(Errno) {
        let count = try retryingOnInterrupt { unsafe Glibc.read(descriptor, buffer.baseAddress, limit) }
        // Only what was read is copied: most reads give a hundredth of what they might.
        return .success(count == 0 ? .end : .bytes(unsafe Array(UnsafeBufferPointer(rebasing: buffer[..<count]))))
      } catch {
        return error == .wouldBlock ? .success(.wouldBlock) : .failure(error)
      }
    }
    do throws(Errno) {
      return try result.get()
    } catch {
      throw SystemError(call: "read", errno: error)
    }
  }

  /// Reads until the end of the file.
  public static func readAll(_ descriptor: CInt) throws(SystemError) -> [UInt8] {
    var all: [UInt8] = []
    while case .bytes(let bytes) = try read(descriptor) { all += bytes }
    return all
  }

  /// Writes all of `bytes`, waiting where the descriptor is one that blocks.
  ///
  /// See write(2).
  public static func writeAll(_ bytes: [UInt8], to descriptor: CInt) throws(SystemError) {
    var start = 0
    while start < bytes.count {
      do {
        start += try retryingOnInterrupt {
          unsafe bytes[start...].withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
        }
      } catch {
        throw SystemError(call: "write", errno: error)
      }
    }
  }

  /// Writes what the descriptor takes now, and returns how many bytes that was.
  public static func write(_ bytes: ArraySlice<UInt8>, to descriptor: CInt) throws(SystemError) -> Int {
    do {
      return try retryingOnInterrupt {
        unsafe bytes.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
      }
    } catch {
      if error == .wouldBlock { return 0 }
      throw SystemError(call: "write", errno: error)
    }
  }

  /// What a file is opened for.
  public enum Access: Sendable {
    /// Reading what is there.
    case reading
    /// Writing into what is there.
    case writing
    /// Reading from and writing into what is there; a terminal does not become this process's own.
    case readingAndWriting
    /// Writing from the start; what was there is gone, and a missing file is made.
    case replacing

    fileprivate var flags: CInt {
      switch self {
      case .reading: O_RDONLY
      case .writing: O_WRONLY
      case .readingAndWriting: O_RDWR | O_NOCTTY
      case .replacing: O_WRONLY | O_CREAT | O_TRUNC
      }
    }
  }

  /// Opens a file.
  ///
  /// See open(2); the descriptor is close-on-exec.
  public static func open(_ path: String, for access: Access = .reading) throws(SystemError)
    -> FileDescriptor
  {
    do {
      return FileDescriptor(
        owning: try retryingOnInterrupt { unsafe Glibc.open(path, access.flags | O_CLOEXEC, 0o666) }
      )
    } catch {
      throw SystemError(call: "open", subject: path, errno: error)
    }
  }

  /// The contents of a file.
  public static func contents(of path: String) throws(SystemError) -> [UInt8] {
    let file = try open(path)
    do {
      return try readAll(file.rawValue)
    } catch {
      throw SystemError(call: "read", subject: path, errno: error.errno)
    }
  }

  /// Writes `text` into a file that exists, such as one of /proc or /sys, in one write.
  public static func write(_ text: String, toExisting path: String) throws(SystemError) {
    let file = try open(path, for: .writing)
    do {
      try writeAll(Array(text.utf8), to: file.rawValue)
    } catch {
      throw SystemError(call: "write", subject: path, errno: error.errno)
    }
  }

  /// Makes, or empties, a file and writes `text` into it.
  public static func write(_ text: String, toNew path: String) throws(SystemError) {
    try write(Array(text.utf8), toNew: path)
  }

  /// Makes, or empties, a file and writes `bytes` into it.
  public static func write(_ bytes: [UInt8], toNew path: String) throws(SystemError) {
    let file = try open(path, for: .replacing)
    try writeAll(bytes, to: file.rawValue)
  }

  /// Makes a directory with these permissions, whatever the process's mask.
  ///
  /// See mkdir(2).
  public static func makeDirectory(_ path: String, mode: UInt32) throws(SystemError) {
    guard unsafe mkdir(path, mode) == 0, unsafe chmod(path, mode) == 0 else {
      throw SystemError(call: "mkdir", subject: path, errno: .last)
    }
  }

  /// The names in a directory, without `.` and `..`, in alphabetical order.
  ///
  /// See readdir(3).
  public static func names(in directory: String) throws(SystemError) -> [String] {
    guard let stream = unsafe opendir(directory) else {
      throw SystemError(call: "opendir", subject: directory, errno: .last)
    }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
        unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Whether the path names a directory.
  ///
  /// See stat(2).
  public static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// Makes the descriptor's reads and writes return at once.
  ///
  /// The corresponding C flag is `O_NONBLOCK`.
  public static func setNonBlocking(_ descriptor: CInt) {
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  /// Whether the descriptor is a terminal.
  ///
  /// See isatty(3).
  public static func isTerminal(_ descriptor: CInt) -> Bool { isatty(descriptor) == 1 }
}
