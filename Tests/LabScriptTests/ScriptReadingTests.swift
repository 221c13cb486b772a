import LabScript
import Testing
import Timeline

@Suite struct ScriptReadingTests {
  @Test func readsAWholeLab() throws {
    let script = try script(
      """
      # A comment.
      title     Puzzler 2: power off   # is text
      question  What happens
                to the other side?
      answer    It depends: $$5, $tcp_retries2 times.
      network   routed
      parameter tcp_retries2 = 15
      sysctl    tcp_retries2 = $tcp_retries2
      sysctl on kang net.core.somaxconn=5
      peer      server on kodos: dnc -l -p 8080
      peer      client on kang:  sh -c 'echo $1 | "x"' "a\\tb" kodos:80"80"   # comment

      start     server
      wait      kodos listens on 8080
      start     client
      wait      client prints "connected" within 1m30s
      after 1s  power off kodos
      after 500ms client types "kodos, are you \\"there\\"?"
      expect    client write returns 22
      expect    client read fails ETIMEDOUT as predicted
      published client read fails ETIMEDOUT after 5m11s   (illumos, TCP puzzlers)
      expect    kang   retransmits 15 times
      """
    )
    #expect(script.name == "test")
    #expect(script.title == "Puzzler 2: power off   # is text")
    #expect(script.question == "What happens to the other side?")
    #expect(script.answer == "It depends: $5, 15 times.")
    #expect(script.network == .routed)
    #expect(script.hosts.map(\.address) == ["10.88.1.10", "10.88.2.20"])
    #expect(script.parameters == [Parameter(name: "tcp_retries2", defaultValue: "15", value: "15", line: 7)])
    #expect(
      script.sysctls == [
        SysctlSetting(name: "net.ipv4.tcp_retries2", value: "15", host: nil, line: 8),
        SysctlSetting(name: "net.core.somaxconn", value: "5", host: "kang", line: 9),
      ]
    )
    #expect(
      script.peers.map(\.command) == [
        ["dnc", "-l", "-p", "8080"], ["sh", "-c", "echo $1 | \"x\"", "a\tb", "kodos:8080"],
      ]
    )
    #expect(
      script.steps.map(\.action) == [
        .start(peer: "server"), .wait(.listens(host: "kodos", port: 8080), limit: .seconds(30)),
        .start(peer: "client"), .wait(.prints(peer: "client", text: "connected"), limit: .seconds(90)),
        .power(.off, host: "kodos"), .types(peer: "client", text: "kodos, are you \"there\"?"),
        .expect(Expectation(condition: .call(peer: "client", name: "write", .returnsValue(22)), timing: .usual)),
        .expect(
          Expectation(condition: .call(peer: "client", name: "read", .fails("ETIMEDOUT")), timing: .asPredicted)
        ),
        .expect(Expectation(condition: .retransmits(host: "kang", .exactly(15)), timing: .usual)),
      ]
    )
    #expect(script.steps[4].delay == .seconds(1))
    #expect(script.steps[5].text == "after 500ms client types \"kodos, are you \\\"there\\\"?\"")
    #expect(script.steps[8].text == "expect kang retransmits 15 times")
    #expect(
      script.published == [
        PublishedClaim(
          condition: .call(peer: "client", name: "read", .fails("ETIMEDOUT")),
          after: .seconds(311),
          source: "illumos, TCP puzzlers",
          line: 21
        )
      ]
    )
  }

  @Test func tracedBeforeACommandIsNoPartOfIt() throws {
    let script = try script(
      """
      title     Traced
      peer      server on kodos: traced nc -l 8080
      peer      client on kang:  "traced" nc kodos 8080
      start     server
      start     client
      """
    )
    #expect(script.peers.map(\.isTraced) == [true, false])
    #expect(script.peers.map(\.command) == [["nc", "-l", "8080"], ["traced", "nc", "kodos", "8080"]])
    #expect(script.peers[0].commandText == "traced nc -l 8080")
  }

  @Test func aLineOfSoManyBytesHasItsEndAmongThem() throws {
    let script = try script(lab("client types 20000 bytes"))
    guard case .types("client", let text) = script.steps.last?.action else {
      Issue.record("nothing is typed")
      return
    }
    #expect(text.utf8.count == 19_999)
    #expect(!text.contains("\n"))
    #expect(script.steps.last?.text == "client types 20000 bytes")
  }
}
