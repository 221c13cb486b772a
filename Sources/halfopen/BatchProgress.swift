internal import Sockets
internal import Timeline

/// How far many labs are that are run side by side: a bar in the terminal's last line, or a line a minute in a log.
///
/// It goes to standard error, since standard output is for the result.
final class BatchProgress {
  private let noun: String
  /// By the lab's name: how long it is expected to take.
  private let lengths: [String: Duration]
  private var done: Set<String> = []
  private var lastShown = Clock.monotonic
  private let canRedraw = Terminal.canRedraw(2)
  private let width = Terminal.columns(of: 2) ?? 80
  private var isShown = false
  private let start = Clock.monotonic

  /// The progress of labs with these expected lengths.
  init(_ noun: String, lengths: [String: Duration]) {
    self.noun = noun
    self.lengths = lengths
  }

  /// How long the loop may rest while nothing happens.
  var restingTime: Duration { canRedraw ? .milliseconds(250) : .seconds(1) }

  /// Notes that a lab has ended.
  func ended(_ name: String) { done.insert(name) }

  /// Shows how far it is, while these labs run.
  func show(_ running: [String]) {
    let now = Clock.monotonic
    guard now - lastShown >= (canRedraw ? 250_000_000 : 60_000_000_000) else { return }
    lastShown = now
    let total = lengths.values.reduce(Duration.zero, +)
    let part = lengths.filter { done.contains($0.key) }.values.reduce(Duration.zero, +)
    let share = total > .zero ? part / total : 1
    let words = "\(done.count) of \(lengths.count) \(noun), \(running.count) running, \(elapsed(now))"
    guard canRedraw else { return Console.show(words + "\n") }
    let room = max(0, min(40, width - words.count - 4))
    let full = Int((share * Double(room)).rounded(.down))
    let bar =
      room < 8 ? "" : "[" + String(repeating: "#", count: full) + String(repeating: ".", count: room - full) + "] "
    isShown = true
    Console.show("\r\u{1B}[K" + String((bar + words).prefix(max(0, width - 1))))
  }

  /// Removes the line from the terminal.
  func clear() {
    if isShown { Console.show("\r\u{1B}[K") }
    isShown = false
  }

  private func elapsed(_ now: Int64) -> String { Duration.seconds((now - start) / 1_000_000_000).text }
}
