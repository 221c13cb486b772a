import LabScript
import Testing
import Timeline

/// Which limit ended a connection, from the events alone.
@Suite struct AttributionTests {
  private func ended(
    _ state: TCPState,
    _ timer: SocketTimer? = nil,
    retransmits: Int? = nil,
    failing error: String? = nil,
    after: Double = 1000
  ) -> [String] {
    var run = Run()
    run.sample(1000, state, retransmits: retransmits, timer: timer)
    run.sample(1000 + after, state, retransmits: retransmits, timer: timer, isGone: true)
    if let error { run.call(1000.5 + after, "read", fails: error) }
    return run.judged(at: 60_000).attributions
  }

  private func timer(_ kind: SocketTimer.Kind, _ count: Int, expires: Int64 = 1000) -> SocketTimer {
    SocketTimer(kind: kind, expiresInMilliseconds: expires, count: count)
  }

  private let front = "kang 10.88.1.10:33226 to 10.88.2.20:8080 ended in "

  @Test func retransmissionsThatGaveUp() {
    let cause = "15 retransmissions unanswered (tcp_retries2 or TCP_USER_TIMEOUT)"
    #expect(
      ended(.established, timer(.retransmission, 15), retransmits: 15)
        == [front + "ESTABLISHED, 2s from the beginning: " + cause]
    )
    #expect(
      ended(.established, timer(.retransmission, 15), failing: "ETIMEDOUT")
        == [front + "ESTABLISHED, 2s from the beginning: " + cause + "; read failed with ETIMEDOUT"]
    )
    #expect(
      ended(.established, timer(.retransmission, 15), failing: "EHOSTUNREACH")
        == [front + "ESTABLISHED, 2s from the beginning: " + cause + "; read failed with EHOSTUNREACH"]
    )
  }

  @Test(arguments: [
    (
      TCPState.synSent, SocketTimer.Kind.retransmission, 6,
      "6 SYN retransmissions unanswered (tcp_syn_retries, TCP_SYNCNT or TCP_USER_TIMEOUT)"
    ),
    (.synReceived, .retransmission, 5, "5 SYN+ACK retransmissions unanswered (tcp_synack_retries)"),
    (
      .lastAck, .retransmission, 8,
      "8 retransmissions unanswered (tcp_orphan_retries, or tcp_retries2 while the program has it open; or "
        + "TCP_USER_TIMEOUT)"
    ),
    (.established, .keepalive, 3, "3 keepalive probes unanswered (TCP_KEEPCNT or TCP_USER_TIMEOUT)"),
    (.established, .persist, 15, "15 zero-window probes unanswered (tcp_retries2 or TCP_USER_TIMEOUT)"),
    (.timeWait, .timeWait, 0, "its time in TIME_WAIT was over (60s on Linux)"),
    (.finWait2, .timeWait, 0, "its time in FIN_WAIT_2 was over (tcp_fin_timeout or TCP_LINGER2)"),
    (.finWait2, .keepalive, 0, "its time in FIN_WAIT_2 was over (tcp_fin_timeout or TCP_LINGER2)"),
  ])
  func theTimerThatRanOut(state: TCPState, kind: SocketTimer.Kind, count: Int, cause: String) {
    #expect(ended(state, timer(kind, count)) == [front + "\(state.name), 2s from the beginning: " + cause])
  }

  @Test(arguments: [
    (TCPState.established, "ECONNRESET", "an RST came; read failed with ECONNRESET"),
    (.closeWait, "EPIPE", "an RST came after the other side's FIN; read failed with EPIPE"),
    (
      .synSent, "ECONNREFUSED",
      "an RST answered its SYN, or an ICMP error said that the port is closed; read failed with ECONNREFUSED"
    ),
    (.synSent, "EHOSTUNREACH", "an ICMP or ARP error ended it; read failed with EHOSTUNREACH"),
    (.established, "ETIMEDOUT", "a time limit of TCP's was reached; read failed with ETIMEDOUT"),
  ])
  func whatTheProgramWasTold(state: TCPState, error: String, cause: String) {
    #expect(ended(state, failing: error) == [front + "\(state.name), 2s from the beginning: " + cause])
  }

  @Test func aTimerThatHadNotRunOutIsNotBlamed() {
    let early = timer(.timeWait, 0, expires: 60_000)
    #expect(
      ended(.finWait2, early)
        == [
          front + "FIN_WAIT_2, 2s from the beginning: its time was not over: an RST came, or its place was taken by a "
            + "new connection"
        ]
    )
    #expect(
      ended(.lastAck, timer(.retransmission, 0)) == [
        front + "LAST_ACK, 2s from the beginning: both sides had closed it"
      ]
    )
    #expect(
      ended(.established, timer(.retransmission, 4, expires: 90_000))
        == [
          front
            + "ESTABLISHED, 2s from the beginning: no timer of it had run out: an RST came, or it was closed"
        ]
    )
  }

  @Test func aFailureOfAnotherTimeOrHostIsNotTold() {
    var run = Run()
    run.sample(1000, .established)
    run.sample(2000, .established, isGone: true)
    run.call(2100.1, "read", fails: "ECONNRESET")
    run.add(
      2000,
      host: "kodos",
      peer: "server",
      body: .call(SystemCall(name: "read", subject: .socket, result: -1, errorName: "EPIPE"))
    )
    #expect(run.judged(at: 3000).attributions[0].hasSuffix("an RST came, or it was closed"))
  }

  @Test(arguments: [
    (PowerFault.off, "its host was switched off"), (.cycle, "its host was switched off and on"),
    (.reboot, "its host was rebooted"),
  ])
  func aHostTakesItsConnectionsAlong(fault: PowerFault, cause: String) {
    var run = Run()
    run.sample(1000, .established)
    let line = run.step("power", .power(fault, host: "kang"))
    run.add(1999, body: .step(line: line, text: "power"))
    run.add(2000, host: "kang", body: .fault(line: line, text: "power"))
    run.sample(2300, .established, isGone: true)
    run.add(2400, body: .step(line: 9, text: "later"))
    run.sample(2500, .synSent, cookie: 2, port: 5)
    run.sample(2600, .synSent, cookie: 2, isGone: true, port: 5)
    let attributions = run.judged(at: 3000).attributions
    #expect(attributions[0].hasSuffix(": " + cause))
    #expect(attributions[1].hasSuffix(": no timer of it had run out: an RST came, or it was closed"))
  }

  @Test func anErrorThatTheProgramAskedForCounts() {
    var run = Run()
    run.sample(1000, .closeWait)
    run.sample(2000, .closeWait, isGone: true)
    let call = SystemCall(name: "getsockopt", subject: .socket, result: 32, detail: "SO_ERROR EPIPE")
    run.add(2001, host: "kang", peer: "client", body: .call(call))
    #expect(
      run.judged(at: 3000).attributions[0].hasSuffix(": an RST came after the other side's FIN; SO_ERROR was EPIPE")
    )
  }

  @Test func aProgramLetsGoOfItsConnection() {
    var run = Run()
    run.sample(1000, .established)
    run.call(1990, "close", 0)
    run.add(1995, host: "kang", peer: "client", body: .ended(.exited(0)))
    run.sample(2000, .established, isGone: true)
    run.sample(2050, .established, cookie: 2, port: 5)
    run.add(2200, host: "kang", peer: "client", body: .ended(.signaled("SIGKILL")))
    run.sample(2210, .established, cookie: 2, isGone: true, port: 5)
    let attributions = run.judged(at: 3000).attributions
    #expect(attributions[0].hasSuffix(": client closed it"))
    #expect(attributions[1].hasSuffix(": its program is gone (client ended by SIGKILL)"))
  }

  @Test func aProgramThatClosesAtAnErrorOfPollHasNotHeardWhichItWas() {
    var run = Run()
    run.sample(1000, .established)
    let poll = SystemCall(name: "poll", result: 2, detail: "stdin 0x0, socket 0x19 POLLIN|POLLERR|POLLHUP")
    run.add(1980, host: "kang", peer: "client", body: .call(poll))
    // As netcat-openbsd does: the errno is that of its mistake, not of the connection.
    run.call(1985, "read", fails: "EBADF", of: nil)
    run.call(1990, "close", 0)
    run.sample(2000, .established, isGone: true)
    #expect(
      run.judged(at: 3000).attributions[0]
        .hasSuffix(": client closed it, told by poll of an error or a hang-up, but not of which")
    )
  }

  @Test func manyConnectionsThatAreLeftAreToldAsOne() {
    var run = Run()
    for number in 1...1000 { run.sample(1000, .established, cookie: Int64(number), port: number) }
    run.sample(1000, .closeWait, cookie: 1001, port: 1001)
    #expect(
      run.judged(at: 3000).attributions == [
        "kang: 1000 connections were still ESTABLISHED at the end",
        "kang 10.88.1.10:1001 to 10.88.2.20:8080 was still CLOSE_WAIT at the end",
      ]
    )
  }

  @Test func aReplacedSocketHasNotEnded() {
    var run = Run()
    run.sample(1000, .finWait2)
    run.sample(2000, .finWait2, isGone: true)
    run.sample(2010, .timeWait, cookie: 2)
    #expect(
      run.judged(at: 3000).attributions
        == ["kang 10.88.1.10:33226 to 10.88.2.20:8080 was still TIME_WAIT at the end"]
    )
  }
}
