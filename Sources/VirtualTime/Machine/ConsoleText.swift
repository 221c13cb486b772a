/// What a guest's kernel wrote to its console, and what of it a person needs.
struct ConsoleText {
  private let lines: [String]

  /// The text of a console; its beginning may be missing.
  init(_ text: String) {
    lines = text.split(whereSeparator: { $0 == "\n" || $0 == "\r\n" }).map { line in
      String(line.filter { !$0.isASCII || $0 >= " " }.prefix(160))
    }.filter { !$0.isEmpty }
  }

  private static let panicWords = "Kernel panic - not syncing: "

  /// Where the kernel says that it gives up, and why; `nil` if it does not.
  private var panicLine: (index: Int, reason: String)? {
    for (index, line) in lines.enumerated().reversed() {
      guard let words = line.firstRange(of: ConsoleText.panicWords) else { continue }
      return (index, String(line[words.upperBound...]))
    }
    return nil
  }

  /// Why the kernel gave up, as a sentence; `nil` if it did not.
  var panic: String? {
    guard let reason = panicLine?.reason else { return nil }
    return reason.lowercased().contains("out of memory")
      ? "the guest ran out of memory: '\(reason)'" : "the guest's kernel panicked: '\(reason)'"
  }

  /// The last lines, but nothing of the registers and calls that follow a panic.
  var end: [String] { (panicLine.map { lines.prefix($0.index + 1).suffix(4) } ?? lines.suffix(12)).map { $0 } }
}
