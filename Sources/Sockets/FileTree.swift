internal import CLinux
internal import Glibc

/// What the system knows about a file without opening it.
///
/// See stat(2).
public struct FileStatus: Hashable, Sendable {
  /// Its length in bytes.
  public var size: Int
  /// When its contents last changed, in nanoseconds since 1970.
  public var modified: Int64
  /// Whether it is a directory.
  public var isDirectory: Bool
  /// Whether it is a regular file.
  public var isFile: Bool
  /// Whether it is a symbolic link, of which only a status without following links tells.
  public var isLink: Bool
  /// Its permissions: the lower twelve bits of `st_mode`.
  public var permissions: UInt32
  /// A text that is another one whenever the file was written to or replaced: device, inode, length and both times.
  public var identity: String
}

extension FileIO {
  /// The status of what `path` names, symbolic links followed unless told otherwise; `nil` if there is nothing.
  public static func status(of path: String, followingLinks: Bool = true) -> FileStatus? {
    var status = stat()
    let result = followingLinks ? unsafe stat(path, &status) : unsafe lstat(path, &status)
    return result == 0 ? FileStatus(status) : nil
  }

  /// Whether this process may read what `path` names.
  ///
  /// See access(2).
  public static func isReadable(_ path: String) -> Bool { unsafe access(path, R_OK) == 0 }

  /// The length of an open file in bytes; 0 if it has none.
  ///
  /// See fstat(2).
  public static func size(of descriptor: CInt) -> Int {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
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

  /// Makes a directory, and those above it that are missing; one that is there already is no error.
  ///
  /// See mkdir(2).
  public static func makeDirectories(_ path: String) throws(SystemError) {
    guard !path.isEmpty, !isDirectory(path) else { return }
    if let slash = path.lastIndex(of: "/") { try makeDirectories(String(path[..<slash])) }
    if unsafe mkdir(path, 0o777) == -1 {
      let error = Errno.last
      if error.rawValue == EEXIST, isDirectory(path) { return }
      throw SystemError(call: "mkdir", subject: path, errno: error)
    }
  }

  /// Gives a file or directory another name, taking the place of a file that had it.
  ///
  /// See rename(2).
  public static func rename(_ path: String, to new: String) throws(SystemError) {
    if unsafe Glibc.rename(path, new) == -1 {
      throw SystemError(call: "rename", subject: "\(path) to \(new)", errno: .last)
    }
  }

  /// Removes what `path` names, a directory with all that is in it; nothing there is no error.
  ///
  /// A symbolic link is removed, not followed.
  public static func remove(_ path: String) throws(SystemError) {
    var status = stat()
    if unsafe lstat(path, &status) == -1 {
      let error = Errno.last
      if error == .noSuchFile { return }
      throw SystemError(call: "lstat", subject: path, errno: error)
    }
    let isTree = status.st_mode & S_IFMT == S_IFDIR
    if isTree { for name in try names(in: path) { try remove(path + "/" + name) } }
    if (isTree ? unsafe rmdir(path) : unsafe unlink(path)) == -1 {
      throw SystemError(call: isTree ? "rmdir" : "unlink", subject: path, errno: .last)
    }
  }

  /// Copies what is in a directory into another one that is there: files, directories and symbolic links, with their owners
  /// and permissions.
  ///
  /// What else a directory may have (sockets, pipes, devices) is left out. See sendfile(2), which copies within the kernel.
  public static func copyContents(of directory: String, to other: String) throws(SystemError) {
    for name in try names(in: directory) {
      let (from, to) = (directory + "/" + name, other + "/" + name)
      var status = stat()
      if unsafe lstat(from, &status) == -1 { throw SystemError(call: "lstat", subject: from, errno: .last) }
      switch status.st_mode & S_IFMT {
      case S_IFDIR:
        try makeDirectory(to, mode: status.st_mode & 0o7777)
        try copyContents(of: from, to: to)
      case S_IFREG: try copyFile(from, to: to, status)
      case S_IFLNK:
        if unsafe symlink(target(ofLink: from) ?? "", to) == -1 {
          throw SystemError(call: "symlink", subject: to, errno: .last)
        }
      default: continue
      }
      if unsafe lchown(to, status.st_uid, status.st_gid) == -1 {
        throw SystemError(call: "lchown", subject: to, errno: .last)
      }
    }
  }

  private static func copyFile(_ from: String, to: String, _ status: stat) throws(SystemError) {
    let source = try open(from)
    let new = unsafe Glibc.open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, status.st_mode & 0o7777)
    guard new >= 0 else { throw SystemError(call: "open", subject: to, errno: .last) }
    let sink = FileDescriptor(owning: new)
    if fchmod(sink.rawValue, status.st_mode & 0o7777) == -1 {
      throw SystemError(call: "fchmod", subject: to, errno: .last)
    }
    while true {
      let count = sendfile(sink.rawValue, source.rawValue, nil, 1 << 30)
      if count == 0 { return }
      if count < 0 { throw SystemError(call: "sendfile", subject: to, errno: .last) }
    }
  }

  /// Makes a new directory in `parent` whose name begins with `prefix`, readable by this user alone.
  ///
  /// See mkdtemp(3).
  public static func makeTemporaryDirectory(in parent: String, prefix: String) throws(SystemError) -> String {
    var template = Array("\(parent)/\(prefix)XXXXXX".utf8CString)
    guard unsafe mkdtemp(&template) != nil else {
      throw SystemError(call: "mkdtemp", subject: parent, errno: .last)
    }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

extension FileStatus {
  init(_ status: stat) {
    size = Int(status.st_size)
    modified = Int64(status.st_mtim.tv_sec) * 1_000_000_000 + Int64(status.st_mtim.tv_nsec)
    isDirectory = status.st_mode & S_IFMT == S_IFDIR
    isFile = status.st_mode & S_IFMT == S_IFREG
    isLink = status.st_mode & S_IFMT == S_IFLNK
    permissions = status.st_mode & 0o7777
    let changed = Int64(status.st_ctim.tv_sec) * 1_000_000_000 + Int64(status.st_ctim.tv_nsec)
    identity = "\(status.st_dev):\(status.st_ino):\(size):\(modified):\(changed)"
  }
}
