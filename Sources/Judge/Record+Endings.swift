internal import LabScript
internal import Timeline

// What stands in a record around the end of a connection.

extension Record {
  /// How near to a connection's end its program notices it, or has let go of it: a program hears of it when it wakes,
  /// and a tenth of a second is ample; no two limits of TCP's are closer together.
  private static let near: Duration = .milliseconds(100)

  /// Whether another socket took over the connection: Linux replaces it for TIME_WAIT and FIN_WAIT_2.
  func hasSuccessor(of sample: SocketSample, on host: String?, from index: Int) -> Bool {
    let gone = events[index].time
    return events[index...].prefix { $0.time - gone <= Tolerance.sampled }.contains { event in
      guard case .socket(let other) = event.body, event.host == host else { return false }
      return other.ends == sample.ends
    }
  }

  /// The power fault on `host` that the run was at when the event at `index` came.
  func powerFault(on host: String?, before index: Int, _ script: Script) -> PowerFault? {
    guard let place = course.last(where: { $0 < index }), case .fault(let line, _) = events[place].body,
      events[place].host == host, let step = script.steps.first(where: { $0.line == line }),
      case .power(let fault, _) = step.action
    else { return nil }
    return fault
  }

  /// Errors that speak of the call, not of the connection.
  private static let mistaken: Set = ["EBADF", "ENOTSOCK", "ENOTCONN", "EINVAL", "EFAULT", "ENOTTY"]

  /// The error that a program on `host` was told of nearest to `moment`, if near enough to belong to it.
  func failure(on host: String?, around moment: Moment) -> (call: String, error: String)? {
    var best: (distance: Duration, call: String, error: String)?
    for event in events[index(from: moment + (.zero - Record.near))...] {
      if event.time > moment + Record.near { break }
      guard case .call(let call) = event.body, event.host == host, call.tellsSomething,
        let error = call.errorName ?? call.pendingError, !Record.mistaken.contains(error)
      else { continue }
      let distance = event.time < moment ? moment - event.time : event.time - moment
      if best.map({ distance < $0.distance }) ?? true { best = (distance, call.name, error) }
    }
    return best.map { ($0.call, $0.error) }
  }

  /// How a program on `host` let go of a connection shortly before `moment`, in words.
  func close(on host: String?, before moment: Moment) -> String? {
    var words: String?
    var warned: String?
    for event in events[index(from: moment + (.zero - Record.near))...] {
      if event.time > moment { break }
      guard event.host == host else { continue }
      switch event.body {
      case .call(let call) where call.family == "poll" && call.tellsSomething: warned = event.peer
      case .call(let call) where call.name == "close" && call.phase == .exit && call.subject == .socket:
        let name = event.peer ?? "its program"
        words =
          "\(name) closed it" + (warned == name ? ", told by poll of an error or a hang-up, but not of which" : "")
      case .ended(let ending) where words == nil: words = "its program is gone (\(event.peer ?? "?") \(ending.text))"
      default: continue
      }
    }
    return words
  }
}
