import Sockets

/// Why dnc ends with status 1.
///
/// Every failure is thrown to the top, where it is reported, once.
enum Failure: Error {
  /// The connection failed, or could not be made; `call` is the system call that said so.
  case connection(call: String, Errno)
  /// The socket could not be made or set up.
  case system(SystemError)
  /// A name has no address.
  case resolution(ResolutionError)
  /// Standard input cannot be read.
  case input(Errno)
  /// Standard output takes no more.
  case output(Errno)

  /// Tells of the failure on standard error, and in the log, if there is one, by the errno's name.
  func report(log: Log) {
    switch self {
    case .connection(let call, let errno):
      // With a log this is the line of the original, to the letter, so the name comes in a line of its own.
      Console.complain("\(call): \(errno.text)" + (log.timestamps == nil ? " (\(errno.name))" : ""))
      try? log("connection failed: \(errno.name)")
    case .system(let error): Console.complain(error.description)
    case .resolution(let error): Console.complain(error.description)
    case .input(let errno): Console.complain("stdin: \(errno.text) (\(errno.name))")
    case .output(let errno): Console.complain("stdout: \(errno.text) (\(errno.name))")
    }
  }
}
