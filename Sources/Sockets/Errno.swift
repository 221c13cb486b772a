internal import CLinux
internal import Glibc

/// An error number of the system, see errno(3).
public struct Errno: Error, Hashable, Sendable, RawRepresentable {
  /// The number.
  public let rawValue: CInt

  /// The error with this number.
  public init(rawValue: CInt) {
    self.rawValue = rawValue
  }

  /// The error of the call that has just failed, valid only until the next call: read it at once.
  public static var last: Errno { Errno(rawValue: errno) }

  /// The name in errno(3), such as `ETIMEDOUT`; `errno 4095` for a number without a name.
  public var name: String {
    guard let name = unsafe strerrorname_np(rawValue) else { return "errno \(rawValue)" }
    return unsafe String(cString: name)
  }

  /// The system's sentence, such as `Connection timed out`.
  public var text: String {
    guard let text = unsafe strerror(rawValue) else { return "error \(rawValue)" }
    return unsafe String(cString: text)
  }
}

extension Errno {
  /// Again later: the call would block.
  ///
  /// The corresponding C error is `EAGAIN`.
  public static let wouldBlock = Errno(rawValue: EAGAIN)
  /// A signal came first.
  ///
  /// The corresponding C error is `EINTR`.
  public static let interrupted = Errno(rawValue: EINTR)
  /// The connection is being made.
  ///
  /// The corresponding C error is `EINPROGRESS`.
  public static let inProgress = Errno(rawValue: EINPROGRESS)
  /// The peer, or our own end, takes no more data.
  ///
  /// The corresponding C error is `EPIPE`.
  public static let brokenPipe = Errno(rawValue: EPIPE)
  /// The peer sent an RST.
  ///
  /// The corresponding C error is `ECONNRESET`.
  public static let connectionReset = Errno(rawValue: ECONNRESET)
  /// A limit of TCP's passed without an answer.
  ///
  /// The corresponding C error is `ETIMEDOUT`.
  public static let timedOut = Errno(rawValue: ETIMEDOUT)
  /// No such file or directory.
  ///
  /// The corresponding C error is `ENOENT`.
  public static let noSuchFile = Errno(rawValue: ENOENT)
  /// The kernel, or this file of it, is not made for it.
  ///
  /// The corresponding C error is `EOPNOTSUPP`.
  public static let notSupported = Errno(rawValue: EOPNOTSUPP)
  /// Not permitted.
  ///
  /// The corresponding C error is `EPERM`.
  public static let notPermitted = Errno(rawValue: EPERM)
  /// This kernel has not that kind of address.
  ///
  /// The corresponding C error is `EAFNOSUPPORT`.
  public static let familyNotSupported = Errno(rawValue: EAFNOSUPPORT)
  /// The machine has not that address.
  ///
  /// The corresponding C error is `EADDRNOTAVAIL`.
  public static let noAddress = Errno(rawValue: EADDRNOTAVAIL)
  /// The call does not fit what it is made on.
  ///
  /// The corresponding C error is `EINVAL`.
  public static let invalidArgument = Errno(rawValue: EINVAL)
  /// The disk is full.
  ///
  /// The corresponding C error is `ENOSPC`.
  public static let noSpace = Errno(rawValue: ENOSPC)
}

/// A system call that failed: which, on what, and why.
public struct SystemError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The call, as in section 2 of the manual.
  public var call: String
  /// What it was called on, in words for a person; empty if nothing helps.
  public var subject: String
  /// Why it failed.
  public var errno: Errno

  /// A failed call.
  public init(call: String, subject: String = "", errno: Errno) {
    self.call = call
    self.subject = subject
    self.errno = errno
  }

  /// The failure in a line, such as `connect 10.0.0.2:80: Connection timed out (ETIMEDOUT)`.
  public var description: String {
    "\(call)\(subject.isEmpty ? "" : " " + subject): \(errno.text) (\(errno.name))"
  }
}

/// Calls `body` and returns its result; -1 becomes the ``Errno``, and `EINTR` is tried again.
///
/// `body` must be one system call: nothing may run between it and the reading of errno.
@inline(__always)
func retryingOnInterrupt<Result: FixedWidthInteger & SignedInteger>(_ body: () -> Result) throws(Errno) -> Result {
  while true {
    let result = body()
    if result != -1 { return result }
    let error = Errno.last
    if error != .interrupted { throw error }
  }
}
