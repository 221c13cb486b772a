/// What each system call can give on a TCP socket: an expectation of anything else could never hold.
struct SystemCallKnowledge {
  /// What it returns when it does not fail.
  enum Value {
    /// 0.
    case zero
    /// A number of bytes or of descriptors, 0 or more.
    case count
    /// A descriptor.
    case descriptor
  }

  let value: Value
  /// The errors that it can fail with, from its page in section 2 of the manual, tcp(7), ip(7), and for the errors that
  /// ICMP causes `icmp_err_convert` in net/ipv4/icmp.c.
  let errors: Set<String>
  /// Where an error that it never gives comes out instead.
  let elsewhere: String?

  /// What is known of the call called `name`, or of the one that does the same; `nil` for an unknown call.
  static func of(_ name: String) -> SystemCallKnowledge? { table[SystemCallFamily.of(name)] }

  /// The names of all known calls, those that a lab is likely to mean first.
  static let names =
    ["connect", "accept", "read", "write", "poll", "shutdown", "close", "bind", "listen", "socket"]
    + ["getsockopt", "setsockopt"] + SystemCallFamily.members.map(\.name)

  private static let descriptorErrors: Set = ["EBADF", "ENOTSOCK"]
  private static let memoryErrors: Set = ["ENOMEM", "ENOBUFS"]
  /// What a connection can die of, as far as any call may report it.
  private static let connectionErrors: Set = [
    "ETIMEDOUT", "ECONNRESET", "ECONNREFUSED", "EHOSTUNREACH", "ENETUNREACH", "EHOSTDOWN", "ENETDOWN", "ENONET",
    "ENOPROTOOPT", "EPROTO", "EACCES", "EOPNOTSUPP",
  ]
  private static let again: Set = ["EAGAIN", "EINTR"]

  private static let table: [String: SystemCallKnowledge] = [
    "connect": SystemCallKnowledge(
      value: .zero,
      errors: connectionErrors.union(again).union(descriptorErrors).union(memoryErrors).union([
        "EADDRNOTAVAIL", "EADDRINUSE", "EINPROGRESS", "EALREADY", "EISCONN", "EPERM", "EINVAL", "EAFNOSUPPORT",
        "EFAULT", "ECONNABORTED",
      ]),
      elsewhere: nil
    ),
    "accept": SystemCallKnowledge(
      value: .descriptor,
      errors: connectionErrors.union(again).union(descriptorErrors).union(memoryErrors).union([
        "ECONNABORTED", "EINVAL", "EMFILE", "ENFILE", "EPERM", "EFAULT",
      ]).subtracting(["ECONNRESET", "ECONNREFUSED", "ETIMEDOUT"]),
      elsewhere: "what becomes of a connection is told by read and write, after accept"
    ),
    "read": SystemCallKnowledge(
      value: .count,
      errors: connectionErrors.union(again).union(descriptorErrors).union(memoryErrors).union([
        "ENOTCONN", "EINVAL", "EFAULT",
      ]),
      elsewhere: "a read after the other end's FIN returns 0, whatever comes later; EPIPE is for write"
    ),
    "write": SystemCallKnowledge(
      value: .count,
      errors: connectionErrors.union(again).union(descriptorErrors).union(memoryErrors).union([
        "EPIPE", "ENOTCONN", "EINVAL", "EFAULT", "EPERM",
      ]),
      elsewhere: nil
    ),
    "poll": SystemCallKnowledge(
      value: .count,
      errors: ["EINTR", "EINVAL", "EFAULT", "ENOMEM", "EBADF"],
      elsewhere: "poll returns 1 when a connection has died, and the next read or write says of what"
    ),
    "shutdown": SystemCallKnowledge(
      value: .zero,
      errors: descriptorErrors.union(["ENOTCONN", "EINVAL"]),
      elsewhere: "only the next read or write says what a connection died of"
    ),
    "close": SystemCallKnowledge(
      value: .zero,
      errors: ["EBADF", "EINTR", "EIO"],
      elsewhere: "close says nothing of the connection, which the kernel goes on closing alone"
    ),
    "bind": SystemCallKnowledge(
      value: .zero,
      errors: descriptorErrors.union([
        "EADDRINUSE", "EADDRNOTAVAIL", "EACCES", "EINVAL", "EAFNOSUPPORT", "EFAULT", "ENOMEM",
      ]),
      elsewhere: nil
    ),
    "listen": SystemCallKnowledge(
      value: .zero,
      errors: descriptorErrors.union(["EADDRINUSE", "EOPNOTSUPP", "EINVAL"]),
      elsewhere: nil
    ),
    "socket": SystemCallKnowledge(
      value: .descriptor,
      errors: memoryErrors.union(["EACCES", "EPERM", "EAFNOSUPPORT", "EINVAL", "EMFILE", "ENFILE", "EPROTONOSUPPORT"]),
      elsewhere: nil
    ),
    "getsockopt": SystemCallKnowledge(
      value: .zero,
      errors: descriptorErrors.union(["EFAULT", "EINVAL", "ENOPROTOOPT", "EOPNOTSUPP", "ENOTCONN"]),
      elsewhere: "getsockopt returns 0 and hands out the connection's error as the value of SO_ERROR"
    ),
    "setsockopt": SystemCallKnowledge(
      value: .zero,
      errors: descriptorErrors.union([
        "EFAULT", "EINVAL", "ENOPROTOOPT", "EDOM", "ENOMEM", "ENOBUFS", "EACCES", "EPERM", "EISCONN", "EBUSY", "ENOENT",
      ]),
      elsewhere: nil
    ),
  ]
}

/// System calls that do the same: programs differ in which of them they make, and a lab should not have to care.
enum SystemCallFamily {
  /// Each call with the one by whose name a lab means it too.
  static let members: [(name: String, family: String)] = [
    ("recv", "read"), ("recvfrom", "read"), ("recvmsg", "read"), ("readv", "read"), ("send", "write"),
    ("sendto", "write"), ("sendmsg", "write"), ("writev", "write"), ("accept4", "accept"), ("ppoll", "poll"),
    ("select", "poll"), ("pselect6", "poll"), ("epoll_wait", "poll"), ("epoll_pwait", "poll"), ("epoll_pwait2", "poll"),
  ]

  /// The call by whose name `name` is meant too: `read` for `recvfrom`; `name` itself for a call without family.
  static func of(_ name: String) -> String { members.first { $0.name == name }?.family ?? name }
}
