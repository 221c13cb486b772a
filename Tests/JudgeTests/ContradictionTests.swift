import Judge
import LabScript
import Testing
import Timeline

/// What the captures say against the lab: whether a host's own stack refused what its kernel counts as sent.
@Suite struct ContradictionTests {
  /// What is wrong with a run of kang's samples and packets, by the milliseconds at which they are told.
  private func problems(
    samples: [(Double, retransmitted: Int)],
    sent: [Double],
    meaning: String = "data"
  ) throws -> [String] {
    var run = Run()
    run.types(1000)
    run.expect("client write returns", .call(peer: "client", name: "write", .returns))
    run.call(1001, "write", 6)
    for (time, count) in samples {
      let line = """
        {"t":\(Int64(time * 1_000_000)),"kind":"socket","host":"kang","cookie":1,"local":"10.88.1.10:33226",\
        "remote":"10.88.2.20:8080","state":"ESTABLISHED","retransmits":\(count),"retransmitted":\(count)}
        """
      run.events.append(try Event(line: line))
    }
    for time in sent {
      let line = """
        {"t":\(Int64(time * 1_000_000)),"kind":"packet","host":"kang","direction":"out","from":"10.88.1.10:33226",\
        "to":"10.88.2.20:8080","carries":"TCP","flags":"PSH ACK","seq":1,"ack":1,"len":6,"win":64512,"is":"\(meaning)",\
        "seen":["kang:eth0","switch:kang","switch:kodos","kodos:eth0"],"fate":"arrived"}
        """
      run.events.append(try Event(line: line))
    }
    return run.judged(at: 9000).problems
  }

  @Test func whatTheInterfaceSawIsNoContradiction() throws {
    #expect(try problems(samples: [(1100, 0), (1210, 0), (1300, 1)], sent: [1002, 1206, 1290]) == [])
  }

  /// The reader of the sample at 1250 ms was put aside between asking and looking at the clock.
  @Test func aSampleMayBeOlderThanItsTime() throws {
    #expect(try problems(samples: [(1100, 0), (1250, 0), (1300, 1)], sent: [1002, 1206]) == [])
    #expect(try problems(samples: [(1250, 0), (1300, 1)], sent: [1002, 1206]) == [])
  }

  @Test func theEndOfAHandshakeIsNoRetransmission() throws {
    let samples = [(1010.0, retransmitted: 0), (1030, 0), (1210, 1)]
    #expect(try problems(samples: samples, sent: [1002], meaning: "handshake done").count == 1)
  }

  @Test func whatTheInterfaceNeverSawWasRefused() throws {
    let problems = try problems(samples: [(1100, 0), (1500, 0), (2000, 1), (2500, 2)], sent: [1002])
    #expect(problems.count == 1)
    #expect(problems.first?.contains("kang's own interface saw none: its own stack refused it") == true)
  }
}
