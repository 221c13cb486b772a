import Sockets

/// The processes below one that a test started.
enum Descendants {
  /// The QEMU processes below `process`.
  static func guests(of process: Int32) throws -> [Int32] {
    var found: [Int32] = []
    for name in try FileIO.names(in: "/proc") {
      guard let number = Int32(name), let text = try? FileIO.contents(of: "/proc/\(number)/stat") else { continue }
      // pid (comm) state ppid …
      let fields = String(decoding: text, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
      guard fields.count > 1, Int32(fields[1]) == process else { continue }
      if String(decoding: text, as: UTF8.self).contains("(qemu-system") { found.append(number) }
      found += try guests(of: number)
    }
    return found
  }

  /// Waits until there is a QEMU process below `process`, and returns its number; `nil` if `process` ends before.
  static func waitForGuest(of process: Int32) throws -> Int32? {
    while !hasEnded(process) {
      if let guest = try guests(of: process).first { return guest }
      try rest()
    }
    return nil
  }

  /// Waits until a process is no more, or a zombie that nobody has buried.
  static func waitForEnd(of process: Int32) throws {
    while !hasEnded(process) { try rest() }
  }

  private static func hasEnded(_ process: Int32) -> Bool {
    guard let text = try? FileIO.contents(of: "/proc/\(process)/stat") else { return true }
    return String(decoding: text, as: UTF8.self).contains(") Z ")
  }

  /// The files that a process has open, by their names.
  static func openFiles(of process: Int32) -> [String] {
    ((try? FileIO.names(in: "/proc/\(process)/fd")) ?? []).compactMap {
      FileIO.target(ofLink: "/proc/\(process)/fd/\($0)")
    }
  }

  private static func rest() throws {
    var none: [PollEntry] = []
    _ = try poll(&none, timeout: .milliseconds(5))
  }
}
