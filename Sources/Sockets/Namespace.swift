internal import CLinux
internal import Glibc

/// Linux's namespaces, see namespaces(7).
public struct NamespaceKind: OptionSet, Hashable, Sendable {
  /// The bits of clone(2).
  public let rawValue: Int

  /// The namespaces of these bits.
  public init(rawValue: Int) {
    self.rawValue = rawValue
  }

  /// What is mounted where.
  ///
  /// `CLONE_NEWNS`.
  public static let mount = NamespaceKind(rawValue: Int(CLINUX_CLONE_NEWNS))
  /// The host's name.
  ///
  /// `CLONE_NEWUTS`.
  public static let hostName = NamespaceKind(rawValue: Int(CLINUX_CLONE_NEWUTS))
  /// System V and POSIX message queues.
  ///
  /// `CLONE_NEWIPC`.
  public static let ipc = NamespaceKind(rawValue: Int(CLINUX_CLONE_NEWIPC))
  /// Users and capabilities.
  ///
  /// `CLONE_NEWUSER`.
  public static let user = NamespaceKind(rawValue: Int(CLINUX_CLONE_NEWUSER))
  /// Processes; takes effect for the next child.
  ///
  /// `CLONE_NEWPID`.
  public static let processes = NamespaceKind(rawValue: Int(CLINUX_CLONE_NEWPID))
  /// Links, addresses, routes, firewall and sockets.
  ///
  /// `CLONE_NEWNET`.
  public static let network = NamespaceKind(rawValue: Int(CLINUX_CLONE_NEWNET))
}

/// The calls that make, enter and furnish namespaces, for a process with one thread.
public enum Namespace {
  /// Puts this process (or, for processes, its next child) into new namespaces.
  ///
  /// See unshare(2).
  public static func unshare(_ kinds: NamespaceKind) throws(SystemError) {
    guard CLinux.unshare(CInt(kinds.rawValue)) == 0 else {
      throw SystemError(call: "unshare", errno: .last)
    }
  }

  /// Puts this process (or, for processes, its next child) into the namespace that `descriptor` refers to.
  ///
  /// See setns(2).
  public static func enter(_ descriptor: CInt, _ kind: NamespaceKind) throws(SystemError) {
    guard setns(descriptor, CInt(kind.rawValue)) == 0 else { throw SystemError(call: "setns", errno: .last) }
  }

  /// In a new user namespace: makes the caller root inside, and itself outside.
  ///
  /// See user_namespaces(7).
  public static func becomeRoot(asUser user: UInt32, group: UInt32) throws(SystemError) {
    try become(user: 0, group: 0, outside: (user, group))
  }

  /// In a new user namespace: gives the caller, who is `outside` to others, this user's and this group's number.
  static func become(user: UInt32, group: UInt32, outside: (user: UInt32, group: UInt32)) throws(SystemError) {
    try FileIO.write("deny", toExisting: "/proc/self/setgroups")
    try FileIO.write("\(user) \(outside.user) 1", toExisting: "/proc/self/uid_map")
    try FileIO.write("\(group) \(outside.group) 1", toExisting: "/proc/self/gid_map")
  }

  /// Keeps this mount namespace's changes from spreading: `mount --make-rprivate /`.
  public static func makeMountsPrivate() throws(SystemError) {
    try mount(nil, "/", nil, UInt(MS_REC) | UInt(MS_PRIVATE))
  }

  /// Mounts a fresh file system of this type: `mount -t tmpfs -o OPTIONS tmpfs /run`.
  public static func mountNew(
    _ type: String,
    on path: String,
    allowingDevices: Bool = false,
    options: String? = nil
  ) throws(SystemError) {
    try mount(type, path, type, UInt(MS_NOSUID) | (allowingDevices ? 0 : UInt(MS_NODEV)), options)
  }

  /// Makes `source` appear at `path`: `mount --bind source path`.
  public static func bind(_ source: String, on path: String) throws(SystemError) {
    try mount(source, path, nil, UInt(MS_BIND))
  }

  private static func mount(
    _ source: String?,
    _ path: String,
    _ type: String?,
    _ flags: UInt,
    _ options: String? = nil
  ) throws(SystemError) {
    guard unsafe Glibc.mount(source, path, type, flags, options) == 0 else {
      throw SystemError(call: "mount", subject: path, errno: .last)
    }
  }

  /// Takes away what was mounted on `path`, also while it is in use: `umount --lazy path`.
  public static func unmount(_ path: String) throws(SystemError) {
    guard unsafe umount2(path, CInt(MNT_DETACH)) == 0 else {
      throw SystemError(call: "umount2", subject: path, errno: .last)
    }
  }

  /// The kernel's number for the network namespace that this process is in, never used for another: `SO_NETNS_COOKIE`
  /// (from Linux 5.14); `nil` if this kernel gives none.
  public static func networkCookie() -> UInt64? {
    let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return nil }
    let owner = FileDescriptor(owning: descriptor)
    var cookie: UInt64 = 0
    var length = socklen_t(MemoryLayout<UInt64>.size)
    // The number of SO_NETNS_COOKIE is the same on every machine that Swift runs on.
    guard unsafe getsockopt(owner.rawValue, SOL_SOCKET, 71, &cookie, &length) == 0 else { return nil }
    return cookie
  }

  /// Names the host of this UTS namespace.
  ///
  /// See sethostname(2).
  public static func setHostName(_ name: String) throws(SystemError) {
    guard unsafe sethostname(name, name.utf8.count) == 0 else {
      throw SystemError(call: "sethostname", subject: name, errno: .last)
    }
  }
}
