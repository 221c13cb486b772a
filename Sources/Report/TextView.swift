public import LabScript
public import Timeline

/// The text view of a run: fed with its events one by one, it returns the lines that they add.
///
/// The same events give the same lines, whether they come live or from a saved timeline.
public struct TextView: Sendable {
  let options: TextOptions
  let script: Script
  var table = SocketTable()
  var filter = GapFilter()
  /// The wait that is under way, for the status line.
  var waiting: Wait?
  /// Where the hosts' lifelines are, if the story is drawn as a ladder.
  let lifelines: Lifelines?
  /// The peers whose system calls are told: in the ladder what they print repeats them.
  var callers: Set<String> = []
  /// When the last row of the ladder was.
  var lastRow: Moment?

  /// A wait: since when, for what, and how long at most.
  struct Wait: Sendable {
    var start: Moment
    var line: Int
    var text: String
    var limit: Duration
  }

  /// A view of a run of `script`.
  public init(script: Script, options: TextOptions = TextOptions()) {
    self.script = script
    self.options = options
    lifelines = options.isLadder ? Lifelines(hosts: script.hosts.count, width: options.width) : nil
  }

  /// Takes the next event; returns the lines to show now, without line ends.
  public mutating func feed(_ event: Event) -> [String] {
    noteWait(event)
    return filter.push(event).flatMap { lines(for: $0) }
  }

  /// Returns the lines that were held back and are due at `now`, although nothing happened since.
  ///
  /// A gone socket's line waits for a successor; the caller asks from time to time while nothing happens.
  public mutating func flush(now: Moment) -> [String] {
    filter.release(at: now).flatMap { lines(for: $0) }
  }

  /// Returns what is left at the end of the timeline.
  public mutating func finish() -> [String] {
    filter.finish().flatMap { lines(for: $0) }
  }

  private mutating func lines(for item: GapFilter.Item) -> [String] {
    let event = item.event
    var before = table.apply(event)?.sample
    if let predecessor = item.successorOf { before = predecessor }
    if case .begin(let beginning) = event.body { return head(beginning) + (lifelines.map { ladderHead($0) } ?? []) }
    let isSuccessor = item.successorOf != nil || before?.cookie != event.sample?.cookie
    if let lifelines { return ladderLines(for: event, before: before, isSuccessor: isSuccessor, on: lifelines) }
    guard let row = row(for: event, before: before, isSuccessor: isSuccessor) else { return [] }
    return lines(of: row, at: event.time)
  }

  /// One entry of the view, before it is laid out.
  struct Row {
    var who = ""
    var text: String
    var tint = Tint.plain
  }

  /// Lays a row out in the columns time, who and text.
  private func lines(of row: Row, at time: Moment) -> [String] {
    let stamp = (time - .zero).seconds(digits: 3).aligned(to: 10)
    let who = row.who.printable.padded(to: nameColumns)
    let indent = 12 + nameColumns + 2
    let room = max(20, options.width - indent)
    let text = shortened(row.text).printable.wrapped(to: room, first: max(0, who.columns - nameColumns))
    return text.enumerated().map { index, part in
      let start = index == 0 ? Tint.faint.paint(stamp, options) + "  " + who : String(repeating: " ", count: indent - 2)
      return (start + "  " + row.tint.paint(part, options)).trimmedAtEnd
    }
  }

  /// Only `everything` shows a text of any length; the rest of the story is not to drown in one line.
  private func shortened(_ text: String) -> String {
    let limit = 2000
    guard options.verbosity < .everything, text.unicodeScalars.count > limit else { return text }
    let rest = text.unicodeScalars.count - limit
    return String(text.unicodeScalars.prefix(limit)) + "… (\(rest) characters more; -vv shows them)"
  }

  /// The columns of the longest name, up to 16.
  var nameColumns: Int {
    let names = script.hosts.map(\.name) + script.peers.map(\.name)
    return min(16, names.map(\.printable.columns).max() ?? 0)
  }
}

extension String {
  /// The text without blanks at its end.
  var trimmedAtEnd: String {
    var copy = self
    while copy.last == " " { copy.removeLast() }
    return copy
  }
}
