internal import Glibc

/// Who runs this program.
public enum Privilege {
  /// Whether the effective user is root.
  ///
  /// See geteuid(2).
  public static var isRoot: Bool { geteuid() == 0 }
}

/// Where programs are.
public enum Programs {
  /// The path of the program called `name` in PATH, or in the system's own directories; `nil` if there is none.
  public static func path(of name: String) -> String? {
    let own = unsafe getenv("PATH").map { unsafe String(cString: $0) } ?? ""
    return path(of: name, in: own.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin", "/usr/bin", "/bin"])
  }

  /// The path of the program called `name` in the first of `directories` that has it; `nil` if none has.
  public static func path(of name: String, in directories: [String]) -> String? {
    directories.map { $0 + "/" + name }.first { isExecutable($0) }
  }

  /// Whether there is a program at `path` that this process may run.
  public static func isExecutable(_ path: String) -> Bool {
    unsafe access(path, X_OK) == 0 && !FileIO.isDirectory(path)
  }
}
