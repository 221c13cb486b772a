import Judge
import LabScript
import Report
import Timeline

@testable import Drawing

/// A run whose server loses its power, in few events: a handshake, a write that is never acknowledged, ETIMEDOUT.
enum Example {
  static let text = """
    title     Power off
    question  Does the client ever learn?
    answer    When tcp_retries2 is used up.
    network   routed
    peer      server on kodos: dnc -l -p 8080
    peer      client on kang:  dnc kodos 8080
    start     server
    start     client
    after 1s  power off kodos
    client    types "hello"
    expect    client read fails ETIMEDOUT as predicted
    published client read fails ETIMEDOUT after 5s   (a source)
    """

  static let script: Script = {
    guard case .script(let script) = Script.read(text: Array(text.utf8), path: "off.lab") else { fatalError("no lab") }
    return script
  }()

  static let beginning = Beginning(
    lab: "off",
    path: "off.lab",
    script: text,
    parameters: [],
    clock: "CLOCK_MONOTONIC",
    clockAtStart: 0,
    wallClockAtStart: 0,
    kernel: "6.18.44",
    hz: 250
  )

  static func event(_ milliseconds: Double, host: String? = nil, peer: String? = nil, _ body: Event.Body) -> Event {
    Event(time: Moment(nanoseconds: Int64(milliseconds * 1e6)), host: host, peer: peer, body: body)
  }

  static func packet(
    _ milliseconds: Double,
    from host: String,
    _ flags: String,
    _ meaning: String,
    length: Int64 = 0,
    isLost: Bool = false
  ) -> Event {
    let (kang, kodos) = ("10.88.1.10:33226", "10.88.2.20:8080")
    return event(
      milliseconds,
      host: host,
      .packet(
        PacketSample(
          direction: .out,
          source: host == "kang" ? kang : kodos,
          destination: host == "kang" ? kodos : kang,
          carried: "TCP",
          flags: flags,
          length: length,
          meaning: meaning,
          seen: isLost ? ["kang:eth0", "switch:kang"] : [],
          fate: isLost ? .lost : .arrived,
          took: isLost ? nil : 40_000,
          cause: isLost ? "kodos has no power: power off kodos" : nil
        )
      )
    )
  }

  static func socket(_ state: TCPState, timer: SocketTimer? = nil, rto: Int64? = nil) -> SocketSample {
    SocketSample(cookie: 1, local: "10.88.1.10:33226", remote: "10.88.2.20:8080", state: state, timer: timer, rto: rto)
  }

  static let events: [Event] = [
    event(0, .begin(beginning)),
    event(1, host: "kodos", peer: "server", .started(command: "dnc -l -p 8080", pid: 1)),
    event(10, .step(line: 8, text: "start client")),
    event(11, host: "kang", peer: "client", .started(command: "dnc kodos 8080", pid: 2)),
    packet(12, from: "kang", "SYN", "SYN"), packet(12.1, from: "kodos", "SYN ACK", "SYN-ACK"),
    packet(12.2, from: "kang", "ACK", "handshake done"),
    event(
      13,
      host: "kang",
      peer: "client",
      .call(SystemCall(name: "connect", subject: .socket, result: 0, took: 300_000))
    ),
    event(14, host: "kang", .socket(socket(.established))),
    event(14.1, host: "kang", peer: "client", .call(SystemCall(name: "poll", phase: .enter))),
    event(1011, .step(line: 9, text: "after 1s power off kodos")),
    event(1012, host: "kodos", .fault(line: 9, text: "after 1s power off kodos")),
    event(1013, host: "kodos", peer: "server", .ended(.signaled("SIGKILL"))),
    event(1020, .step(line: 10, text: "client types \"hello\"")),
    event(1021, host: "kang", peer: "client", .input(text: "hello")),
    packet(1022, from: "kang", "PSH ACK", "data", length: 6, isLost: true),
    event(
      1230,
      host: "kang",
      .socket(
        socket(
          .established,
          timer: SocketTimer(kind: .retransmission, expiresInMilliseconds: 8000, count: 0),
          rto: 8_208_000
        )
      )
    ),
    event(
      9250,
      host: "kang",
      peer: "client",
      .call(SystemCall(name: "poll", result: 1, took: 8_235_900_000, detail: "socket POLLERR"))
    ),
    event(
      9251,
      host: "kang",
      peer: "client",
      .call(SystemCall(name: "read", subject: .socket, result: -1, errorName: "ETIMEDOUT", took: 2000))
    ),
    event(9252, host: "kang", .socketGone(socket(.established))),
    event(9260, .end(reason: nil)),
  ]

  static let verdict = Verdict(
    line: 11,
    text: "expect client read fails ETIMEDOUT as predicted",
    outcome: .held,
    measured: "ETIMEDOUT after 8.230s",
    after: .milliseconds(8230),
    predicted: Verdict.Prediction(
      earliest: .milliseconds(8100),
      latest: .milliseconds(8300),
      errorName: "ETIMEDOUT",
      limit: "tcp_retries2"
    ),
    published: ["client read fails ETIMEDOUT after 5s (a source)"],
    reason: "as predicted"
  )

  static let run = LabRun(script: script, events: events, judgement: Judgement(verdicts: [verdict]))

  static func scene(_ events: [Event] = events, verdicts: [Verdict] = [verdict], notes: [String] = []) -> Scene {
    var builder = SceneBuilder(
      run: LabRun(script: script, events: events, judgement: Judgement(verdicts: verdicts)),
      notes: notes
    )
    return builder.build()
  }
}
