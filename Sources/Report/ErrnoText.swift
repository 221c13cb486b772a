/// The system's sentences for the errors that sockets report, as glibc's strerror(3) gives them.
///
/// A pure room cannot ask the system; and a timeline may come from another machine.
enum ErrnoText {
  private static let texts: [String: String] = [
    "EACCES": "Permission denied",
    "EADDRINUSE": "Address already in use",
    "EADDRNOTAVAIL": "Cannot assign requested address",
    "EAFNOSUPPORT": "Address family not supported by protocol",
    "EAGAIN": "Resource temporarily unavailable",
    "EALREADY": "Operation already in progress",
    "EBADF": "Bad file descriptor",
    "ECONNABORTED": "Software caused connection abort",
    "ECONNREFUSED": "Connection refused",
    "ECONNRESET": "Connection reset by peer",
    "EDESTADDRREQ": "Destination address required",
    "EHOSTDOWN": "Host is down",
    "EHOSTUNREACH": "No route to host",
    "EINPROGRESS": "Operation now in progress",
    "EINTR": "Interrupted system call",
    "EINVAL": "Invalid argument",
    "EIO": "Input/output error",
    "EISCONN": "Transport endpoint is already connected",
    "EMFILE": "Too many open files",
    "EMSGSIZE": "Message too long",
    "ENETDOWN": "Network is down",
    "ENETRESET": "Network dropped connection on reset",
    "ENETUNREACH": "Network is unreachable",
    "ENOBUFS": "No buffer space available",
    "ENOMEM": "Cannot allocate memory",
    "ENOPROTOOPT": "Protocol not available",
    "ENOTCONN": "Transport endpoint is not connected",
    "ENOTSOCK": "Socket operation on non-socket",
    "EOPNOTSUPP": "Operation not supported",
    "EPERM": "Operation not permitted",
    "EPIPE": "Broken pipe",
    "EPROTO": "Protocol error",
    "ESHUTDOWN": "Cannot send after transport endpoint shutdown",
    "ETIMEDOUT": "Connection timed out",
  ]

  /// The error by name and, where it is known, by text: `ETIMEDOUT (Connection timed out)`.
  static func words(_ name: String) -> String { texts[name].map { "\(name) (\($0))" } ?? name }
}
