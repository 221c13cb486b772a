internal import Timeline

/// Where one of several labs is, in a line of at most `width` columns: its name, a bar against the length that it is
/// expected to have, and what it waits for.
///
/// - Parameters:
///   - name: The lab's name.
///   - gone: How long it has run.
///   - expected: How long it will take, as far as a forecast tells; zero where nothing is known.
///   - text: What it waits for; cut to what room there is.
///   - nameColumns: The columns of the longest name, so that bars stand below each other.
public func progressLine(
  _ name: String,
  gone: Duration,
  expected: Duration,
  text: String,
  nameColumns: Int,
  _ options: TextOptions
) -> String {
  let width = options.width - 1
  let label = name.printable.cut(to: min(nameColumns, width / 3)).padded(to: min(nameColumns, width / 3))
  let seconds = Duration.seconds(gone.nanoseconds / 1_000_000_000)
  let times =
    expected > .zero ? "\(seconds.text) of \(Duration.seconds((expected.inSeconds + 0.5).whole).text)" : seconds.text
  let length = max(8, min(24, width / 5))
  // A run that takes longer than was thought is shown as full, and its time goes on.
  let share = expected > .zero ? min(1, gone.inSeconds / expected.inSeconds) : 0
  let eighths = Int(share * Double(length * 8))
  let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8]
  let filled = String(repeating: "█", count: eighths / 8) + partial
  let rest = String(repeating: "·", count: max(0, length - filled.columns))
  let front = "\(label)  "
  let behind = "  \(times.padded(to: 16))  "
  let room = width - front.columns - length - behind.columns
  let words = room > 4 ? text.printable.cut(to: room) : ""
  return
    (front + Tint.success.paint(filled, options) + Tint.faint.paint(rest, options) + behind
    + Tint.faint.paint(words, options)).trimmedAtEnd
}

extension Double {
  /// The whole part, within what an integer holds.
  fileprivate var whole: Int64 { isFinite && self < 9e18 ? Int64(max(0, self)) : 0 }
}
