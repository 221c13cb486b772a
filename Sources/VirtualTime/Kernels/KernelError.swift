internal import Sockets

/// Why a guest's kernel cannot be had: a sentence for a person that says what would mend it.
public struct KernelError: Error, Hashable, Sendable {
  /// What is wrong, and what would mend it.
  public var message: String

  /// An error with this message.
  public init(_ message: String) {
    self.message = message
  }

  init(_ stage: String, _ error: SystemError) {
    message = "\(stage): \(error.description)"
  }
}
