import LabScript
import Testing
import Timeline

/// What each form of a statement becomes.
@Suite struct StatementTests {
  /// The last step of a lab that ends with `steps`.
  private func last(_ steps: String, network: String = "lan") throws -> Step {
    try #require(try script(lab(steps, network: network)).steps.last)
  }

  @Test(arguments: [
    ("start client", Action.start(peer: "client")),
    ("client types \"a\\tb\\n\"", .types(peer: "client", text: "a\tb\n")),
    ("client ends input", .endsInput(peer: "client")),
    ("kill client", .signal(.kill, peer: "client")), ("interrupt client", .signal(.interrupt, peer: "client")),
    ("terminate client", .signal(.terminate, peer: "client")), ("freeze client", .signal(.freeze, peer: "client")),
    ("freeze client\nthaw client", .signal(.thaw, peer: "client")),
    ("power off kodos", .power(.off, host: "kodos")), ("power cycle kodos", .power(.cycle, host: "kodos")),
    ("power off kodos\npower on kodos", .power(.on, host: "kodos")), ("reboot kodos", .power(.reboot, host: "kodos")),
    ("cut kodos", .wire(.cut, host: "kodos")), ("cut into kodos", .wire(.cutInto, host: "kodos")),
    ("cut out of kodos", .wire(.cutOutOf, host: "kodos")), ("cut kodos\nrestore kodos", .wire(.restore, host: "kodos")),
    ("unplug kodos", .wire(.unplug, host: "kodos")), ("unplug kodos\nplug kodos", .wire(.plug, host: "kodos")),
    ("drop from kang\nallow everything", .clearFirewall),
  ])
  func deeds(steps: String, action: Action) throws {
    let text = steps == "start client" ? "kill client\nstart client" : steps
    #expect(try last(text).action == action)
  }

  @Test(arguments: [
    ("drop everything", FirewallRule(verdict: .drop)),
    (
      "drop everything between kang and kodos",
      FirewallRule(verdict: .drop, from: "kang", to: "kodos", isBothWays: true)
    ),
    ("drop everything from kang to kodos", FirewallRule(verdict: .drop, from: "kang", to: "kodos")),
    ("drop from kang", FirewallRule(verdict: .drop, from: "kang")),
    ("drop packets to kang", FirewallRule(verdict: .drop, to: "kang")),
    (
      "drop from kang to kodos length 60..1500 flags FIN,ACK port 8080",
      FirewallRule(
        verdict: .drop,
        from: "kang",
        to: "kodos",
        port: 8080,
        flags: ["FIN", "ACK"],
        length: 60...1500
      )
    ),
    ("drop the next from kang to kodos", FirewallRule(verdict: .drop, from: "kang", to: "kodos", count: 1)),
    ("drop the next packet to kodos", FirewallRule(verdict: .drop, to: "kodos", count: 1)),
    ("drop the next 3 packets to kodos", FirewallRule(verdict: .drop, to: "kodos", count: 3)),
    (
      "reject from kang to kodos with tcp-reset",
      FirewallRule(verdict: .tcpReset, from: "kang", to: "kodos")
    ),
    (
      "reject the next 2 from kang port 80 with icmp-host-unreachable",
      FirewallRule(verdict: .icmpHostUnreachable, from: "kang", port: 80, count: 2)
    ),
  ])
  func rules(step: String, rule: FirewallRule) throws {
    #expect(try last(step).action == .firewall(rule))
  }

  @Test func aRuleBothWaysIsTwo() {
    let rule = FirewallRule(verdict: .drop, from: "kang", to: "kodos", isBothWays: true, port: 80)
    #expect(
      rule.directions == [
        FirewallRule(verdict: .drop, from: "kang", to: "kodos", port: 80),
        FirewallRule(verdict: .drop, from: "kodos", to: "kang", port: 80),
      ]
    )
    #expect(FirewallRule(verdict: .drop, from: "kang").directions == [FirewallRule(verdict: .drop, from: "kang")])
  }

  @Test(arguments: [
    ("client read returns", Condition.call(peer: "client", name: "read", .returns)),
    ("client read returns 0", .call(peer: "client", name: "read", .returnsValue(0))),
    ("client epoll_wait returns 1", .call(peer: "client", name: "epoll_wait", .returnsValue(1))),
    ("client connect fails", .call(peer: "client", name: "connect", .fails(nil))),
    ("client connect fails ECONNREFUSED", .call(peer: "client", name: "connect", .fails("ECONNREFUSED"))),
    ("client prints \"a b\"", .prints(peer: "client", text: "a b")),
    ("client exits", .exits(peer: "client", nil)), ("client exits 1", .exits(peer: "client", .exited(1))),
    ("client ends by SIGPIPE", .exits(peer: "client", .signaled("SIGPIPE"))),
    ("kodos connection is TIME_WAIT", .connection(host: "kodos", port: nil, .state(.timeWait))),
    ("kodos connection port 80 is gone", .connection(host: "kodos", port: 80, .gone)),
    ("kodos connection on port 80 is gone", .connection(host: "kodos", port: 80, .gone)),
    ("kodos listens on 8080", .listens(host: "kodos", port: 8080)),
    ("kodos listens on port 8080", .listens(host: "kodos", port: 8080)),
    ("kang retransmits 15 times", .retransmits(host: "kang", .exactly(15))),
    ("kang retransmits 0 times", .retransmits(host: "kang", .exactly(0))),
    ("kang retransmits 1 time", .retransmits(host: "kang", .exactly(1))),
    ("kang retransmits once", .retransmits(host: "kang", .exactly(1))),
    ("kang retransmits twice", .retransmits(host: "kang", .exactly(2))),
    ("kang retransmits at least 3 times", .retransmits(host: "kang", .atLeast(3))),
    ("kang retransmits as predicted", .retransmits(host: "kang", .asPredicted)),
  ])
  func conditions(text: String, condition: Condition) throws {
    #expect(try last("expect " + text).action == .expect(Expectation(condition: condition, timing: .usual)))
    #expect(try last("wait \(text) within 9s").action == .wait(condition, limit: .seconds(9)))
    let claim = try script(lab("published \(text) (somebody, somewhere)")).published
    #expect(claim == [PublishedClaim(condition: condition, after: nil, source: "somebody, somewhere", line: 7)])
  }

  @Test(arguments: [
    ("client read fails", Timing.usual), ("client read returns within 1m30s", .within(.seconds(90))),
    ("client read returns between 0s and 1s", .between(.zero, .seconds(1))),
    ("client read fails ETIMEDOUT as predicted", .asPredicted),
    ("client is told nothing for 20m", .lasting(.seconds(1200))),
    ("kang connection is ESTABLISHED for 20s", .lasting(.seconds(20))),
    ("kang connection stays ESTABLISHED for 20s", .lasting(.seconds(20))),
    ("kang connection stays gone for 20s", .lasting(.seconds(20))),
    ("kang retransmits as predicted as predicted", .asPredicted),
  ])
  func timings(text: String, timing: Timing) throws {
    guard case .expect(let expectation) = try last("expect " + text).action else {
      Issue.record("no expectation")
      return
    }
    #expect(expectation.timing == timing)
  }

  @Test(arguments: [
    ("published client read fails ETIMEDOUT after 5m11s (illumos)", Duration.seconds(311)),
    ("published client is told nothing for 20m (illumos)", .seconds(1200)),
  ])
  func timesOfClaims(step: String, time: Duration) throws {
    #expect(try script(lab(step)).published.map(\.after) == [time])
  }

  @Test(arguments: [
    ("lan", "", ["kang 10.88.88.139", "kodos 10.88.88.140"]),
    ("routed", "", ["kang 10.88.1.10", "kodos 10.88.2.20"]),
    (
      "lan", "host kodos\nhost krang\nhost kang\nhost burns",
      ["kodos 10.88.88.140", "krang 10.88.88.141", "kang 10.88.88.139", "burns 10.88.88.142"]
    ),
    (
      "routed", "host kang\nhost krang\nhost kodos\nhost burns",
      ["kang 10.88.1.10", "krang 10.88.3.10", "kodos 10.88.2.20", "burns 10.88.4.10"]
    ),
    // What is given by name goes before what is given by custom, and is left out where addresses are handed out.
    (
      "lan", "host kang\nhost kodos\nhost krang at 10.88.88.139\nhost burns at 10.88.88.141",
      ["kang 10.88.88.142", "kodos 10.88.88.140", "krang 10.88.88.139", "burns 10.88.88.141"]
    ),
    (
      "routed", "host kang at 10.88.3.7\nhost kodos\nhost krang at 10.88.2.9\nhost burns",
      ["kang 10.88.3.7", "kodos 10.88.4.10", "krang 10.88.2.9", "burns 10.88.5.10"]
    ),
  ])
  func addresses(network: String, hosts: String, expected: [String]) throws {
    let text =
      "title T\nnetwork \(network)\n\(hosts)\n"
      + "peer server on kodos: dnc -l -p 8080\npeer client on kang: dnc kodos 8080\nstart server\nstart client"
    #expect(try script(text).hosts.map { "\($0.name) \($0.address)" } == expected)
  }

  @Test func aHundredHostsAreTooMany() {
    let hosts = (1...112).map { "host h\($0)\n" }.joined()
    let text = "title T\n\(hosts)peer a on h1: cat\nstart a\n"
    #expect(mistakes(text) == ["112:6: there is no address left for 'h111'"])
  }

  @Test func aSettingReplacesTheParametersValueEverywhere() throws {
    let text = lab(
      "client types \"$message$$\"\nexpect client is told nothing for ${idle}0s",
      declarations:
        "parameter message = \"a b\"\nparameter idle = 1\nparameter double = $idle$idle\nsysctl tcp_retries2=$double"
    )
    let plain = try script(text)
    #expect(plain.parameters.map(\.value) == ["a b", "1", "11"])
    #expect(plain.sysctls.map(\.value) == ["11"])
    #expect(plain.steps.suffix(2).map(\.text) == ["client types \"a b$\"", "expect client is told nothing for 10s"])
    let other = try script(text, settings: [("message", "x \"y\""), ("idle", "2")])
    #expect(other.parameters.map(\.value) == ["x \"y\"", "2", "22"])
    #expect(other.parameters.map(\.defaultValue) == ["a b", "1", "22"])
    #expect(other.steps.suffix(2).first?.text == "client types \"x \\\"y\\\"$\"")
  }

  @Test(arguments: [
    ("dnc -l -p 8080", ["dnc", "-l", "-p", "8080"]), ("  dnc   kodos\t8080 ", ["dnc", "kodos", "8080"]),
    ("sh -c 'a | b > $c; \"d\" \\n'", ["sh", "-c", "a | b > $c; \"d\" \\n"]),
    ("echo \"a b\" c\"d\"'e f'g \"\" ''", ["echo", "a b", "cde fg", "", ""]),
    ("echo \"\\\"\\\\\\t\" $$HOME", ["echo", "\"\\\t", "$HOME"]), ("echo a#b #c", ["echo", "a#b"]),
    ("echo http://kodos:80/?a=b", ["echo", "http://kodos:80/?a=b"]),
    ("echo a\n  b # c\n\n# d\n  'e'", ["echo", "a", "b", "e"]),
  ])
  func commands(text: String, words: [String]) throws {
    let script = try script("title T\npeer a on kang: \(text)\nstart a\n")
    #expect(script.peers.map(\.command) == [words])
  }

  @Test(arguments: [
    ("labs/poweroff.lab", "poweroff"), ("poweroff.lab", "poweroff"), ("/a/b.c/d.e.lab", "d.e"), ("x", "x"),
    ("a.txt", "a.txt"), ("", ""),
  ])
  func theNameIsThatOfTheFile(path: String, name: String) throws {
    guard case .script(let script) = Script.read(text: Array(lab("").utf8), path: path) else {
      Issue.record("not read")
      return
    }
    #expect(script.name == name)
  }

  @Test func aStepsTextIsTheStatementWithOrdinaryBlanks() throws {
    let step = try last("after   1s\n  client  types   \"a  b\"   # why")
    #expect(step.text == "after 1s client types \"a  b\"")
    #expect(step.line == 7)
    #expect(step.delay == .seconds(1))
  }
}
