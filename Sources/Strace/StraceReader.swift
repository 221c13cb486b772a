public import Timeline

/// Reads what strace writes, with the options of ``StraceCommand``, as it comes.
///
/// A call is told when it has returned. One that lasts is told when it was entered as well: strace writes the beginning
/// of a line then and its rest later, and when that has not come within ``patience``, the call blocks.
public struct StraceReader: Sendable {
  /// Something that strace wrote.
  public enum Item: Hashable, Sendable {
    /// A system call, and when it returned, or was entered, by CLOCK_MONOTONIC in nanoseconds.
    case call(time: Int64, SystemCall)
    /// A line that means nothing here, shortened.
    case unreadable(String)
  }

  /// A call that is not back after this time, in nanoseconds, is told to have been entered.
  public static let patience: Int64 = 5_000_000

  /// A longer line is given up.
  static let longestLine = 65536

  /// A call under way.
  private struct Open {
    /// As strace wrote it so far.
    var text: Bytes
    /// When it was entered, by CLOCK_MONOTONIC.
    var entered: Int64
    /// Whether its entry needs no telling any more.
    var isTold = false
  }

  /// The line that has no end yet.
  private var rest: [UInt8] = []
  /// Whether that line was given up.
  private var isSkipping = false
  /// The call in that line.
  private var unended: Open?
  /// The calls whose lines ended before they returned, by process.
  private var open: [Int64: Open] = [:]
  /// The calls that a signal interrupted and that the kernel is going to resume, by process.
  private var interrupted: [Int64: SystemCall] = [:]
  private var decoder = CallDecoder()

  /// A reader at the beginning of a trace.
  public init() {}

  /// Takes more of what strace wrote.
  ///
  /// - Parameters:
  ///   - bytes: What it wrote.
  ///   - clockOffset: By how much CLOCK_REALTIME, strace's clock, is ahead of CLOCK_MONOTONIC now. The two run at one
  ///     rate, so this is exact unless somebody sets the clock between a call and its reading.
  /// - Returns: What it means.
  public mutating func take(_ bytes: [UInt8], clockOffset: Int64) -> [Item] {
    var items: [Item] = []
    var lines = (rest + bytes).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    rest = Array(lines.removeLast())
    for line in lines { items += end(of: line, clockOffset) }
    if rest.count > StraceReader.longestLine {
      if !isSkipping { items.append(.unreadable("a line of more than \(StraceReader.longestLine) bytes")) }
      isSkipping = true
      rest = []
    }
    if unended == nil, !isSkipping, let head = StraceLine.head(of: rest[...]) {
      unended = Open(text: [], entered: monotonic(head.time, clockOffset))
    }
    return items
  }

  /// When ``overdue(at:)`` should be asked next, by CLOCK_MONOTONIC; `nil` if no call is under way untold.
  public var due: Int64? {
    let waiting = open.values.filter { !$0.isTold } + [unended].compactMap { $0 }.filter { !$0.isTold }
    return waiting.map { $0.entered.addingClamped(StraceReader.patience) }.min()
  }

  /// The entries of calls that are not back although they were entered at least ``patience`` before `now`.
  public mutating func overdue(at now: Int64) -> [Item] {
    var items: [Item] = []
    let limit = now.subtractingClamped(StraceReader.patience)
    for (process, call) in open.sorted(by: { $0.key < $1.key }) where !call.isTold && call.entered <= limit {
      open[process]?.isTold = true
      items += entry(of: call.text, at: call.entered)
    }
    if let call = unended, !call.isTold, call.entered <= limit {
      unended?.isTold = true
      if let head = StraceLine.head(of: rest[...]) { items += entry(of: head.rest, at: call.entered) }
    }
    return items
  }

  private func monotonic(_ time: Int64, _ clockOffset: Int64) -> Int64 { time.subtractingClamped(clockOffset) }

  private mutating func entry(of text: Bytes, at time: Int64) -> [Item] {
    guard let call = CallText(text), let told = decoder.decode(call, entered: true) else { return [] }
    return [.call(time: time, told)]
  }

  /// A line is complete.
  private mutating func end(of line: Bytes, _ clockOffset: Int64) -> [Item] {
    defer { unended = nil }
    if isSkipping {
      isSkipping = false
      return []
    }
    if line.count > StraceReader.longestLine {
      return [.unreadable("a line of more than \(StraceReader.longestLine) bytes")]
    }
    guard let read = StraceLine(line) else { return unreadable(line) }
    let time = monotonic(read.time, clockOffset)
    switch read.content {
    case .signal: return []
    case .ended:
      open[read.process] = nil
      interrupted[read.process] = nil
      return []
    case .unfinished(let text):
      open[read.process] = Open(
        text: Bytes(Array(text)),
        entered: unended?.entered ?? time,
        isTold: unended?.isTold ?? false
      )
      return []
    case .call(let text):
      let call = Open(text: text, entered: unended?.entered ?? time, isTold: unended?.isTold ?? false)
      return returned(call, of: read.process, at: nil) ?? unreadable(line)
    case .resumed(_, let rest):
      guard var call = open.removeValue(forKey: read.process) else { return unreadable(line) }
      call.text += rest
      return returned(call, of: read.process, at: time) ?? unreadable(line)
    }
  }

  /// Tells a call that has returned: `time` is the moment, if strace noted it.
  private mutating func returned(_ open: Open, of process: Int64, at time: Int64?) -> [Item]? {
    guard let text = CallText(open.text), let outcome = text.outcome else { return nil }
    if outcome.value == nil {
      // The program was given nothing: it was killed, or the kernel goes on with the call after the signal.
      interrupted[process] = outcome.restart == nil ? nil : decoder.decode(text, entered: true)
      return []
    }
    let took = outcome.took ?? time.map { $0.subtractingClamped(open.entered) } ?? 0
    var call = decoder.decode(text)
    var entered = decoder.decode(text, entered: true)
    if text.name == "restart_syscall", let resumed = interrupted.removeValue(forKey: process) {
      // What it found is not written: poll's answer is in memory that strace does not look at here.
      call = SystemCall(name: resumed.name, result: outcome.value, errorName: outcome.errorName, took: outcome.took)
      call?.subject = resumed.subject
      entered = resumed
    }
    guard let call else { return [] }
    var items: [Item] = []
    if took >= StraceReader.patience, !open.isTold, let entered { items.append(.call(time: open.entered, entered)) }
    items.append(.call(time: time ?? open.entered.addingClamped(took), call))
    return items
  }

  private func unreadable(_ line: Bytes) -> [Item] {
    line.isEmpty ? [] : [.unreadable(line.prefix(200).text)]
  }
}

extension Int64 {
  /// The sum, or the nearest number of 64 bits: a hostile trace may hold any times.
  fileprivate func addingClamped(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? (self < 0 ? .min : .max) : sum
  }

  /// The difference, likewise.
  fileprivate func subtractingClamped(_ other: Int64) -> Int64 {
    let (difference, overflow) = subtractingReportingOverflow(other)
    return overflow ? (self < 0 ? .min : .max) : difference
  }
}
