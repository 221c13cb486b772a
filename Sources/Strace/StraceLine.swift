/// One line that strace wrote: the process, the moment, and what it is about.
struct StraceLine {
  /// What a line is about.
  enum Content {
    /// A call that has returned: `read(3, "", 1024) = 0 <0.000010>`.
    case call(Bytes)
    /// A call that was entered and goes on while another process does something: `read(3,  <unfinished ...>`.
    case unfinished(Bytes)
    /// The rest of such a call: `<... read resumed>"", 1024) = 0 <1.204>`.
    case resumed(name: String, rest: Bytes)
    /// The process is gone: `+++ exited with 0 +++`.
    case ended
    /// The process got a signal: `--- SIGINT {...} ---`.
    case signal
  }

  /// The process, by its number in its own namespace.
  var process: Int64
  /// CLOCK_REALTIME in nanoseconds: of a call its entry, of the rest of one its return.
  var time: Int64
  /// What it is about.
  var content: Content

  private static let unfinished = Array(" <unfinished ...>".utf8)
  private static let resumed = " resumed>"

  /// Reads a line, without its end; `nil` if strace with the options of ``StraceCommand`` writes no such line.
  init?(_ line: Bytes) {
    guard let (process, time, rest) = StraceLine.head(of: line) else { return nil }
    self.process = process
    self.time = time
    var text = rest
    if text.take("+++ ") {
      content = .ended
    } else if text.take("--- ") {
      content = .signal
    } else if text.take("<... ") {
      let name = text.take(while: \.isNamePart)
      guard !name.isEmpty, text.take(" resumed>") else { return nil }
      content = .resumed(name: name.text, rest: text)
    } else if text.suffix(StraceLine.unfinished.count).elementsEqual(StraceLine.unfinished) {
      content = .unfinished(text.dropLast(StraceLine.unfinished.count))
    } else {
      content = .call(text)
    }
  }

  /// The process and the moment at the beginning of a line, and what follows; `nil` if it does not begin so.
  static func head(of line: Bytes) -> (process: Int64, time: Int64, rest: Bytes)? {
    var rest = line
    guard let process = rest.takeInteger(), rest.first == UInt8(ascii: " ") else { return nil }
    _ = rest.take { $0 == UInt8(ascii: " ") }
    guard let time = rest.takeSeconds(), rest.take(" ") else { return nil }
    return (process, time, rest)
  }
}
