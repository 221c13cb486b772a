internal import CLinux
internal import Glibc

/// What a descriptor is ready for, see poll(2).
///
/// Errors and hang-ups are reported whether asked for or not.
public struct Readiness: OptionSet, Hashable, Sendable {
  /// The bits of `struct pollfd`.
  public let rawValue: Int16

  /// The readiness of these bits.
  public init(rawValue: Int16) {
    self.rawValue = rawValue
  }

  /// Reading does not block: data, end of stream, an error, or a connection to accept.
  ///
  /// `POLLIN`.
  public static let readable = Readiness(rawValue: Int16(POLLIN))
  /// Writing does not block.
  ///
  /// `POLLOUT`.
  public static let writable = Readiness(rawValue: Int16(POLLOUT))
  /// An error is pending on the socket, or waits in its error queue.
  ///
  /// `POLLERR`.
  public static let errorPending = Readiness(rawValue: Int16(POLLERR))
  /// Both directions of the connection are over, or the pipe has no writer any more.
  ///
  /// `POLLHUP`.
  public static let hungUp = Readiness(rawValue: Int16(POLLHUP))
  /// The number is no open descriptor.
  ///
  /// `POLLNVAL`.
  public static let invalid = Readiness(rawValue: Int16(POLLNVAL))
  /// The peer has shut down its writing half.
  ///
  /// `POLLRDHUP`.
  public static let peerClosed = Readiness(rawValue: Int16(CLINUX_POLLRDHUP))
}

/// One descriptor of a poll: what is asked about it and what was answered.
public struct PollEntry: Sendable {
  /// The descriptor; a negative one is passed over.
  public var descriptor: CInt
  /// What is asked.
  public var interest: Readiness
  /// What the last ``poll(_:timeout:)`` answered.
  public var ready: Readiness = []

  /// Asks about `descriptor`.
  public init(_ descriptor: CInt, _ interest: Readiness) {
    self.descriptor = descriptor
    self.interest = interest
  }
}

/// Waits until one of the entries is ready, a signal comes, or `timeout` has passed; `nil` waits for ever.
///
/// The timeout is rounded up to whole milliseconds, so that a caller never wakes before its time.
/// Returns how many entries are ready: 0 after the timeout and after a signal, which with `interruptible` fails with
/// `EINTR` instead.
public func poll(
  _ entries: inout [PollEntry],
  timeout: Duration?,
  interruptible: Bool = false
) throws(SystemError) -> Int {
  var descriptors = entries.map { pollfd(fd: $0.descriptor, events: $0.interest.rawValue, revents: 0) }
  var milliseconds: CInt = -1
  if let timeout {
    let (seconds, attoseconds) = timeout.components
    let total = seconds * 1000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
    milliseconds = CInt(clamping: max(0, total))
  }
  let count = unsafe Glibc.poll(&descriptors, nfds_t(descriptors.count), milliseconds)
  if count == -1 {
    let error = Errno.last
    guard error == .interrupted, !interruptible else { throw SystemError(call: "poll", errno: error) }
  }
  for index in entries.indices {
    entries[index].ready = count > 0 ? Readiness(rawValue: descriptors[index].revents) : []
  }
  return max(0, Int(count))
}
