internal import Sockets

/// What the program says to the person who runs it: results to standard output, complaints to standard error.
enum Console {
  /// Exit statuses, see `halfopen --help`.
  enum Status {
    static let held: Int32 = 0
    static let failed: Int32 = 1
    static let usage: Int32 = 2
    static let cannotRun: Int32 = 3
  }

  /// Writes `text` to standard output.
  ///
  /// Returns false when nobody reads it any more.
  @discardableResult
  static func print(_ text: String) -> Bool {
    (try? FileIO.writeAll(Array(text.utf8), to: 1)) != nil
  }

  /// Writes a line to standard error, with the program's name before it.
  static func complain(_ message: String) {
    try? FileIO.writeAll(Array("halfopen: \(message)\n".utf8), to: 2)
  }

  /// Writes `text` to standard error as it is.
  static func show(_ text: String) {
    try? FileIO.writeAll(Array(text.utf8), to: 2)
  }
}
