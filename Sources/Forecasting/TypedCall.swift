/// A system call that was typed to `dnc --repl`.
enum TypedCall: Equatable {
  case connect
  case write(bytes: Int)
  /// The call that says goodbye: close, or shutdown.
  case close(call: String)
  /// Something that sends nothing.
  case other

  /// Reads a line as dnc does.
  init(_ line: String) {
    let words = line.split(separator: " ", maxSplits: 1)
    switch words.first {
    case "connect": self = .connect
    case "write": self = .write(bytes: max(1, (words.count > 1 ? words[1].utf8.count : 0) - 2))
    case "close" where words.count == 1, "quit": self = .close(call: "close")
    case "shutdown" where words.last == "write" || words.last == "both": self = .close(call: "shutdown")
    default: self = .other
    }
  }
}
