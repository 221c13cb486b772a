public import Timeline

extension TextView {
  mutating func noteWait(_ event: Event) {
    switch event.body {
    case .waiting(let line, let text, let limit):
      waiting = Wait(start: event.time, line: line, text: text, limit: .nanoseconds(limit))
    case .settled(let line, _) where waiting?.line == line: waiting = nil
    case .end: waiting = nil
    default: break
    }
  }

  /// Where the lab is, in one line: `12m4s of 15m40s | kang ESTABLISHED, retransmission 9, next in 1m36s | client …`.
  ///
  /// `nil` while nothing is waited for. Sockets with an armed timer come first; the time to their expiry is computed
  /// from the last sample, and counts down to `due`, since the kernel's timer wheel fires later than its nominal time.
  /// The line has no colour and no end, and is never wider than `width` (by default the options' width).
  public func statusLine(now: Moment, width: Int? = nil) -> String? {
    guard let waiting else { return nil }
    let gone = max(.zero, now - waiting.start)
    var parts = ["\(coarse(gone)) of \(waiting.limit.text)"]
    let connections = table.entries.filter(\.sample.isConnection)
    let ordered = connections.filter { $0.sample.timer != nil } + connections.filter { $0.sample.timer == nil }
    let most = 4
    parts += ordered.prefix(most).map { words(for: $0, now: now) }
    if ordered.count > most { parts.append("\(ordered.count - most) more") }
    parts.append(waiting.text)
    return parts.joined(separator: " | ").printable.cut(to: max(20, width ?? options.width))
  }

  /// What the lab waits for and where its first socket is, without the times of the wait; `nil` while nothing is.
  public func waitingWords(now: Moment) -> String? {
    guard let waiting else { return nil }
    let connections = table.entries.filter(\.sample.isConnection)
    let first = connections.first { $0.sample.timer != nil }
    return ((first.map { [words(for: $0, now: now)] } ?? []) + [waiting.text]).joined(separator: " | ").printable
  }

  private func words(for entry: SocketTable.Entry, now: Moment) -> String {
    let sample = entry.sample
    var parts = ["\(entry.host) \(sample.state.name)"]
    if let words = sample.timerWords { parts.append(words) }
    if let timer = sample.timer {
      let left = entry.time + .milliseconds(timer.expiresInMilliseconds) - now
      parts.append(left > .zero ? "\(sample.nextWord) in \(coarseUp(left))" : "\(sample.nextWord) due")
    }
    return parts.joined(separator: ", ")
  }

  /// Whole seconds that have gone.
  private func coarse(_ duration: Duration) -> String {
    Duration.seconds(duration.nanoseconds / 1_000_000_000).text
  }

  /// Whole seconds that are left, the last begun one included.
  private func coarseUp(_ duration: Duration) -> String {
    let (seconds, rest) = duration.nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
    return Duration.seconds(seconds + (rest > 0 ? 1 : 0)).text
  }
}
