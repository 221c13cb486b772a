import Judge
import LabScript
import Report
import Timeline

/// The puzzler of the host that is powered off, as a run with tcp_retries2=5 might go.
enum Example {
  static let beginning = Beginning(
    lab: "poweroff",
    path: "labs/poweroff.lab",
    script: "title Puzzler 2\n",
    parameters: [("tcp_retries2", "5")],
    clock: "CLOCK_MONOTONIC",
    clockAtStart: 81_000_000_000,
    wallClockAtStart: 1_464_385_399_000_000_000,
    kernel: "6.18.44",
    hz: 250
  )

  static let script: Script = {
    var script = Script(name: "poweroff")
    script.title = "Puzzler 2: power off"
    script.question = """
      What happens if one endpoint of a TCP connection is powered off for a while?
      Does the other endpoint ever discover this? If so, how? And when?
      """
    script.answer = """
      The write succeeds: the kernel took the bytes, and that is all it says. Then the kernel sends them again and again, \
      and when tcp_retries2 is used up the next call is told ETIMEDOUT.
      """
    script.network = .routed
    script.hosts = [
      HostDeclaration(name: "kang", address: "10.88.1.10", line: 0),
      HostDeclaration(name: "kodos", address: "10.88.2.20", line: 0),
    ]
    script.parameters = [Parameter(name: "tcp_retries2", defaultValue: "15", value: "5", line: 4)]
    script.sysctls = [SysctlSetting(name: "net.ipv4.tcp_retries2", value: "5", host: nil, line: 5)]
    script.peers = [
      PeerDeclaration(name: "server", host: "kodos", command: ["dnc", "-l", "-p", "8080"], line: 6),
      PeerDeclaration(name: "client", host: "kang", command: ["dnc", "kodos", "8080"], line: 7),
    ]
    script.published = [
      PublishedClaim(
        condition: .call(peer: "client", name: "read", .fails("ETIMEDOUT")),
        after: .seconds(311),
        source: "illumos, TCP puzzlers",
        line: 15
      )
    ]
    script.steps = [
      Step(
        line: 9,
        text: "wait client prints \"connected\"",
        action: .wait(.prints(peer: "client", text: "connected"), limit: .seconds(5))
      ),
      Step(line: 10, text: "after 1s power off kodos", delay: .seconds(1), action: .power(.off, host: "kodos")),
      Step(
        line: 11,
        text: "after 1s client types \"kodos, are you there?\"",
        delay: .seconds(1),
        action: .types(peer: "client", text: "kodos, are you there?")
      ),
      Step(
        line: 12,
        text: "expect client write returns 22",
        action: .expect(
          Expectation(condition: .call(peer: "client", name: "write", .returnsValue(22)), timing: .usual)
        )
      ),
      Step(
        line: 13,
        text: "expect client read fails ETIMEDOUT as predicted",
        action: .expect(
          Expectation(condition: .call(peer: "client", name: "read", .fails("ETIMEDOUT")), timing: .asPredicted)
        )
      ),
      Step(
        line: 14,
        text: "expect kang retransmits as predicted",
        action: .expect(Expectation(condition: .retransmits(host: "kang", .asPredicted), timing: .usual))
      ),
    ]
    return script
  }()

  static let forecast = Forecast(predictions: [
    13: Verdict.Prediction(
      earliest: .milliseconds(13_000),
      latest: .milliseconds(13_900),
      errorName: "ETIMEDOUT",
      limit: "tcp_retries2",
      explanation: "the first retransmission timer after 12.600s of retransmitting",
      retransmissions: 6
    ),
    14: Verdict.Prediction(limit: "tcp_retries2", retransmissions: 6),
  ])

  static func sample(
    _ state: TCPState,
    timer: SocketTimer? = nil,
    retransmits: Int? = 0,
    local: String = "10.88.1.10:33226",
    remote: String = "10.88.2.20:8080",
    cookie: Int64 = 1
  ) -> SocketSample {
    SocketSample(
      cookie: cookie,
      local: local,
      remote: remote,
      state: state,
      timer: timer,
      rto: 204_000,
      rtt: 61,
      retransmits: retransmits
    )
  }

  static func event(_ milliseconds: Double, host: String? = nil, peer: String? = nil, _ body: Event.Body) -> Event {
    Event(time: Moment(nanoseconds: Int64(milliseconds * 1_000_000)), host: host, peer: peer, body: body)
  }

  static let events: [Event] = {
    var events = [
      event(0, .begin(beginning)),
      event(0.1, host: "kang", .command(text: "ip link add kang type veth peer name port0")),
      event(1, host: "kodos", peer: "server", .started(command: "dnc -l -p 8080", pid: 101)),
      event(3, host: "kodos", .socket(sample(.listen, local: "0.0.0.0:8080", remote: "0.0.0.0:0", cookie: 7))),
      event(4, host: "kang", peer: "client", .started(command: "dnc kodos 8080", pid: 102)),
      event(5, .step(line: 9, text: "wait client prints \"connected\"")),
      event(5, .waiting(line: 9, text: "wait client prints \"connected\"", limit: 5_000_000_000)),
      event(6, host: "kang", peer: "client", .call(SystemCall(name: "connect", subject: .socket, result: 0))),
      event(6.1, host: "kang", .socket(sample(.established))),
      event(6.2, host: "kang", peer: "client", .output(stream: .stderr, text: "connected")),
      event(6.3, .settled(line: 9, held: true)),
      event(6.4, host: "kang", peer: "client", .call(SystemCall(name: "poll", phase: .enter))),
      event(1006, .step(line: 10, text: "after 1s power off kodos")),
      event(1012, host: "kodos", .fault(line: 10, text: "after 1s power off kodos")),
      event(2012, .step(line: 11, text: "after 1s client types \"kodos, are you there?\"")),
      event(2012, host: "kang", peer: "client", .input(text: "kodos, are you there?")),
      event(2012.1, host: "kang", peer: "client", .call(SystemCall(name: "poll", result: 1, detail: "POLLIN"))),
      event(2012.2, host: "kang", peer: "client", .call(SystemCall(name: "read", subject: .stdin, result: 22))),
      event(2012.3, host: "kang", peer: "client", .call(SystemCall(name: "write", subject: .socket, result: 22))),
      event(2012.4, .step(line: 12, text: "expect client write returns 22")),
      event(2012.5, .settled(line: 12, held: true)),
      event(2012.6, .step(line: 13, text: "expect client read fails ETIMEDOUT as predicted")),
      event(
        2012.6,
        .waiting(line: 13, text: "expect client read fails ETIMEDOUT as predicted", limit: 13_920_000_000)
      ),
    ]
    for count in 0...6 {
      let timer = SocketTimer(kind: .retransmission, expiresInMilliseconds: 204 << Int64(count), count: count)
      let time = 2013 + 204.0 * Double((1 << count) - 1) + 204
      events.append(event(time, host: "kang", .socket(sample(.established, timer: timer, retransmits: count))))
    }
    let last = SocketTimer(kind: .retransmission, expiresInMilliseconds: 0, count: 6)
    return events + [
      event(15_402, host: "kang", .socketGone(sample(.established, timer: last, retransmits: 6))),
      event(
        15_402.1,
        host: "kang",
        peer: "client",
        .call(SystemCall(name: "read", subject: .socket, result: -1, errorName: "ETIMEDOUT"))
      ),
      event(15_402.2, .settled(line: 13, held: true)),
      event(15_402.3, .step(line: 14, text: "expect kang retransmits as predicted")),
      event(15_403, host: "kang", peer: "client", .ended(.exited(1))),
      event(15_404, .end(reason: nil)),
    ]
  }()

  static let run = LabRun(
    script: script,
    events: events,
    judgement: judge(script: script, events: events, forecast: forecast)
  )
}

extension Example {
  /// The same lab where kodos was reset instead, and the lab was stopped while it waited.
  static let failing: LabRun = {
    var events = Example.events.filter { $0.time < Moment(nanoseconds: 2_100_000_000) }
    events += [
      event(2112, host: "kang", .socketGone(sample(.established))),
      event(
        2112.1,
        host: "kang",
        peer: "client",
        .call(SystemCall(name: "read", subject: .socket, result: -1, errorName: "ECONNRESET"))
      ),
      event(2113, .end(reason: "interrupted by SIGINT")),
    ]
    return LabRun(
      script: script,
      events: events,
      judgement: judge(script: script, events: events, forecast: forecast)
    )
  }()
}

extension Example {
  /// A lab of one statement whose every text means something to XML, TAP, YAML or a terminal.
  static let hostile: LabRun = {
    let text = "a<b>&\"'#\\]]>\u{1B}[2J\u{0}\u{FFFE}"
    var script = Script(name: text)
    script.steps = [
      Step(
        line: 1,
        text: "expect client prints \"\(text)\"",
        action: .expect(Expectation(condition: .prints(peer: "client", text: text), timing: .usual))
      )
    ]
    let verdict = Verdict(
      line: 1,
      text: text + " # TODO",
      outcome: .failed,
      measured: text + "\n",
      predicted: nil,
      published: [text],
      reason: text
    )
    let events = [
      event(1, host: "kang", peer: "client", .output(stream: .stdout, text: text)), event(2, .end(reason: nil)),
    ]
    return LabRun(
      script: script,
      events: events,
      judgement: Judgement(verdicts: [verdict], problems: [text], attributions: [text])
    )
  }()
}
