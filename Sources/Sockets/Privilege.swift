internal import Glibc

/// Who runs this program.
public enum Privilege {
  /// Whether the effective user is root.
  ///
  /// See geteuid(2).
  public static var isRoot: Bool { geteuid() == 0 }

  /// The user and group that a program without privileges runs as: `nobody`, whom every system knows by name.
  public static let ordinaryUser: UInt32 = 65_534

  /// Makes root an ordinary user, for good.
  ///
  /// In a user namespace that maps nobody but root there is no other user to become: then the process enters one of its
  /// own, where the same user of the machine is called ``ordinaryUser``. See setuid(2) and user_namespaces(7).
  static func becomeOrdinaryUser() throws(SystemError) {
    // A namespace that forbids setgroups(2) has no groups to give up.
    _ = setgroups(0, nil)
    if setgid(ordinaryUser) == 0 {
      guard setuid(ordinaryUser) == 0 else { throw SystemError(call: "setuid", errno: .last) }
      return
    }
    // EINVAL: the user namespace does not know that group.
    guard Errno.last == .invalidArgument else { throw SystemError(call: "setgid", errno: .last) }
    let (user, group) = (geteuid(), getegid())
    try Namespace.unshare(.user)
    try Namespace.become(user: ordinaryUser, group: ordinaryUser, outside: (user, group))
  }
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

  /// The directories of PATH in an environment.
  public static func searchPath(_ environment: [String]) -> [String] {
    let path = environment.first { $0.hasPrefix("PATH=") }?.dropFirst(5) ?? ""
    return path.split(separator: ":").map(String.init)
  }

  /// Whether there is a program at `path` that this process may run.
  public static func isExecutable(_ path: String) -> Bool {
    unsafe access(path, X_OK) == 0 && !FileIO.isDirectory(path)
  }
}

/// The machine's processors.
public enum Processors {
  /// How many are at work; at least 1.
  ///
  /// See sysconf(3).
  public static var count: Int { max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN))) }
}
