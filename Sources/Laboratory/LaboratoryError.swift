internal import Sockets

/// Why the laboratory cannot go on: a sentence for a person, and whether it is the machine that cannot do it.
public struct LaboratoryError: Error, Hashable, Sendable {
  /// What happened, and what would mend it.
  public var message: String

  /// An error with this message.
  public init(_ message: String) {
    self.message = message
  }

  init(_ stage: String, _ error: SystemError) {
    message = "\(stage): \(error.description)"
  }

  /// This machine lets nobody, or not this user, make namespaces.
  static func cannotIsolate(_ error: SystemError) -> LaboratoryError {
    LaboratoryError(
      """
      this machine does not let this user make namespaces (\(error.description)). \
      Run as root, or allow user namespaces: sysctl user.max_user_namespaces above 0, \
      kernel.unprivileged_userns_clone=1 (Debian), kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu); \
      in a container, run it with --privileged, or with --cap-add NET_ADMIN --cap-add SYS_ADMIN
      """
    )
  }
}
