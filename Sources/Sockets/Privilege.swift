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
    let directories = own.split(separator: ":").map(String.init) + ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]
    return directories.map { $0 + "/" + name }.first { unsafe access($0, X_OK) == 0 }
  }
}
