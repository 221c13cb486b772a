internal import CLinux
internal import Glibc

/// A signal, see signal(7).
public struct Signal: Hashable, Sendable, RawRepresentable {
  /// The number.
  public let rawValue: CInt

  /// The signal with this number.
  public init(rawValue: CInt) {
    self.rawValue = rawValue
  }

  private static let names: [(name: String, number: CInt)] = [
    ("SIGHUP", SIGHUP), ("SIGINT", SIGINT), ("SIGQUIT", SIGQUIT), ("SIGILL", SIGILL), ("SIGTRAP", SIGTRAP),
    ("SIGABRT", SIGABRT), ("SIGBUS", SIGBUS), ("SIGFPE", SIGFPE), ("SIGKILL", SIGKILL), ("SIGUSR1", SIGUSR1),
    ("SIGSEGV", SIGSEGV), ("SIGUSR2", SIGUSR2), ("SIGPIPE", SIGPIPE), ("SIGALRM", SIGALRM), ("SIGTERM", SIGTERM),
    ("SIGCHLD", SIGCHLD), ("SIGCONT", SIGCONT), ("SIGSTOP", SIGSTOP), ("SIGTSTP", SIGTSTP), ("SIGSYS", SIGSYS),
  ]

  /// The signal called `name` in signal(7), such as `SIGINT`.
  public init?(name: String) {
    guard let entry = Signal.names.first(where: { $0.name == name }) else { return nil }
    rawValue = entry.number
  }

  /// The name in signal(7); `signal 42` for one without.
  public var name: String {
    Signal.names.first { $0.number == rawValue }?.name ?? "signal \(rawValue)"
  }

  /// Asks a program to end.
  public static let terminate = Signal(rawValue: SIGTERM)
  /// Ends a program without asking.
  public static let kill = Signal(rawValue: SIGKILL)
  /// Ctrl-C.
  public static let interrupt = Signal(rawValue: SIGINT)
  /// The terminal is gone.
  public static let hangUp = Signal(rawValue: SIGHUP)
  /// Memory that a file stands for could not be had.
  public static let bus = Signal(rawValue: SIGBUS)
  /// Lets a program stand still.
  public static let stop = Signal(rawValue: SIGSTOP)
  /// Lets a program that stands still go on.
  public static let goOn = Signal(rawValue: SIGCONT)
  /// A child ended.
  public static let childEnded = Signal(rawValue: SIGCHLD)

  /// Sends the signal to a process; one that is gone already is no error.
  ///
  /// See kill(2).
  public func send(to process: Int32) {
    _ = Glibc.kill(process, rawValue)
  }

  /// Lets writes to a pipe or socket without a reader fail with `EPIPE` instead of ending this process.
  public static func ignoreBrokenPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
  }

  /// Sends this process `signal` when the parent that started it ends.
  ///
  /// See prctl(2), `PR_SET_PDEATHSIG`.
  ///
  /// The kernel forgets it when the process gains capabilities, so it must be said again after entering a user namespace.
  public static func sendWhenParentEnds(_ signal: Signal) {
    _ = clinux_prctl(CInt(PR_SET_PDEATHSIG), UInt(signal.rawValue))
  }
}

/// Signals as something to poll: they are blocked, and read from a descriptor.
///
/// See signalfd(2).
public final class SignalQueue {
  private let shared: SharedDescriptor

  /// The descriptor: readable when a signal waits.
  public var descriptor: CInt { shared.rawValue }

  /// Blocks these signals in this process and queues them here.
  public init(_ signals: [Signal]) throws(SystemError) {
    var set = sigset_t()
    _ = unsafe sigemptyset(&set)
    for signal in signals { _ = unsafe sigaddset(&set, signal.rawValue) }
    _ = unsafe sigprocmask(SIG_BLOCK, &set, nil)
    let descriptor = unsafe signalfd(-1, &set, CInt(SFD_CLOEXEC | SFD_NONBLOCK))
    guard descriptor >= 0 else { throw SystemError(call: "signalfd", errno: .last) }
    shared = SharedDescriptor(FileDescriptor(owning: descriptor))
  }

  /// The signals that came since the last call.
  public func read() -> [Signal] {
    let size = MemoryLayout<signalfd_siginfo>.size
    guard case .bytes(let bytes) = try? FileIO.read(descriptor, upTo: size * 16) else { return [] }
    return stride(from: 0, to: bytes.count - size + 1, by: size).map { start in
      Signal(rawValue: CInt(bytes[start]) | CInt(bytes[start + 1]) << 8)
    }
  }
}
