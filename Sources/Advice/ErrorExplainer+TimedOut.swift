internal import Timeline
internal import TimerModel

extension ErrorExplainer {
  var timedOut: [Cause] {
    let known: [Cause?] = [
      modelled(
        "Data was sent and never acknowledged, with the system's limits",
        "The other end is gone, or the way to it drops packets silently; the kernel retransmitted until its limit.",
        question(.sending(.init())),
        "--sending",
        lab: "retransmit",
        prior: 0
      ),
      modelled(
        "connect got no answer",
        "The host is down behind a router, or a firewall drops the SYNs.",
        question(.connecting),
        "--connecting",
        lab: "syn-timeout",
        prior: 1
      ),
      modelled(
        "An idle connection's keepalive probes went unanswered, with the system's values",
        "The other end vanished while nobody was sending.",
        question(.idle(.init()), SocketOptions(keepalive: .init())),
        "--idle --keepalive default",
        lab: "keepalive",
        prior: 2
      ),
      modelled(
        "The other end's window was full, and then it vanished",
        "Data waited for room and its probes went unanswered.",
        question(.zeroWindow(.init())),
        "--zero-window",
        lab: "full-power-off",
        prior: 3
      ),
      modelled(
        "A NAT, firewall or load balancer forgot the idle connection, and drops what comes",
        "Its idle timeout was shorter than the silence, and nobody is told: halfopen advise --through nat:TIME.",
        question(.sending(.init())),
        "--sending",
        lab: "nat-idle-drop",
        prior: 4
      ),
      modelled(
        "The own queueing discipline refused to send",
        "A full queue (or tc) turned every attempt down; nothing was ever on the wire.",
        question(.sending(.init()), SocketOptions(), .local(.queue)),
        "--sending --failure queue-full",
        lab: "queue-drop",
        prior: 5
      ),
    ]
    return known.compactMap { $0 } + otherSettings
  }

  /// What other values of the settings and options would explain the time.
  var otherSettings: [Cause] {
    guard let after else {
      return [
        Cause(
          "TCP_USER_TIMEOUT, or a program's own keepalive values",
          "libpq's tcp_user_timeout and keepalives_*, PgBouncer's tcp_user_timeout and others set them; give the time "
            + "with --after to see which would fit.",
          misfit: 4
        )
      ]
    }
    var causes: [Cause] = []
    for value in 0...30 where value != kernel[.retries2] {
      guard let changed = with(.retries2, value) else { continue }
      let question = Question(situation: .sending(.init()), kernel: changed)
      add(
        &causes,
        question,
        "Data was never acknowledged, with tcp_retries2=\(value)",
        "Somebody lowered or raised the setting on this machine.",
        "--sending --sysctl tcp_retries2=\(value)",
        prior: 4
      )
    }
    for value in 1...12 where value != kernel[.synRetries] {
      add(
        &causes,
        question(.connecting, SocketOptions(synCount: value)),
        "connect got no answer, with TCP_SYNCNT=\(value)",
        "The program set it, or tcp_syn_retries has this value.",
        "--connecting --syn-count \(value)",
        prior: 4
      )
    }
    let milliseconds = Int(after.nanoseconds / 1_000_000)
    if milliseconds > 300, milliseconds < Int(Int32.max) {
      // On data the user timeout counts from the first retransmission, 0.41 s after the write on a LAN.
      let data = max(1, milliseconds - 430)
      let options = SocketOptions(userTimeout: data)
      causes.append(
        Cause(
          "TCP_USER_TIMEOUT of about \(Duration.milliseconds(data / 100 * 100).text), with data unacknowledged",
          "It counts from the first retransmission, about 0.41 s after the write on a LAN; libpq calls it "
            + "tcp_user_timeout.",
          window: try? question(.sending(.init()), options).answer().end?.window,
          prediction: "--sending --user-timeout \(data)ms",
          misfit: 0.12
        )
      )
      if milliseconds > 2000, milliseconds < 32_767_000 {
        let interval = max(1, milliseconds / 1000 / 5)
        let idle = max(1, milliseconds / 1000 - 3 * interval)
        causes.append(
          Cause(
            "Keepalive with idle + interval × count of about \(milliseconds / 1000) s, on an idle connection",
            "For instance idle \(idle) s, interval \(interval) s, count 3; the timer wheel makes it a little longer.",
            prediction: "--idle --keepalive \(idle)s,\(interval)s,3",
            misfit: 0.13
          )
        )
      }
    }
    return causes
  }

  private func add(
    _ causes: inout [Cause],
    _ question: Question,
    _ title: String,
    _ explanation: String,
    _ arguments: String,
    prior: Double
  ) {
    guard let cause = modelled(title, explanation, question, arguments, prior: prior), cause.misfit < 0.12 else {
      return
    }
    causes.append(cause)
  }
}
