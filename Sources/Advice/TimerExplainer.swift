internal import Timeline
internal import TimerModel

/// Says what a socket with a given timer is doing, how long it has been at it, and when it gives up.
struct TimerExplainer {
  let kernel: Kernel
  let timer: SocketTimer

  private var left: Duration { .milliseconds(timer.expiresInMilliseconds) }

  var causes: [Cause] {
    switch timer.kind {
    case .retransmission: retransmitting
    case .keepalive: keepalive
    case .persist: persist
    case .timeWait: timeWait
    case .delayedAck:
      [Cause("An acknowledgment is about to be sent", "Nothing is wrong: the timer is over within 200 ms.", misfit: 0)]
    }
  }

  private var retransmitting: [Cause] {
    let candidates: [Cause?] = [
      course(
        "Data is unacknowledged: the other end is silent",
        .sending(.init()),
        "--sending",
        lab: "retransmit",
        prior: 0
      ) { kind in
        switch kind {
        case .transmission: 0
        case .retransmission(let number): number
        default: nil
        }
      },
      course("connect is waiting for an answer (SYN_SENT)", .connecting, "--connecting", lab: "syn-timeout", prior: 1) {
        kind in
        switch kind {
        case .syn: 0
        case .synRetransmission(let number): number
        default: nil
        }
      },
      course(
        "The program has closed, and the FIN is unacknowledged (FIN_WAIT_1 or LAST_ACK)",
        .closing(.finUnacknowledged(orphaned: true, unackedSegments: 0)),
        "--closing fin",
        lab: "fin-wait-1",
        prior: 2
      ) { kind in
        switch kind {
        case .transmission: 0
        case .retransmission(let number): number
        default: nil
        }
      },
      course(
        "A half-open request on a listener (SYN_RECV)",
        .synReceived(acknowledged: false),
        "--syn-received",
        lab: "syn-received",
        prior: 3
      ) { kind in
        switch kind {
        case .synack: 0
        case .synackRetransmission(let number): number
        default: nil
        }
      },
    ]
    let fitting = candidates.compactMap { $0 }
    guard fitting.isEmpty else { return fitting }
    return [
      Cause(
        "Data is unacknowledged, under other settings than this machine's",
        "With the settings here no timer stands at \(timer.count) retransmissions and \(left.text): a user timeout, "
          + "tcp_retries2, tcp_rto_max_ms or a long round trip may explain it.",
        prediction: "--sending",
        misfit: 1
      )
    ]
  }

  /// Where the timer stands on the course of a situation; `nil` if it cannot be there.
  private func course(
    _ title: String,
    _ situation: Situation,
    _ arguments: String,
    lab: String?,
    prior: Double,
    number: (ScheduledEvent.Kind) -> Int?
  ) -> Cause? {
    guard let prediction = try? kernel.predict(situation), let end = prediction.end,
      let index = prediction.schedule.lastIndex(where: { number($0.kind) == timer.count }),
      index + 1 < prediction.schedule.count
    else { return nil }
    let (last, next) = (prediction.schedule[index], prediction.schedule[index + 1])
    // ss shows the time before the wheel's rounding, so it is never more than the interval.
    guard left <= next.at.latest - last.at.earliest else { return nil }
    let age = Window(max(last.at.earliest, next.at.earliest - left), max(last.at.latest, next.at.latest - left))
    let rest = Window(max(.zero, end.earliest - age.latest), max(.zero, end.latest - age.earliest))
    let what = next.kind == .end ? "the kernel gives up" : "comes \(next.what)"
    return Cause(
      title,
      "\(capitalized(last.what)) was the last; in \(left.text), or up to an eighth later, \(what). It began about "
        + "\(age.earliest.seconds(digits: 0)) s ago, and ends in about \(rest.earliest.seconds(digits: 0)) to "
        + "\(rest.latest.seconds(digits: 0)) s: \(end.explanation).",
      lab: lab,
      prediction: arguments,
      misfit: prior
    )
  }

  private var keepalive: [Cause] {
    let unanswered =
      timer.count == 0
      ? "No probe is unanswered: the next check is in \(left.text)."
      : "\(timer.count) probe\(timer.count == 1 ? " is" : "s are") unanswered, and the next comes in \(left.text): the "
        + "other end is probably gone. The connection ends when TCP_KEEPCNT of them are (the system's is "
        + "\(kernel[.keepaliveProbes])), or when the silence exceeds TCP_USER_TIMEOUT, if that is set."
    return [
      Cause(
        timer.count == 0 ? "An idle connection with keepalive" : "An idle connection whose other end does not answer",
        unanswered,
        lab: "keepalive",
        prediction: "--idle --keepalive default",
        misfit: 0
      ),
      Cause(
        "A closed socket in the first half of a long FIN_WAIT_2",
        "TCP_LINGER2 or tcp_fin_timeout exceeds 60 s; what exceeds them runs on this timer first.",
        prediction: "--closing fin-wait-2",
        misfit: 1
      ),
    ]
  }

  private var persist: [Cause] {
    [
      Cause(
        "The other end's window is full: its program does not read",
        "Data waits, and a probe goes out in \(left.text). "
          + (timer.count == 0
            ? "The last probe was answered: the other end is alive. Without TCP_USER_TIMEOUT this goes on for ever."
            : "\(timer.count) probe\(timer.count == 1 ? " is" : "s are") unanswered: the other end may have vanished; "
              + "at tcp_retries2=\(kernel[.retries2]) of them the connection ends."),
        lab: "full",
        prediction: timer.count == 0 ? "--zero-window-answered" : "--zero-window",
        misfit: 0
      ),
      Cause(
        "The own machine refused to send the data",
        "A drop in netfilter's OUTPUT chain, a missing route or a full queue: what was never sent waits on this timer.",
        lab: "output-drop",
        prediction: "--sending --failure output-drop",
        misfit: 1
      ),
    ]
  }

  private var timeWait: [Cause] {
    [
      Cause(
        "TIME_WAIT: this end closed first, and all is well",
        "The pair of addresses is kept for 60 s; it is over in \(left.text).",
        lab: "warmup",
        prediction: "--closing time-wait",
        misfit: 0
      ),
      Cause(
        "FIN_WAIT_2 of a closed socket: the other end has not closed yet",
        "It is forgotten in \(left.text); data that comes later gets an RST.",
        lab: "halfopen",
        prediction: "--closing fin-wait-2",
        misfit: 1
      ),
    ]
  }
}
