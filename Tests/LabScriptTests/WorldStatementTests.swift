import LabScript
import Testing
import Timeline

/// What a lab says of its world: middle boxes, IPv6, variants.
@Suite struct WorldStatementTests {
  private func box(_ words: String) throws -> Middlebox? {
    try script(lab("", network: "routed", declarations: "middlebox \(words)")).middlebox
  }

  @Test(arguments: [
    ("firewall idle 10s then drop", Middlebox.Kind.firewall, String?.none, 10, Middlebox.Unknown.drop),
    ("nat for kang idle 350s then reset", .nat, "kang", 350, .reset),
    ("balancer for kodos idle 4m then pick-up", .balancer, "kodos", 240, .pickUp),
    ("aws-nat-gateway for kang", .nat, "kang", 350, .reset), ("aws-nlb for kodos", .balancer, "kodos", 350, .reset),
    ("azure-load-balancer for kodos", .balancer, "kodos", 240, .drop),
    ("gcp-cloud-nat for kang", .nat, "kang", 1200, .drop), ("linux-conntrack", .firewall, nil, 432_000, .pickUp),
    ("aws-nlb for kodos idle 3s then drop", .balancer, "kodos", 3, .drop),
  ])
  func middleboxes(
    words: String,
    kind: Middlebox.Kind,
    host: String?,
    idle: Int,
    unknown: Middlebox.Unknown
  ) throws {
    let box = try #require(try box(words))
    #expect(box.kind == kind && box.host == host && box.idle == .seconds(idle) && box.unknown == unknown)
    #expect(box.line == 5)
  }

  @Test func aMiddleboxForgetsAsADeed() throws {
    let script = try script(
      lab("forget flows", network: "routed", declarations: "middlebox firewall idle 1s then drop")
    )
    #expect(script.steps.last?.action == .forgetFlows)
    #expect(Action.forgetFlows.isDeed)
  }

  @Test func aVariantGivesParametersOtherValuesAndTheLabAnotherName() throws {
    let text = lab(
      "client types \"$one $two $three\"",
      declarations: "parameter one = 1\nparameter two = 2\nparameter three = 3\nvariant short: one=10 two=20"
    )
    func read(_ variant: String?, _ settings: [(name: String, value: String)] = []) throws -> Script {
      guard
        case .script(let script) = Script.read(
          text: Array(text.utf8),
          path: "labs/test.lab",
          settings: settings,
          variant: variant
        )
      else { throw CancellationError() }
      return script
    }
    #expect(try read(nil).steps.last?.text == "client types \"1 2 3\"")
    let short = try read("short", [("two", "7")])
    #expect(short.steps.last?.text == "client types \"10 7 3\"")
    #expect(short.name == "test:short" && short.variant == "short")
    #expect(short.parameters.map(\.defaultValue) == ["1", "2", "3"])
    #expect(try read(nil).variants.map(\.name) == ["short"])
  }

  @Test func anUnknownVariantIsAMistakeOfTheCommandLine() {
    let text = lab("client types \"$one\"", declarations: "parameter one = 1\nvariant short: one=10")
    guard case .mistakes(let mistakes) = Script.read(text: Array(text.utf8), path: "test.lab", variant: "shrt") else {
      Issue.record("it is read")
      return
    }
    #expect(mistakes.map(\.line) == [0])
    #expect(mistakes.map(\.message) == ["unknown variant 'shrt'"])
    #expect(mistakes.map(\.help) == ["did you mean 'short'?"])
    #expect(mistakes.map(\.source) == ["--variant shrt"])
  }

  @Test(arguments: [
    ("lan", "fd10:88:0:88::139", "fd10:88:0:88::140"), ("routed", "fd10:88:0:1::10", "fd10:88:0:2::20"),
  ])
  func overIPv6TheHostsHaveItsAddresses(network: String, kang: String, kodos: String) throws {
    let script = try script(lab("", network: "\(network) over IPv6"))
    #expect(script.family == .ipv6)
    #expect(script.hosts.map(\.address) == [kang, kodos])
    guard
      case .script(let asked) = Script.read(
        text: Array(lab("", network: network, declarations: "").utf8),
        path: "test.lab",
        family: .ipv6
      )
    else {
      Issue.record("it is refused")
      return
    }
    #expect(asked.hosts == script.hosts)
  }

  @Test func aLabAboutIPv4IsRefusedOverIPv6WithItsReason() {
    let text = lab("", declarations: "only over IPv4: ARP is what it is about")
    guard case .script(let script) = Script.read(text: Array(text.utf8), path: "test.lab") else {
      Issue.record("it is refused over IPv4")
      return
    }
    #expect(script.onlyIPv4 == "ARP is what it is about")
    guard case .mistakes(let mistakes) = Script.read(text: Array(text.utf8), path: "test.lab", family: .ipv6) else {
      Issue.record("it is read over IPv6")
      return
    }
    #expect(mistakes.map(\.message) == ["this lab runs over IPv4 only: ARP is what it is about"])
  }
}
