internal import Timeline
public import TimerModel

/// The causes that fit a symptom on this kernel, the most likely first.
///
/// The times are those of the timer model; a symptom's own time, which a person wrote down or a log rounded, need not
/// lie in a window to fit, but the farther off it is the later its cause comes.
public func explain(_ symptom: Symptom, kernel: Kernel) -> [Cause] {
  switch symptom {
  case .timer(let timer): return TimerExplainer(kernel: kernel, timer: timer).causes
  case .error(let name, let after):
    let explainer = ErrorExplainer(kernel: kernel, after: after)
    let causes = explainer.causes(of: name)
    // Without a time the order is that of likelihood, and all are worth reading.
    return after == nil ? causes.map { $0.ranked(0) } : causes.sorted { $0.misfit < $1.misfit }
  }
}

/// Collects the causes of an error.
struct ErrorExplainer {
  let kernel: Kernel
  let after: Duration?

  func causes(of name: String) -> [Cause] {
    switch name {
    case "ETIMEDOUT": timedOut
    case "EHOSTUNREACH": hostUnreachable
    case "ECONNRESET": reset
    case "EPIPE": brokenPipe
    case "ECONNREFUSED": refused
    case "ENETUNREACH": networkUnreachable
    default: prohibited(name)
    }
  }

  /// How far the time given is from a window, in parts of itself; `prior` orders what fits alike.
  func misfit(_ window: Window?, prior: Double) -> Double {
    guard let after, let window else { return after == nil ? prior : prior + 0.2 }
    if window.widened(by: .milliseconds(20)).contains(after) { return prior / 100 }
    let distance = after < window.earliest ? window.earliest - after : after - window.latest
    return distance.inSeconds / max(0.05, after.inSeconds) + prior / 100
  }

  /// A cause whose course the model knows.
  func modelled(
    _ title: String,
    _ explanation: String,
    _ question: Question,
    _ arguments: String,
    lab: String? = nil,
    prior: Double
  ) -> Cause? {
    guard let end = try? question.answer().end else { return nil }
    return Cause(
      title,
      explanation + " " + capitalized(end.explanation) + ".",
      window: end.window,
      lab: lab,
      prediction: arguments,
      misfit: misfit(end.window, prior: prior)
    )
  }

  func question(
    _ situation: Situation,
    _ options: SocketOptions = SocketOptions(),
    _ failure: Path.Failure = .silence
  ) -> Question {
    Question(situation: situation, options: options, kernel: kernel, path: Path(failure: failure))
  }

  func with(_ sysctl: Sysctl, _ value: Int) -> Kernel? {
    var changed = kernel
    guard (try? changed.set(sysctl, to: value)) != nil else { return nil }
    return changed
  }
}
