internal import Sockets

/// Why a guest's kernel cannot be had: a sentence for a person that says what would mend it.
public struct KernelError: Error, Hashable, Sendable {
  /// What is wrong, and what would mend it.
  public var message: String
  /// The number of the signal that ended the work, if one did.
  public var signal: Int32?

  /// An error with this message.
  public init(_ message: String) {
    self.message = message
  }

  init(_ stage: String, _ error: SystemError) {
    message = "\(stage): \(error.description)"
  }

  /// The work was ended by a signal.
  static func interrupted(by signal: Signal) -> KernelError {
    var error = KernelError("interrupted by \(signal.name); nothing is left behind")
    error.signal = signal.rawValue
    return error
  }

  /// What `call` returns; if the system refuses it, an error that begins with `stage`.
  static func naming<Value>(
    _ stage: String,
    _ call: @autoclosure () throws(SystemError) -> Value
  ) throws(KernelError) -> Value where Value: ~Copyable {
    do {
      return try call()
    } catch {
      throw KernelError(stage, error)
    }
  }
}
