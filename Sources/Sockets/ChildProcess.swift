internal import CLinux
internal import Glibc

/// How a process ended.
public enum ProcessEnding: Hashable, Sendable {
  /// It exited with this status.
  case exited(Int32)
  /// This signal ended it.
  case signaled(Signal)

  init(status: CInt) {
    self =
      clinux_exited(status) != 0
      ? .exited(clinux_exit_status(status)) : .signaled(Signal(rawValue: clinux_term_signal(status)))
  }
}

/// What a child process is to be: its program, what it inherits and where it lives.
public struct ChildProcess {
  /// A namespace to enter before the program starts.
  public struct Entrance {
    var descriptor: SharedDescriptor
    var kind: NamespaceKind

    /// Enters the namespace that `descriptor` refers to.
    public init(_ descriptor: SharedDescriptor, _ kind: NamespaceKind) {
      self.descriptor = descriptor
      self.kind = kind
    }
  }

  /// The program, looked up in the environment's PATH if it has no slash, and its arguments.
  public var command: [String]
  /// Its environment, `NAME=value` each.
  public var environment: [String]
  /// Descriptors it inherits: our number and the number they get there.
  ///
  /// All others are closed.
  public var descriptors: [(ours: CInt, theirs: CInt)]
  /// Namespaces to enter, in this order; a process namespace is entered by forking within it.
  public var entrances: [Entrance] = []
  /// New namespaces to make for it.
  public var newNamespaces: NamespaceKind = []
  /// The directory it starts in; `nil` for this process's own, or the root of the mount namespace it enters.
  public var directory: String?
  /// Whether it becomes the leader of a session of its own, out of reach of the terminal's Ctrl-C.
  public var leadsSession = false
  /// Whether it runs as ``Privilege/ordinaryUser`` although this process is root.
  public var isUnprivileged = false
  /// Whether it is killed when this process ends.
  public var diesWithParent = true

  /// A child that runs `command`.
  public init(command: [String], environment: [String], descriptors: [(ours: CInt, theirs: CInt)]) {
    self.command = command
    self.environment = environment
    self.descriptors = descriptors
  }

  /// Starts the program and returns its process number as this process sees it.
  ///
  /// Throws what execve(2), or the step before it that failed, said; then no process is left.
  public func start() throws(SystemError) -> Int32 {
    var report = try Pipe()
    let back = try processNamespaceOfChildren()
    for entrance in entrances where entrance.kind == .processes {
      try Namespace.enter(entrance.descriptor.rawValue, .processes)
    }
    if newNamespaces.contains(.processes) { try Namespace.unshare(.processes) }
    let (child, error) = makeChild(reportingTo: report.writing.rawValue)
    if let back { try? Namespace.enter(back.rawValue, .processes) }
    guard child > 0 else { throw SystemError(call: "fork", errno: error) }
    report.closeWriting()
    return try confirm(child, report.reading)
  }

  /// Makes the child, which becomes its program; returns its number, or -1 and why there is none.
  private func makeChild(reportingTo report: CInt) -> (process: Int32, error: Errno) {
    let launch = Launch(command, environment)
    guard mayShareMemory else {
      let child = clinux_fork()
      if child == 0 { becomeProgram(launch, reportingTo: report) }
      return (child, .last)
    }
    let body = Body { becomeProgram(launch, reportingTo: report) }
    let size = 1 << 19
    let stack = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 16)
    defer { unsafe stack.deallocate() }
    let child = unsafe clinux_clone_within(
      { argument in
        guard let argument = unsafe argument else { _exit(127) }
        unsafe Unmanaged<Body>.fromOpaque(argument).takeUnretainedValue().run()
      },
      stack + size,
      Unmanaged.passUnretained(body).toOpaque()
    )
    let error = Errno.last
    return withExtendedLifetime(body) { (child, error) }
  }

  /// What a child does within this process's memory.
  private final class Body {
    let run: () -> Never

    init(_ run: @escaping () -> Never) {
      self.run = run
    }
  }

  /// Whether the child may live in this process's memory until it has its program, which saves the copying: a change of
  /// user changes what may be done with the memory, too (`set_dumpable` in kernel/cred.c).
  private var mayShareMemory: Bool { !isUnprivileged }

  private func processNamespaceOfChildren() throws(SystemError) -> SharedDescriptor? {
    guard newNamespaces.contains(.processes) || entrances.contains(where: { $0.kind == .processes }) else { return nil }
    return SharedDescriptor(try FileIO.open("/proc/self/ns/pid_for_children"))
  }

  /// Waits until the child has become its program, or said why it could not.
  private func confirm(_ child: Int32, _ report: SharedDescriptor) throws(SystemError) -> Int32 {
    let said = try FileIO.readAll(report.rawValue)
    if said.isEmpty { return child }
    _ = ChildProcess.wait(for: child)
    let text = String(decoding: said, as: UTF8.self)
    let parts = text.split(separator: " ", maxSplits: 1)
    let number = parts.first.flatMap { CInt($0) } ?? EINVAL
    throw SystemError(
      call: parts.count > 1 ? String(parts[1]) : "execvpe",
      subject: command.first ?? "",
      errno: Errno(rawValue: number)
    )
  }

  /// The child's half: never returns.
  ///
  /// It may live in its parent's memory, and must leave that as it is.
  private func becomeProgram(_ launch: Launch, reportingTo report: CInt) -> Never {
    do throws(SystemError) {
      if leadsSession { setsid() }
      for entrance in entrances where entrance.kind != .processes {
        try Namespace.enter(entrance.descriptor.rawValue, entrance.kind)
      }
      try Namespace.unshare(newNamespaces.subtracting(.processes))
      if let directory { _ = unsafe chdir(directory) }
      // The kernel forgets what to do at the parent's end when a process changes its user: that comes after.
      if isUnprivileged { try Privilege.becomeOrdinaryUser() }
      if diesWithParent { Signal.sendWhenParentEnds(.kill) }
      resetSignals()
      let reportHome = arrangeDescriptors(report)
      let error = launch.execute()
      try? FileIO.writeAll(Array("\(error.rawValue) execvpe".utf8), to: reportHome)
    } catch {
      let text = "\(error.errno.rawValue) \(error.call)"
      try? FileIO.writeAll(Array(text.utf8), to: report)
    }
    _exit(127)
  }

  private func resetSignals() {
    var none = sigset_t()
    _ = unsafe sigemptyset(&none)
    _ = unsafe sigprocmask(SIG_SETMASK, &none, nil)
    for number in CInt(1)..<32 { _ = signal(number, SIG_DFL) }
  }

  /// Gives the inherited descriptors their numbers and lets all others close at execve; returns the report's number.
  private func arrangeDescriptors(_ report: CInt) -> CInt {
    let highest = descriptors.map(\.theirs).max() ?? 2
    // Out of the way first, so that no dup3 overwrites one that is still needed.
    let raised = descriptors.map { (fcntl($0.ours, F_DUPFD_CLOEXEC, highest + 1), $0.theirs) }
    let home = fcntl(report, F_DUPFD_CLOEXEC, highest + 1)
    for (ours, theirs) in raised { _ = dup2(ours, theirs) }
    _ = close_range(UInt32(highest) + 1, UInt32.max, 4 /* CLOSE_RANGE_CLOEXEC */)
    return home
  }

  /// A descriptor that stands for a child, and is readable once that has ended.
  ///
  /// See pidfd_open(2).
  public static func descriptor(of process: Int32) throws(SystemError) -> FileDescriptor {
    let descriptor = clinux_pidfd_open(process, 0)
    guard descriptor >= 0 else { throw SystemError(call: "pidfd_open", errno: .last) }
    return FileDescriptor(owning: descriptor)
  }

  /// Waits for a child to end and takes its status.
  ///
  /// See waitpid(2).
  public static func wait(for process: Int32) -> ProcessEnding? {
    var status: CInt = 0
    while true {
      let result = unsafe waitpid(process, &status, 0)
      if result == process { return ProcessEnding(status: status) }
      if result == -1, Errno.last != .interrupted { return nil }
    }
  }

  /// Takes the status of one child that has ended; `nil` if none has.
  public static func reap(waiting: Bool = false) -> (process: Int32, ending: ProcessEnding)? {
    var status: CInt = 0
    while true {
      let result = unsafe waitpid(-1, &status, waiting ? 0 : WNOHANG)
      if result > 0 { return (result, ProcessEnding(status: status)) }
      if result == -1, Errno.last == .interrupted { continue }
      return nil
    }
  }

  /// This process's environment, `NAME=value` each.
  public static var ownEnvironment: [String] {
    var entries: [String] = []
    guard let bytes = try? FileIO.contents(of: "/proc/self/environ") else { return [] }
    for entry in bytes.split(separator: 0) { entries.append(String(decoding: entry, as: UTF8.self)) }
    return entries
  }

  /// The directory that this program's file is in; `nil` without /proc.
  public static var ownDirectory: String? {
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = unsafe readlink("/proc/self/exe", &buffer, buffer.count)
    guard length > 0 else { return nil }
    let path = String(decoding: buffer.prefix(length).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return path.lastIndex(of: "/").map { String(path[..<$0]) }
  }
}
