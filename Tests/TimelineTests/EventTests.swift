import Testing
import Timeline

@Suite struct EventTests {
  static let beginning = Beginning(
    lab: "poweroff",
    path: "labs/poweroff.lab",
    script: "title x\n\u{1B}",
    variant: "short",
    family: "IPv6",
    parameters: [("b", "1"), ("a", "2")],
    clock: "CLOCK_MONOTONIC",
    clockAtStart: 1,
    wallClockAtStart: -5,
    kernel: "6.18.44",
    hz: 250,
    jiffies: 4_294_912_546
  )

  static let packet = PacketSample(
    direction: .out,
    source: "10.0.0.1:33226",
    destination: "10.0.0.2:80",
    carried: "TCP",
    flags: "PSH ACK",
    sequence: 1,
    acknowledgment: 2,
    length: 22,
    window: 0,
    text: "x",
    meaning: "retransmission 9",
    seen: ["kang:eth0", "switch:kang"],
    fate: .lost,
    took: 5,
    cause: "cut",
    line: 3
  )

  static let unseenGone: SocketSample = {
    var sample = SocketSample(cookie: 9, local: "a:1", remote: "b:2", state: .timeWait)
    sample.unseen = 5_000_000
    return sample
  }()

  static let listener: SocketSample = {
    var sample = SocketSample(cookie: 3, local: "[::]:80", remote: "[::]:0", state: .listen)
    sample.isIPv6Only = false
    return sample
  }()

  static let death = SocketDeath(
    cookie: 9,
    local: "10.0.0.1:80",
    remote: "10.0.0.2:81",
    numbers: Dictionary(uniqueKeysWithValues: SocketDeath.Number.allCases.enumerated().map { ($1, Int64($0)) })
  )

  static let bodies: [Event.Body] = [
    .begin(beginning), .command(text: "ip link"), .step(line: 3, text: "wait"),
    .fault(line: 4, text: "power off kodos"),
    .waiting(line: 5, text: "wait", limit: 5_000_000_000), .settled(line: 5, held: false),
    .started(command: "dnc kodos 8080", pid: 77), .ended(.exited(1)), .ended(.signaled("SIGKILL")),
    .output(stream: .stdout, text: "\u{1B}[2J"), .output(stream: .stderr, text: ""), .input(text: "hello"),
    .input(text: nil), .input(text: ""),
    .call(SystemCall(name: "read", subject: .socket, result: -1, errorName: "ETIMEDOUT", took: 5, detail: "fd 3")),
    .call(SystemCall(name: "poll", phase: .enter)),
    .socket(
      SocketSample(
        cookie: 9,
        local: "10.0.0.1:80",
        remote: "[fd00::1]:8080",
        state: .established,
        timer: SocketTimer(kind: .retransmission, expiresInMilliseconds: 204, count: 2),
        receiveQueue: 1,
        sendQueue: 2,
        rto: 204_000,
        rtt: 61,
        retransmits: 2,
        probes: 0,
        backoff: 2,
        totalRetransmissions: 3
      )
    ),
    .socketGone(SocketSample(cookie: .max, local: "", remote: "", state: .timeWait)),
    .socket(EventTests.listener), .socketGone(EventTests.unseenGone), .packet(packet),
    .stateChange(StateChange(local: "10.0.0.1:80", remote: "10.0.0.2:81", from: .listen, to: .synReceived)),
    .resending(Resending(local: "a:1", remote: "b:2", state: .established, refused: "queue")),
    .resending(Resending(local: "a:1", remote: "b:2")),
    .reset(
      ResetEvent(direction: .out, local: "a:1", remote: "b:2", state: .closeWait, reason: "TCP_ABORT_ON_DATA")
    ),
    .reset(ResetEvent(direction: .in, local: "a:1", remote: "b:2")),
    .destroyed(SocketDeath(cookie: -1, local: "", remote: "")), .destroyed(EventTests.death),
    .packet(PacketSample(direction: .in, source: "", destination: "", carried: "ARP")), .note("n"),
    .late(by: 20), .end(reason: nil),
    .end(reason: "interrupted by SIGINT"),
    .verdict(
      Verdict(
        line: 7,
        text: "expect x",
        outcome: .failed,
        measured: "m",
        after: .nanoseconds(5),
        predicted: Verdict.Prediction(
          earliest: .nanoseconds(1),
          latest: .nanoseconds(2),
          errorName: "EPIPE",
          limit: "l",
          explanation: "e",
          retransmissions: 3
        ),
        published: ["p", "q"],
        reason: "r"
      )
    ),
    .verdict(Verdict(line: 7, text: "", outcome: .notReached, predicted: Verdict.Prediction(), reason: "")),
    .judgement(passed: false, problems: ["p"], attributions: []), .other(kind: "novelty"),
  ]

  @Test(arguments: bodies)
  func everyKindComesBackAsItWasWritten(body: Event.Body) throws {
    for (host, peer) in [(nil, nil), ("kang", nil), ("kang", "client")] as [(String?, String?)] {
      let event = Event(
        time: Moment(nanoseconds: -3),
        host: host,
        peer: peer,
        body: body,
        unknown: ["zz": .array([1.json, .null])]
      )
      #expect(try Event(line: event.line) == event)
      #expect(!event.line.contains("\n"))
    }
  }

  @Test(arguments: TCPState.allCases.filter { $0 != .newSynReceived })
  func everyStateComesBack(state: TCPState) throws {
    let event = Event(time: .zero, body: .socket(SocketSample(cookie: 1, local: "a", remote: "b", state: state)))
    #expect(try Event(line: event.line) == event)
  }

  @Test func theMembersStandInTheOrderOfTheDocument() {
    let event = Event(
      time: Moment(nanoseconds: 5),
      host: "kang",
      peer: "client",
      body: .call(SystemCall(name: "read", subject: .socket, result: -1, errorName: "EPIPE")),
      unknown: ["new": true]
    )
    #expect(
      event.line
        == #"{"t":5,"kind":"call","host":"kang","peer":"client","call":"read","of":"socket","result":-1,"errno":"EPIPE","new":true}"#
    )
  }

  @Test(arguments: [
    // A newer version's kind, with members that this one has under another meaning.
    #"{"t":5,"kind":"novelty","host":"kang","line":"x","text":7,"deep":{"a":[1,{"b":null}]}}"#,
    // Members of a newer version.
    #"{"t":5,"kind":"note","text":"x","level":"high"}"#,
    // Words of a newer version: another phase, subject, timer.
    #"{"t":5,"kind":"call","call":"read","phase":"restarted","of":"eventfd","errno":11}"#,
    #"{"t":5,"kind":"socket","cookie":1,"local":"a","remote":"b","state":"ESTABLISHED","timer":"pacing","expires_ms":5,"count":1}"#,
    // Members of another type than this version's.
    #"{"t":5,"kind":"end","host":7,"peer":["x"],"reason":{"text":"x"}}"#,
    #"{"t":5,"kind":"verdict","line":1,"text":"x","outcome":"held","reason":"","published":[1],"predicted":"no","after":1.5}"#,
  ])
  func whatANewerVersionWroteIsKept(line: String) throws {
    let event = try Event(line: line)
    let again = try Event(line: event.line)
    #expect(again == event)
    let (before, after) = (try JSON(text: line).object, try JSON(text: event.line).object)
    #expect(Set(before?.members.map(\.name) ?? []) == Set(after?.members.map(\.name) ?? []))
    for member in before?.members ?? [] { #expect(after?[member.name] == member.value) }
  }

  @Test func whatIsNotKnownNeverReplacesWhatIs() throws {
    var event = try Event(line: #"{"t":5,"kind":"note","text":"x","host":7}"#)
    event.host = "kang"
    #expect(event.line == #"{"t":5,"kind":"note","host":"kang","text":"x"}"#)
  }

  @Test(arguments: [
    ("", "not JSON: the value is missing at byte 1"), ("{\"t\":5,\"ki", "not JSON: the string has no end at byte 11"),
    ("[]", "not a JSON object"), ("{}", "member 't' (nanoseconds) is missing"),
    (#"{"t":1.5,"kind":"end"}"#, "member 't' (nanoseconds) is missing"),
    (#"{"t":"1","kind":"end"}"#, "member 't' (nanoseconds) is missing"), (#"{"t":1}"#, "member 'kind' is missing"),
    (#"{"t":1,"kind":5}"#, "member 'kind' is missing"),
  ])
  func whatIsNoEventIsRefused(line: String, message: String) {
    let error = #expect(throws: EventError.self) { try Event(line: line) }
    #expect(error?.message == message)
  }

  @Test(arguments: [
    ("begin", #""version":1,"lab":"x","clock":"c","kernel":"k""#), ("command", ""), ("note", #""text":1"#),
    ("step", #""text":"x""#), ("fault", #""line":"1","text":"x""#), ("waiting", #""line":1,"text":"x""#),
    ("settled", #""line":1"#), ("started", #""command":"x""#), ("ended", #""status":"x""#),
    ("output", #""stream":"stdlog","text":"x""#), ("input", #""eof":false"#), ("call", #""phase":"exit""#),
    ("socket", #""cookie":1,"local":"a","remote":"b","state":"DOZING""#), ("gone", #""cookie":1"#),
    ("packet", #""direction":"up","from":"a","to":"b","carries":"TCP""#), ("packet", #""direction":"in","from":"a""#),
    ("verdict", #""line":1,"text":"x","outcome":"perhaps","reason":"""#), ("judgement", #""problems":[]"#),
  ])
  func aKindWithoutWhatItNeedsIsRefused(kind: String, members: String) {
    let line = "{\"t\":1,\"kind\":\"\(kind)\"\(members.isEmpty ? "" : ",")\(members)}"
    let error = #expect(throws: EventError.self) { try Event(line: line) }
    #expect(error?.message == "an event of kind '\(kind)' without a member that it needs")
  }
}

extension Int {
  fileprivate var json: JSON { .integer(Int64(self)) }
}
