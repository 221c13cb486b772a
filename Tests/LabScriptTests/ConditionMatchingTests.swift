import LabScript
import Testing
import Timeline

@Suite struct ConditionMatchingTests {
  private func call(
    _ name: String,
    result: Int64? = nil,
    errorName: String? = nil,
    subject: SystemCall.Subject? = .socket,
    phase: SystemCall.Phase = .exit,
    peer: String = "client"
  ) -> Event {
    let call = SystemCall(name: name, phase: phase, subject: subject, result: result, errorName: errorName)
    return Event(time: .zero, host: "kang", peer: peer, body: .call(call))
  }

  private func socket(_ state: TCPState, gone: Bool = false, host: String = "kodos") -> Event {
    let sample = SocketSample(cookie: 1, local: "10.88.88.140:8080", remote: "10.88.88.139:33226", state: state)
    return Event(time: .zero, host: host, body: gone ? .socketGone(sample) : .socket(sample))
  }

  private func condition(_ text: String) throws -> Condition {
    let script = try script(lab("expect " + text))
    guard case .expect(let expectation) = try #require(script.steps.last).action else { throw Unexpected() }
    return expectation.condition
  }

  private struct Unexpected: Error {}

  @Test func aCallCountsWhenItHasReturned() throws {
    let condition = try condition("client read returns")
    #expect(condition.matches(call("read", result: 0)))
    #expect(!condition.matches(call("read", phase: .enter)))
    #expect(!condition.matches(call("read", result: -1, errorName: "ECONNRESET")))
    #expect(!condition.matches(call("write", result: 5)))
    #expect(!condition.matches(call("read", result: 5, peer: "server")))
    #expect(!condition.matches(call("read", result: 5, subject: .stdin)))
  }

  @Test func callsThatDoTheSameCountByOneName() throws {
    #expect(try condition("client read returns 5").matches(call("recvfrom", result: 5)))
    #expect(try condition("client write returns 5").matches(call("sendmsg", result: 5)))
    #expect(
      try condition("server accept returns").matches(call("accept4", result: 5, subject: .listener, peer: "server"))
    )
    #expect(try !condition("client recv returns").matches(call("read", result: 5)))
  }

  @Test func theValueAndTheErrorHaveToBeThose() throws {
    #expect(try !condition("client write returns 22").matches(call("write", result: 21)))
    #expect(try condition("client read fails").matches(call("read", result: -1, errorName: "ETIMEDOUT")))
    #expect(try condition("client read fails ETIMEDOUT").matches(call("read", result: -1, errorName: "ETIMEDOUT")))
    #expect(try !condition("client read fails ETIMEDOUT").matches(call("read", result: -1, errorName: "ECONNRESET")))
  }

  @Test func aFailureThatSaysLaterCountsOnlyByName() throws {
    let later = call("connect", result: -1, errorName: "EINPROGRESS")
    #expect(try !condition("client connect fails").matches(later))
    #expect(try condition("client connect fails EINPROGRESS").matches(later))
  }

  @Test func outputIsSearchedForTheText() throws {
    let condition = try condition("client prints \"connected\"")
    func output(_ text: String) -> Event {
      Event(time: .zero, host: "kang", peer: "client", body: .output(stream: .stderr, text: text))
    }
    #expect(condition.matches(output("2016-05-27T08:40:02Z: connected")))
    #expect(!condition.matches(output("2016-05-27T08:40:02Z: establishing connection")))
    #expect(!condition.matches(output("")))
  }

  @Test func anEndIsAnyOrThatOne() throws {
    func end(_ ending: PeerEnding) -> Event {
      Event(time: .zero, host: "kang", peer: "client", body: .ended(ending))
    }
    #expect(try condition("client exits").matches(end(.signaled("SIGINT"))))
    #expect(try condition("client exits 1").matches(end(.exited(1))))
    #expect(try !condition("client exits 1").matches(end(.exited(0))))
    #expect(try condition("client ends by SIGINT").matches(end(.signaled("SIGINT"))))
  }

  @Test func aConnectionsStateIsThatOfASampleWithThePort() throws {
    #expect(try condition("kodos connection is FIN_WAIT_2").matches(socket(.finWait2)))
    #expect(try !condition("kodos connection is FIN_WAIT_2").matches(socket(.finWait1)))
    #expect(try !condition("kodos connection is FIN_WAIT_2").matches(socket(.finWait2, host: "kang")))
    #expect(try condition("kodos connection port 8080 is FIN_WAIT_2").matches(socket(.finWait2)))
    #expect(try condition("kodos connection port 33226 is FIN_WAIT_2").matches(socket(.finWait2)))
    #expect(try !condition("kodos connection port 80 is FIN_WAIT_2").matches(socket(.finWait2)))
    // Linux shows a request without a socket of its own under the same name.
    #expect(try condition("kodos connection is SYN_RECV").matches(socket(.newSynReceived)))
  }

  @Test func aConnectionIsGoneWithItsSocketAndAListenerIsNone() throws {
    #expect(try condition("kodos connection is gone").matches(socket(.timeWait, gone: true)))
    #expect(try !condition("kodos connection is gone").matches(socket(.timeWait)))
    #expect(try !condition("kodos connection is gone").matches(socket(.listen, gone: true)))
    #expect(try condition("kodos listens on 8080").matches(socket(.listen)))
    #expect(try !condition("kodos listens on 8080").matches(socket(.established)))
    #expect(try !condition("kodos listens on 33226").matches(socket(.listen)))
  }

  @Test func whatShowsOnlyInTimeMatchesNoEvent() throws {
    #expect(try !condition("kang retransmits at least 1 time").matches(socket(.established, host: "kang")))
    let silence = Condition.toldNothing(peer: "client")
    #expect(!silence.matches(call("read", result: 0)))
  }

  @Test(
    arguments: [
      ("0.0.0.0:8080", nil, true, false), ("10.88.88.139:8080", nil, true, false), ("[::]:8080", false, true, true),
      ("[::]:8080", true, false, true), ("[::]:8080", nil, false, true), ("[::]:81", false, false, false),
    ] as [(String, Bool?, Bool, Bool)]
  )
  func aListenerIsForTheFamiliesThatItTakes(local: String, isIPv6Only: Bool?, overIPv4: Bool, overIPv6: Bool) {
    var sample = SocketSample(cookie: 1, local: local, remote: "*", state: .listen)
    sample.isIPv6Only = isIPv6Only
    #expect(sample.listens(on: 8080, over: .ipv4) == overIPv4)
    #expect(sample.listens(on: 8080, over: .ipv6) == overIPv6)
    sample.state = .established
    #expect(!sample.listens(on: 8080, over: .ipv4) && !sample.listens(on: 8080, over: .ipv6))
  }
}
