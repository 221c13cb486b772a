import Sockets

/// Lines from standard input, read by blocking reads and nothing else.
struct LineInput {
  /// What came.
  enum Input {
    /// A line, without its end.
    case line(String)
    /// The input is over.
    case end
    /// A signal came first; what was typed of the line is gone, as the terminal's own editing has it.
    case interrupted
  }

  private var pending: [UInt8] = []
  private var hasEnded = false
  private var buffer = [UInt8](repeating: 0, count: 4096)

  mutating func next() -> Input {
    while true {
      if let end = pending.firstIndex(of: 10) {
        let line = pending[..<end]
        pending.removeSubrange(...end)
        return .line(String(decoding: line, as: UTF8.self))
      }
      if hasEnded {
        guard !pending.isEmpty else { return .end }
        defer { pending = [] }
        return .line(String(decoding: pending, as: UTF8.self))
      }
      switch Transfer.read(0, into: &buffer, interruptible: true) {
      case .data(let count): pending += buffer.prefix(count)
      case .endOfStream: hasEnded = true
      case .wouldBlock: _ = try? FileIO.wait(for: .readable, on: 0)
      case .failed(.interrupted):
        pending = []
        return .interrupted
      case .failed: hasEnded = true
      }
    }
  }
}
