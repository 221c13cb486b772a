/// A timeline as it was saved: JSON Lines, one event a line.
///
/// What cannot be read is reported with its line, and the rest is used: a run may have been killed while it wrote.
public struct SavedTimeline: Hashable, Sendable {
  /// A line that is not an event.
  public struct Mistake: Error, Hashable, Sendable {
    /// The line, from 1.
    public var line: Int
    /// What is wrong with it.
    public var message: String

    /// A mistake.
    public init(line: Int, message: String) {
      self.line = line
      self.message = message
    }
  }

  /// The events, in the file's order.
  public private(set) var events: [Event] = []
  /// The lines that are no events, in the file's order.
  public private(set) var mistakes: [Mistake] = []

  /// Reads the bytes of a file; what is not UTF-8 is read as U+FFFD.
  public init(bytes: some Collection<UInt8>) {
    let bytes = Array(bytes)
    var start = 0
    var number = 0
    while start <= bytes.count {
      // Of large files this loop is a part of the time that counts: no closure, no slice of slices.
      var end = start
      while end < bytes.count, bytes[end] != 0x0A { end += 1 }
      let line = bytes[start..<end]
      start = end + 1
      number += 1
      if line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) { continue }
      do {
        events.append(try Event(line: String(decoding: line, as: UTF8.self)))
      } catch {
        // The last piece of a file that ends without a line's end was being written when its writer ended.
        let message = end == bytes.count ? "torn: the writer was interrupted in it" : error.message
        mistakes.append(Mistake(line: number, message: message))
      }
    }
    for event in events {
      guard case .begin(let beginning) = event.body, beginning.version > Beginning.currentVersion else { continue }
      mistakes.append(
        Mistake(
          line: 1,
          message: "format version \(beginning.version) is newer than \(Beginning.currentVersion), which this program "
            + "knows: what it does not know is kept and not shown"
        )
      )
      break
    }
  }

  /// The events of each run in the file: a run starts with its `begin`.
  public var runs: [[Event]] {
    var runs: [[Event]] = []
    for event in events {
      if case .begin = event.body {
        runs.append([event])
      } else if runs.isEmpty {
        runs = [[event]]
      } else {
        runs[runs.count - 1].append(event)
      }
    }
    return runs
  }
}
