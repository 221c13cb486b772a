internal import CLinux
internal import Glibc
internal import Sockets

/// The world that a lab lives in: user (without root), mount, network, process, IPC and host name namespaces of its own.
///
/// Two processes make it. The *keeper* enters the namespaces and waits; its child is process 1 of the new process
/// namespace and runs the lab. When the front dies, the kernel kills the keeper; when the keeper dies, it kills process
/// 1; and with process 1 it kills whatever still runs in there. No name of it is ever written outside: the private /run
/// and the namespaces go with the last process.
enum Isolation {
  /// Enters the namespaces and forks; returns only in process 1 of the new world.
  ///
  /// The keeper never returns: it exits with process 1's status.
  static func enter() throws(LaboratoryError) {
    Signal.sendWhenParentEnds(.kill)
    setsid()
    try makeNamespaces()
    // Becoming root in a user namespace gained capabilities, at which the kernel forgets this.
    Signal.sendWhenParentEnds(.kill)
    let child = clinux_fork()
    guard child >= 0 else {
      throw LaboratoryError("the laboratory's first process", SystemError(call: "fork", errno: Errno.last))
    }
    if child > 0 { keep(child) }
    Signal.sendWhenParentEnds(.kill)
    try furnish()
  }

  private static func makeNamespaces() throws(LaboratoryError) {
    let kinds: NamespaceKind = [.mount, .network, .processes, .hostName, .ipc]
    let user = geteuid()
    let group = getegid()
    if user == 0 {
      do {
        try Namespace.unshare(kinds)
        return
      } catch {
        // Root without CAP_SYS_ADMIN, as in most containers, may still be allowed a user namespace.
        if error.errno != .notPermitted { throw .cannotIsolate(error) }
      }
    }
    do {
      try Namespace.unshare(kinds.union(.user))
      try Namespace.becomeRoot(asUser: user, group: group)
    } catch {
      throw .cannotIsolate(error)
    }
  }

  private static func keep(_ child: Int32) -> Never {
    // Nothing of the pipes may stay open here, or the front would not see the laboratory's end.
    _ = close_range(0, UInt32.max, 0)
    switch ChildProcess.wait(for: child) {
    case .exited(let status): _exit(status)
    case .signaled, nil: _exit(1)
    }
  }

  /// Gives the world its own /run, so that `ip netns add` writes no name outside, and its own /proc.
  private static func furnish() throws(LaboratoryError) {
    do {
      try Namespace.makeMountsPrivate()
      try Namespace.mountNew("tmpfs", on: "/run")
    } catch {
      throw LaboratoryError("the laboratory's own mounts", error)
    }
    // A container may forbid this one; then /proc still shows the container's processes, which only looks untidy,
    // unless it is read-only, which the first kernel setting would tell.
    try? Namespace.mountNew("proc", on: "/proc")
  }
}
