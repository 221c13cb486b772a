/// How strace is called so that ``StraceReader`` can read what it writes.
public enum StraceCommand {
  /// The program's name.
  public static let program = "strace"

  /// The system calls that are traced: those that ``StraceReader`` reads, and what it needs to read them.
  ///
  /// `restart_syscall` is how a poll goes on after a program was frozen and thawed, `epoll_ctl` says what an
  /// `epoll_wait` watches.
  static let calls = [
    "socket", "bind", "listen", "accept", "accept4", "connect", "shutdown", "close", "getsockopt", "setsockopt",
    "read", "readv", "recvfrom", "recvmsg", "recvmmsg", "write", "writev", "sendto", "sendmsg", "sendmmsg",
    "sendfile", "splice", "poll", "ppoll", "select", "pselect6", "epoll_ctl", "epoll_wait", "epoll_pwait",
    "epoll_pwait2", "restart_syscall",
  ]

  /// The words of a command line that runs `command` and traces it into the FIFO or file at `path`.
  ///
  /// What each option is for, see strace(1):
  /// - `-D -D`: the tracer is a process of its own group beside the program, not its parent. So the program keeps its
  ///   process number, gets signals as if it ran alone, and its status is its own.
  /// - `-I never`: the tracer outlives signals to the whole host, and writes what the program did at last.
  /// - `-f`: what the program forks is traced too, and each line begins with its process.
  /// - `-qq`: nothing is said of processes that come and go, which would stand in the program's standard error.
  /// - `--seccomp-bpf`: system calls that are not traced run at full speed.
  /// - `-yy`: descriptors are shown with what they refer to, TCP sockets with their addresses.
  /// - `-s 32`: strings and arrays, such as those of poll, are cut to so many bytes and elements.
  /// - the times: CLOCK_REALTIME at the entry, and how long the call took, in nanoseconds.
  /// - `trace=?read`: the `?` leaves out what this machine's architecture does not have.
  public static func words(tracing command: [String], into path: String) -> [String] {
    [
      program, "-D", "-D", "-I", "never", "-f", "-qq", "--seccomp-bpf", "-yy", "-s", "32",
      "--absolute-timestamps=format:unix,precision:ns", "--syscall-times=ns", "-e", "signal=none",
      "-e", "trace=" + calls.map { "?" + $0 }.joined(separator: ","), "-o", path, "--",
    ] + command
  }
}
