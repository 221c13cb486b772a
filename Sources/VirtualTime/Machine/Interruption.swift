internal import Laboratory
internal import Sockets

/// Whether the user wants the end while a guest is made ready, before there is anything else that could be stopped.
///
/// The signal is not taken: whoever runs the labs reads it from a queue of its own.
struct Interruption {
  private let queue: SignalQueue

  /// Notices SIGINT, SIGTERM and SIGHUP.
  init() throws(SystemError) { queue = try SignalQueue([.interrupt, .terminate, .hangUp]) }

  /// What to poll.
  var entry: PollEntry { PollEntry(queue.descriptor, .readable) }

  /// Whether one of the signals waits.
  var hasCome: Bool {
    var entries = [entry]
    return ((try? poll(&entries, timeout: .zero)) ?? 0) > 0
  }

  /// What is thrown then.
  static let error = LaboratoryError("interrupted while a guest was made ready")
}
