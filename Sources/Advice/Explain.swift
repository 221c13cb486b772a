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
  private func misfit(_ window: Window?, prior: Double) -> Double {
    guard let after, let window else { return after == nil ? prior : prior + 0.2 }
    if window.widened(by: .milliseconds(20)).contains(after) { return prior / 100 }
    let distance = after < window.earliest ? window.earliest - after : after - window.latest
    return distance.inSeconds / max(0.05, after.inSeconds) + prior / 100
  }

  /// A cause whose course the model knows.
  private func modelled(
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

  private func question(
    _ situation: Situation,
    _ options: SocketOptions = SocketOptions(),
    _ failure: Path.Failure = .silence
  ) -> Question {
    Question(situation: situation, options: options, kernel: kernel, path: Path(failure: failure))
  }

  private func with(_ sysctl: Sysctl, _ value: Int) -> Kernel? {
    var changed = kernel
    guard (try? changed.set(sysctl, to: value)) != nil else { return nil }
    return changed
  }

  // MARK: - Timed out

  private var timedOut: [Cause] {
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
        prior: 1
      ),
      modelled(
        "An idle connection's keepalive probes went unanswered, with the system's values",
        "The other end vanished while nobody was sending.",
        question(.idle(.init()), SocketOptions(keepalive: .init())),
        "--idle --keepalive default",
        prior: 2
      ),
      modelled(
        "The other end's window was full, and then it vanished",
        "Data waited for room and its probes went unanswered.",
        question(.zeroWindow(.init())),
        "--zero-window",
        prior: 3
      ),
      modelled(
        "The own queueing discipline refused to send",
        "A full queue (or tc) turned every attempt down; nothing was ever on the wire.",
        question(.sending(.init()), SocketOptions(), .local(.queue)),
        "--sending --failure queue-full",
        prior: 5
      ),
    ]
    return known.compactMap { $0 } + otherSettings
  }

  /// What other values of the settings and options would explain the time.
  private var otherSettings: [Cause] {
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

  // MARK: - Unreachable

  private var hostUnreachable: [Cause] {
    let known: [Cause?] = [
      modelled(
        "connect to an address of the own network that does not answer ARP",
        "The host is off or the address is wrong.",
        question(.connecting, SocketOptions(), .neighbourGone(known: false)),
        "--connecting --failure absent",
        prior: 0
      ),
      modelled(
        "Data was sent to a host of the own network that vanished",
        "The kernel remembered the ARP failure and told it when it gave up.",
        question(.sending(.init()), SocketOptions(), .neighbourGone(known: true)),
        "--sending --network lan",
        lab: "poweroff",
        prior: 1
      ),
      modelled(
        "A router or firewall answered the SYN with ICMP host unreachable, or administratively prohibited",
        "A router behind which the host is off, or a firewall with REJECT.",
        question(.connecting, SocketOptions(), .icmp(.hostUnreachable)),
        "--connecting --failure icmp-host-unreachable",
        prior: 2
      ),
      modelled(
        "Data was sent and a router answered each retransmission with ICMP host unreachable",
        "The error is only remembered; the kernel tells it when it gives up.",
        question(.sending(.init()), SocketOptions(), .icmp(.hostUnreachable)),
        "--sending --failure icmp-host-unreachable",
        prior: 3
      ),
      modelled(
        "The own routing table has an 'unreachable' route for the address",
        "The lookup fails before anything is sent.",
        question(.connecting, SocketOptions(), .local(.noRoute(errno: "EHOSTUNREACH"))),
        "--connecting --failure no-route",
        prior: 4
      ),
    ]
    return known.compactMap { $0 }
  }

  private var networkUnreachable: [Cause] {
    let known: [Cause?] = [
      modelled(
        "The own machine has no route to the address",
        "No default route, or the interface is down.",
        question(.connecting, SocketOptions(), .local(.noRoute(errno: "ENETUNREACH"))),
        "--connecting --failure no-route",
        prior: 0
      ),
      modelled(
        "A router answered the SYN with ICMP network unreachable",
        "A router on the way has no route.",
        question(.connecting, SocketOptions(), .icmp(.netUnreachable)),
        "--connecting --failure icmp-net-unreachable",
        prior: 1
      ),
      modelled(
        "Data was sent and a router answered with ICMP network unreachable until the kernel gave up",
        "The error is only remembered; it is told at the end.",
        question(.sending(.init()), SocketOptions(), .icmp(.netUnreachable)),
        "--sending --failure icmp-net-unreachable",
        prior: 2
      ),
    ]
    return known.compactMap { $0 }
  }

  // MARK: - Told by the other end

  private var reset: [Cause] {
    let window = Window(.zero, .seconds(1))
    return [
      Cause(
        "The other end was rebooted or switched off and on, and does not know the connection",
        "Its kernel answers the next packet, or the next keepalive probe, with an RST; before that nobody is told.",
        window: window,
        lab: "powercycle",
        prediction: "--sending --failure power-cycled",
        misfit: misfit(window, prior: 0)
      ),
      Cause(
        "The other end's program closed with data unread, or with SO_LINGER 0, or was killed so",
        "close sends an RST instead of a FIN then.",
        misfit: misfit(nil, prior: 1)
      ),
      Cause(
        "A NAT, firewall or load balancer forgot the idle connection and answers with an RST",
        "Its idle timeout was shorter than the silence; keepalive with a shorter idle time prevents it: "
          + "halfopen advise --through nat:TIME.",
        misfit: misfit(nil, prior: 2)
      ),
      Cause(
        "The other end had closed, and its FIN_WAIT_2 was over when the data came",
        "After tcp_fin_timeout the closed socket is gone, and what comes late gets an RST.",
        window: try? question(.closing(.finWait2(orphaned: true))).answer().end?.window,
        lab: "halfopen",
        misfit: misfit(nil, prior: 3)
      ),
      Cause(
        "A firewall rejects with an RST",
        "REJECT --reject-with tcp-reset, or a middle box in the other end's name.",
        misfit: misfit(nil, prior: 4)
      ),
    ].sorted { $0.misfit < $1.misfit }
  }

  private var brokenPipe: [Cause] {
    [
      Cause(
        "The other end had closed (FIN), the program wrote all the same, and an RST came back",
        "In CLOSE_WAIT an RST becomes EPIPE and not ECONNRESET; read returns 0 before and after.",
        lab: "halfopen",
        misfit: misfit(nil, prior: 0)
      ),
      Cause(
        "The other end's host was rebooted in an orderly way, or its program ended, while this program did not read",
        "The first write after the FIN succeeds; the RST that answers it breaks the pipe.",
        lab: "reboot",
        misfit: misfit(nil, prior: 1)
      ),
      Cause(
        "The connection had failed before, and the error was told once already",
        "After ETIMEDOUT or ECONNRESET was told, every further write gets EPIPE.",
        misfit: misfit(nil, prior: 2)
      ),
      Cause(
        "The program had shut down its own sending side",
        "write after shutdown(SHUT_WR) gives EPIPE at once.",
        misfit: misfit(nil, prior: 3)
      ),
    ]
  }

  private var refused: [Cause] {
    let known: [Cause?] = [
      modelled(
        "Nobody listens at that port",
        "The other end's kernel answers the SYN with an RST.",
        question(.connecting, SocketOptions(), .powerCycled),
        "--connecting --failure power-cycled",
        prior: 0
      ),
      modelled(
        "A firewall answers with ICMP port unreachable",
        "It is what iptables REJECT sends by default.",
        question(.connecting, SocketOptions(), .icmp(.portUnreachable)),
        "--connecting --failure icmp-port-unreachable",
        prior: 1
      ),
      modelled(
        "Data was sent on an open connection, and a firewall answered with ICMP port unreachable",
        "The error is only remembered; the kernel tells it when it gives up.",
        question(.sending(.init()), SocketOptions(), .icmp(.portUnreachable)),
        "--sending --failure icmp-port-unreachable",
        prior: 2
      ),
    ]
    return known.compactMap { $0 }
  }

  private func prohibited(_ name: String) -> [Cause] {
    [
      name == "ENOPROTOOPT"
        ? Cause(
          "An ICMP protocol unreachable came back",
          "A firewall rejects with icmp-proto-unreachable.",
          prediction: "--connecting --failure icmp-proto-unreachable",
          misfit: 0
        )
        : Cause(
          "The own routing table has a 'prohibit' route, or a security module forbids it",
          "connect fails at once; nothing was sent.",
          misfit: 0
        )
    ]
  }
}
