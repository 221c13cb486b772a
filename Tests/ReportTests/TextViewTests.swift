import LabScript
import Report
import Testing
import Timeline

@Suite struct TextViewTests {
  private func lines(
    _ events: [Event],
    _ verbosity: TextOptions.Verbosity = .story,
    width: Int = 100,
    commands: Bool = false
  ) -> [String] {
    let options = TextOptions(width: width, verbosity: verbosity, showsCommands: commands)
    var view = TextView(script: Example.script, options: options)
    return events.flatMap { view.feed($0) } + view.finish()
  }

  private func call(_ call: SystemCall) -> Event { Example.event(1, host: "kang", peer: "client", .call(call)) }

  private func socket(_ milliseconds: Double, _ sample: SocketSample, gone: Bool = false) -> Event {
    Example.event(milliseconds, host: "kang", gone ? .socketGone(sample) : .socket(sample))
  }

  @Test func aConnectionsLifeIsToldByItsStates() {
    let probe = SocketTimer(kind: .keepalive, expiresInMilliseconds: 5000, count: 2)
    let events = [
      socket(0, Example.sample(.synSent)), socket(1, Example.sample(.established)),
      socket(20, Example.sample(.established, timer: probe)), socket(30, Example.sample(.established)),
      socket(50, Example.sample(.closeWait)), socket(60, Example.sample(.lastAck, retransmits: 1)),
      socket(70, Example.sample(.lastAck, retransmits: 2)),
      socket(80, Example.sample(.lastAck, retransmits: 2), gone: true),
    ]
    #expect(
      lines(events) == [
        "     0.000  kang    SYN_SENT  10.88.1.10:33226 to 10.88.2.20:8080",
        "     0.001  kang    SYN_SENT -> ESTABLISHED  :33226 to :8080",
        "     0.030  kang    ESTABLISHED  :33226 to :8080  answered after 2 keepalive probes",
        "     0.050  kang    ESTABLISHED -> CLOSE_WAIT  :33226 to :8080",
        "     0.060  kang    CLOSE_WAIT -> LAST_ACK  :33226 to :8080",
        "     0.080  kang    LAST_ACK -> gone  :33226 to :8080, after 2 retransmissions",
      ]
    )
  }

  private func change(_ milliseconds: Double, _ from: TCPState, _ to: TCPState) -> Event {
    let change = StateChange(local: "10.88.1.10:33226", remote: "10.88.2.20:8080", from: from, to: to)
    return Example.event(milliseconds, host: "kang", .stateChange(change))
  }

  @Test func tracedStatesAreToldOnceAndSamplesOnlyAddToThem() {
    let timer = SocketTimer(kind: .timeWait, expiresInMilliseconds: 60_000, count: 0)
    let events = [
      change(0, .closed, .synSent), change(0.2, .synSent, .established), socket(3, Example.sample(.established)),
      change(50, .established, .finWait1), change(50.1, .finWait1, .finWait2), change(50.2, .finWait2, .closed),
      socket(50.2, Example.sample(.timeWait, timer: timer, cookie: 2)),
      socket(60_110, Example.sample(.timeWait, timer: timer, cookie: 2), gone: true),
      Example.event(60_200, .end(reason: nil)),
    ]
    #expect(
      lines(events) == [
        "     0.000  kang    SYN_SENT  10.88.1.10:33226 to 10.88.2.20:8080",
        "     0.000  kang    SYN_SENT -> ESTABLISHED  :33226 to :8080",
        "     0.050  kang    ESTABLISHED -> FIN_WAIT_1  :33226 to :8080",
        "     0.050  kang    FIN_WAIT_1 -> FIN_WAIT_2  :33226 to :8080",
        "     0.050  kang    FIN_WAIT_2 -> TIME_WAIT  :33226 to :8080",
        "    60.110  kang    TIME_WAIT -> gone  :33226 to :8080",
      ]
    )
    #expect(lines(events, .everything).contains("     0.050  kang    FIN_WAIT_2 -> CLOSED  :33226 to :8080"))
  }

  @Test func theKernelsWordsAreForThoseWhoAskForMore() {
    let (local, remote) = ("10.88.1.10:33226", "10.88.2.20:8080")
    let death = SocketDeath(
      cookie: 1,
      local: local,
      remote: remote,
      numbers: [.bytesSent: 22, .segmentsOut: 1, .retransmitted: 6, .lastAcknowledged: 12_500]
    )
    let events = [
      Example.event(1, host: "kang", .resending(Resending(local: local, remote: remote, refused: "queue"))),
      Example.event(2, host: "kang", .resending(Resending(local: local, remote: remote, state: .synReceived))),
      Example.event(
        3,
        host: "kang",
        .reset(ResetEvent(direction: .out, local: local, remote: remote, state: .established, reason: "TCP_STATE"))
      ), Example.event(4, host: "kang", .destroyed(death)),
    ]
    #expect(lines(events).isEmpty)
    let details = [
      "     0.003  kang    sends RST  :33226 to :8080  ESTABLISHED  TCP_STATE",
      "     0.004  kang    destroyed  :33226 to :8080  sent 22 bytes in 1 segment, 6 segments sent again,",
      "                    last acknowledgment 12.500s before",
    ]
    #expect(lines(events, .details) == details)
    #expect(
      lines(events, .everything) == [
        "     0.001  kang    sends again  :33226 to :8080  refused by its own machine: queue",
        "     0.002  kang    sends its SYN-ACK again  :33226 to :8080",
      ] + details
    )
  }

  @Test func theSmallSocketOfAClosedConnectionIsAChangeOfState() {
    let timer = SocketTimer(kind: .timeWait, expiresInMilliseconds: 60_000, count: 0)
    let events = [
      socket(0, Example.sample(.established)), socket(100, Example.sample(.finWait1), gone: true),
      Example.event(101, host: "kang", .note("between")),
      socket(110, Example.sample(.finWait2, timer: timer, cookie: 2)),
      socket(60_110, Example.sample(.finWait2, timer: timer, cookie: 2), gone: true),
      Example.event(60_200, .end(reason: nil)),
    ]
    #expect(
      lines(events) == [
        "     0.000  kang    ESTABLISHED  10.88.1.10:33226 to 10.88.2.20:8080",
        "     0.101  kang    note: between",
        "     0.110  kang    FIN_WAIT_1 -> FIN_WAIT_2  :33226 to :8080",
        "    60.110  kang    FIN_WAIT_2 -> gone  :33226 to :8080",
      ]
    )
  }

  @Test func aGoneSocketIsToldAfterASecondAlthoughNothingElseHappens() {
    var view = TextView(script: Example.script)
    _ = view.feed(socket(0, Example.sample(.established)))
    #expect(view.feed(socket(100, Example.sample(.established), gone: true)) == [])
    #expect(view.flush(now: Moment(nanoseconds: 1_100_000_000)) == [])
    #expect(
      view.flush(now: Moment(nanoseconds: 1_100_000_001))
        == ["     0.100  kang    ESTABLISHED -> gone  :33226 to :8080"]
    )
    #expect(view.finish() == [])
  }

  @Test(arguments: [
    (SystemCall(name: "read", subject: .socket, result: 0), 0), (SystemCall(name: "recvfrom", result: 5), 0),
    (SystemCall(name: "connect", subject: .socket, result: -1, errorName: "ETIMEDOUT"), 0),
    (SystemCall(name: "bind", subject: .listener, result: -1, errorName: "EADDRINUSE"), 0),
    (SystemCall(name: "bind", subject: .listener, result: 0), 1), (SystemCall(name: "poll", result: 1), 1),
    (SystemCall(name: "poll", result: 1, detail: "socket 0x19 POLLIN|POLLERR|POLLHUP"), 0),
    (SystemCall(name: "connect", subject: .socket, result: -1, errorName: "EINPROGRESS"), 0),
    (SystemCall(name: "recvfrom", subject: .socket, result: -1, errorName: "EAGAIN"), 1),
    (SystemCall(name: "getsockopt", subject: .socket, result: 0, detail: "SO_ERROR EPIPE"), 0),
    (SystemCall(name: "getsockopt", subject: .socket, result: 0, detail: "SO_ERROR"), 1),
    (SystemCall(name: "read", subject: .stdin, result: 5), 1),
    (SystemCall(name: "read", phase: .enter, subject: .socket), 1), (SystemCall(name: "poll", phase: .enter), 2),
  ])
  func aCallIsShownFromTheVerbosityThatItMatters(call: SystemCall, needed: Int) {
    for verbosity in [TextOptions.Verbosity.story, .details, .everything] {
      #expect(lines([self.call(call)], verbosity).isEmpty == (verbosity.rawValue < needed))
    }
  }

  @Test func errorsHaveTheirNameAndText() {
    let known = SystemCall(name: "write", subject: .socket, result: -1, errorName: "EPIPE", took: 1500)
    let unknown = SystemCall(name: "write", subject: .socket, result: -1, errorName: "EODD")
    #expect(lines([call(known)]) == ["     0.001  client  write(socket) = -1 EPIPE (Broken pipe)"])
    #expect(lines([call(unknown)]) == ["     0.001  client  write(socket) = -1 EODD"])
    #expect(
      lines([call(known)], .everything)
        == ["     0.001  client  write(socket) = -1 EPIPE (Broken pipe), took 1us"]
    )
  }

  @Test func commandsAreShownWhenAskedFor() {
    let event = Example.event(1, host: "kang", .command(text: "ip link set eth0 up"))
    #expect(lines([event]) == [])
    #expect(lines([event], commands: true) == ["     0.001  kang    $ ip link set eth0 up"])
  }

  @Test func whatDidNotComeAboutIsToldAtOnce() {
    #expect(
      lines([Example.event(5000, .settled(line: 9, held: false)), Example.event(5001, .end(reason: "line 9 failed"))])
        == [
          "     5.000          did not come about: wait client prints \"connected\"",
          "     5.001          the lab was stopped: line 9 failed",
        ]
    )
  }

  @Test func aPacketIsALineOfTheDetailsAndSaysWhereItDied() {
    let data = PacketSample(
      direction: .out,
      source: "10.88.1.10:33226",
      destination: "10.88.2.20:8080",
      carried: "TCP",
      flags: "PSH ACK",
      sequence: 1,
      acknowledgment: 1,
      length: 22,
      window: 64_256,
      meaning: "retransmission 9",
      fate: .lost,
      cause: "on kodos's wire: cut kodos"
    )
    let error = PacketSample(
      direction: .in,
      source: "10.88.1.1",
      destination: "10.88.1.10",
      carried: "ICMP",
      text: "host unreachable",
      meaning: "ICMP error"
    )
    let events = [data, error].map { Example.event(5, host: "kang", .packet($0)) }
    #expect(lines(events) == [])
    #expect(
      lines(events, .details, width: 160) == [
        "     0.005  kang    :33226 -> kodos:8080  [P.] seq 1:23 ack 1 win 64256  retransmission 9  "
          + "LOST on kodos's wire: cut kodos",
        "     0.005  kang    <- 10.88.1.1  ICMP host unreachable  ICMP error",
      ]
    )
  }

  @Test func everyEventOfAnyKindIsShownAtEverything() throws {
    let odd = try Event(line: #"{"t":5,"kind":"odd\u001b","x":1}"#)
    #expect(lines([odd], .details) == [])
    #expect(lines([odd], .everything) == [#"     0.000          odd\x1b {"x":1}"#])
    let shown = lines(Example.events, .everything)
    // Every event adds at least one line: the head is the first event's.
    #expect(shown.count >= Example.events.count)
  }

  @Test func aHostilePeerDoesNotSteerTheTerminal() {
    let text = "\u{1B}]0;owned\u{7}\u{9B}2J\r\u{202E}x\u{0}"
    let events = [
      Example.event(1, host: "kang", peer: "client", .output(stream: .stdout, text: text)),
      Example.event(1, host: text, peer: nil, .note(text)), Example.event(1, .other(kind: text)),
      Example.event(1, host: "kang", peer: text, .input(text: text)),
    ]
    for line in lines(events, .everything, width: 200) {
      #expect(line.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) })
    }
    #expect(
      lines(events, width: 200)[0]
        == #"     0.001  client  | \x1b]0;owned\x07\x9b2J\r\u{202e}x\x00"#
    )
  }

  @Test func aVeryLongLineIsShortenedExceptAtEverything() {
    let event = Example.event(
      1,
      host: "kang",
      peer: "client",
      .output(stream: .stdout, text: String(repeating: "x", count: 100_000))
    )
    let story = lines([event])
    #expect(story.count == 26)
    #expect(story[0].count == 100)
    #expect(lines([event], width: 3000)[0].hasSuffix("x… (98002 characters more; -vv shows them)"))
    #expect(lines([event], .everything).joined().count { $0 == "x" } == 100_000)
  }

  @Test(arguments: [60, 61, 79, 90, 100, 137])
  func noLineIsWiderThanThePage(width: Int) {
    for verbosity in [TextOptions.Verbosity.story, .details, .everything] {
      for run in [Example.run, Example.failing] {
        for line in run.text(TextOptions(width: width, verbosity: verbosity)).split(separator: "\n") {
          #expect(line.count <= width)
          #expect(line.last != " ")
        }
      }
    }
  }

  @Test func colourAddsNothingButColour() {
    let plain = Example.failing.text(TextOptions(width: 80))
    let coloured = Example.failing.text(TextOptions(width: 80, colour: true))
    var stripped = ""
    var isInSequence = false
    for character in coloured {
      if character == "\u{1B}" { isInSequence = true }
      if !isInSequence { stripped.append(character) }
      if character == "m" { isInSequence = false }
    }
    #expect(stripped == plain)
    #expect(coloured.contains("\u{1B}[1;31mFAIL"))
    // Every colour ends on its own line.
    for line in coloured.split(separator: "\n") {
      let parts = line.split(separator: "\u{1B}[", omittingEmptySubsequences: false).dropFirst()
      #expect(parts.count.isMultiple(of: 2))
      #expect(parts.last?.hasPrefix("0m") ?? true)
    }
  }

  @Test func aWidthUnderSixtyIsSixty() {
    #expect(TextOptions(width: 5).width == 60)
  }
}
