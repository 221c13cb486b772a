internal import Timeline

/// Holds back the news that a socket is gone for as long as another may take its place.
///
/// When a connection goes to TIME_WAIT, or to a closed program's FIN_WAIT_2, Linux replaces its socket by a small one
/// (`tcp_time_wait`). Where the laboratory sees one go and another come, a reader is to see one connection change.
struct GapFilter {
  /// An event, and the sample of the socket whose place its own takes.
  struct Item {
    var event: Event
    var successorOf: SocketSample?
  }

  /// Within this time the small socket is seen: one sample's error, as the judge has it.
  private static let gap: Duration = .milliseconds(25)

  private var held: [Item] = []

  /// Takes an event, and returns those that need not wait any longer.
  mutating func push(_ event: Event) -> [Item] {
    var item = Item(event: event)
    if case .socket(let sample) = event.body, let place = place(ofPredecessorOf: sample, on: event.host) {
      item.successorOf = held.remove(at: place).event.sample
    }
    held.append(item)
    return release { event.time - $0 <= GapFilter.gap }
  }

  /// Returns what need not wait at `moment`, although nothing more has happened.
  mutating func release(at moment: Moment) -> [Item] {
    // A second, so that events that are late in the pipe still find what they belong to, as they do in a saved timeline.
    release { moment - $0 <= .seconds(1) }
  }

  /// Returns all that is held, at the end.
  mutating func finish() -> [Item] {
    defer { held = [] }
    return held
  }

  private func place(ofPredecessorOf sample: SocketSample, on host: String?) -> Int? {
    held.firstIndex { item in
      guard case .socketGone(let gone) = item.event.body, item.event.host == host else { return false }
      return gone.ends == sample.ends
    }
  }

  private mutating func release(unless mustWait: (Moment) -> Bool) -> [Item] {
    let first = held.firstIndex { item in
      guard case .socketGone(let sample) = item.event.body else { return false }
      return sample.isConnection && mustWait(item.event.time)
    }
    let ready = Array(held[..<(first ?? held.count)])
    held.removeFirst(ready.count)
    return ready
  }
}

extension Event {
  /// The sample of a `socket` or `gone` event.
  var sample: SocketSample? {
    switch body {
    case .socket(let sample), .socketGone(let sample): sample
    default: nil
    }
  }
}
