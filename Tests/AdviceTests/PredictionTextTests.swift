import Advice
import Testing
import Timeline
import TimerModel

@Suite struct PredictionTextTests {
  private func text(_ question: Question) throws -> String { question.text(try question.answer()) }

  @Test func theScheduleReadsLikeAWorkedExample() throws {
    let question = Question(
      situation: .idle(.init()),
      options: SocketOptions(keepalive: .init(idle: 10, interval: 5, count: 3), userTimeout: 4500)
    )
    #expect(
      try text(question) == """
        idle, keepalive 10s,5s,3, user timeout 4.500s; the other end is silent
        Linux 6.18, HZ=250; times from the last packet received, windows, since the timer wheel's phase is unknown

        00:00:00.000                idle
        00:00:10.000  00:00:10.256  keepalive probe 1
                                    10.00–10.26 s since the last packet received, beyond 4.5 s, but no probe is \
        unanswered yet
        00:00:15.120  00:00:15.376  gives up, ETIMEDOUT
                                    15.12–15.38 s since the last packet received: the limit of 4.5 s is reached

        End: ETIMEDOUT after 15.12–15.38 s. Limit: user timeout.
        TCP_USER_TIMEOUT=4500 ms counts from the last packet received, and needs one unanswered probe; keepalive probe \
        1 at 10.00–10.26 s; first timer after the limit at 15.12–15.38 s.
        The plain sum is 15s. Linux is 0.120–0.376 s later: the timer wheel rounds every timer up, by up to 12.7 %.
        Note: TCP_USER_TIMEOUT overrides TCP_KEEPCNT=3: 1 unanswered probe decides.
        Note: one lost probe ends a healthy connection.

        """
    )
  }

  @Test func theTableOfTheArticleIsComparedWithLinux() throws {
    let data = try text(Question(situation: .sending(.init())))
    #expect(data.contains("The plain sum is 15m24.600s. Linux is 13.09–15.14 s later: a tail loss probe comes first"))
    let limited = try text(Question(situation: .sending(.init()), options: SocketOptions(userTimeout: 1200)))
    #expect(limited.contains("The plain sum is 1.400s. Linux is 0.216–0.248 s later"))
    let idle = try text(
      Question(situation: .idle(.init()), options: SocketOptions(keepalive: .init(idle: 10, interval: 5, count: 3)))
    )
    #expect(idle.contains("The plain sum is 25s. Linux is 0.360–0.616 s later"))
    let connecting = try text(Question(situation: .connecting))
    #expect(connecting.contains("since 6.5 tcp_syn_linear_timeouts=4 SYNs more are sent, a second apart"))
  }

  @Test func whatNeverEndsSaysWhy() throws {
    let text = try text(Question(situation: .idle(.init())))
    #expect(text.contains("Never ends: without keepalive an idle connection has no timer at all"))
  }

  @Test func severalWindowsAreNamedApart() throws {
    let text = try text(Question(situation: .sending(.init()), path: Path(failure: .neighbourGone(known: true))))
    #expect(text.contains("depends on the age of the neighbour entry"))
    #expect(text.contains("958.17–960.22 s"))
  }

  @Test func changedSettingsAreShown() throws {
    var kernel = Kernel()
    try kernel.set(.retries2, to: 8)
    #expect(try text(Question(situation: .sending(.init()), kernel: kernel)).contains("HZ=250, tcp_retries2=8; times"))
  }

  @Test func machinesGetSecondsAndNames() throws {
    let question = Question(
      situation: .idle(.init()),
      options: SocketOptions(keepalive: .init(idle: 10, interval: 5, count: 3))
    )
    let json = try JSON(text: question.json(try question.answer()).text)
    let end = json.object?["end"]?.object
    #expect(end?["earliest_s"]?.double == 25.36)
    #expect(end?["latest_s"]?.double == 25.616)
    #expect(end?["errno"]?.string == "ETIMEDOUT")
    #expect(end?["limit"]?.string == "keepalive")
    let schedule = json.object?["schedule"]?.array
    #expect(schedule?.count == 5)
    #expect(schedule?[1].object?["what"]?.string == "keepalive probe 1")
    #expect(schedule?[1].object?["at_s"]?.double == 10)
    #expect(json.object?["probes"]?.integer == 3)
  }

  @Test func neverIsNull() throws {
    let question = Question(situation: .idle(.init()))
    #expect(question.json(try question.answer()).object?["end"] == .null)
  }
}
