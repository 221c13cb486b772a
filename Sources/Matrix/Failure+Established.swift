internal import LabScript
internal import TimerModel

extension Failure {
  /// What can happen to a connection on which nothing is under way.
  static let idle: [Failure] = [
    established(.idle, "power-off", "power off, behind a router", .routed, "power off kodos"),
    established(.idle, "power-off-lan", "power off, on the LAN", .lan, "power off kodos"),
    established(.idle, "power-cycle", "power cycle", .lan, "power cycle kodos"),
    established(.idle, "drop", "every packet is dropped", .routed, "drop everything between kang and kodos"),
    established(.idle, "drop-answers", "the answers are dropped", .routed, "drop from kodos to kang"),
    established(.idle, "unplug", "the own cable is pulled", .lan, "unplug kang"),
    established(.idle, "reset", "a firewall answers with an RST", .routed, "reject from kang to kodos with tcp-reset"),
    established(
      .idle,
      "icmp",
      "ICMP host unreachable",
      .routed,
      "reject from kang to kodos with icmp-host-unreachable"
    ),
    established(
      .idle,
      "lost-probe",
      "one packet is lost",
      .routed,
      "drop the next packet from kang to kodos",
      otherwise: .never("a lost probe is sent again, and answered")
    ),
    behindBox(established(.idle, "forgotten-drop", "a NAT forgets it, and drops", .routed, "forget flows"), "drop"),
    behindBox(established(.idle, "forgotten-reset", "a NAT forgets it, and resets", .routed, "forget flows"), "reset"),
    established(.idle, "frozen", "the other program hangs", .lan, "freeze server", otherwise: alive),
    established(.idle, "reboot", "orderly reboot", .lan, "reboot kodos", news: .endOfStream),
    established(.idle, "killed", "the other program is killed", .lan, "kill server", news: .endOfStream),
    established(.idle, "closed", "the other program ends", .lan, "interrupt server", news: .endOfStream),
  ]

  /// What can happen to a connection on which a request goes out.
  static let sending: [Failure] = [
    established(.sending, "power-off", "power off, behind a router", .routed, "power off kodos"),
    established(.sending, "power-off-lan", "power off, on the LAN", .lan, "power off kodos"),
    established(.sending, "power-cycle", "power cycle", .lan, "power cycle kodos"),
    established(.sending, "drop", "every packet is dropped", .routed, "drop everything between kang and kodos"),
    established(.sending, "drop-answers", "the answers are dropped", .routed, "drop from kodos to kang"),
    established(.sending, "unplug", "the own cable is pulled", .lan, "unplug kang"),
    established(
      .sending,
      "reset",
      "a firewall answers with an RST",
      .routed,
      "reject from kang to kodos with tcp-reset"
    ),
    established(
      .sending,
      "icmp-host",
      "ICMP host unreachable",
      .routed,
      "reject from kang to kodos with icmp-host-unreachable"
    ),
    established(
      .sending,
      "icmp-port",
      "ICMP port unreachable",
      .routed,
      "reject from kang to kodos with icmp-port-unreachable"
    ),
    established(
      .sending,
      "lost-packet",
      "one packet is lost",
      .routed,
      "drop the next packet from kang to kodos",
      otherwise: .never("what is lost is sent again, and acknowledged")
    ),
    behindBox(
      established(.sending, "forgotten-drop", "a NAT has forgotten it, and drops", .routed, "forget flows"),
      "drop"
    ),
    behindBox(
      established(.sending, "forgotten-reset", "a NAT has forgotten it, and resets", .routed, "forget flows"),
      "reset"
    ),
    established(.sending, "frozen", "the other program hangs", .lan, "freeze server", otherwise: alive),
  ]

  /// What can happen to a connection whose other end has no room for more.
  static let window: [Failure] = [
    filling("full", "the other program does not read", .lan, nil),
    filling("power-off", "power off, behind a router", .routed, "power off kodos"),
    filling("power-off-lan", "power off, on the LAN", .lan, "power off kodos"),
    filling("drop", "every packet is dropped", .routed, "drop everything between kang and kodos"),
    filling("power-cycle", "power cycle", .lan, "power cycle kodos"),
  ]

  /// Why TCP does not notice a program that hangs.
  private static let alive = Otherwise.never("the other kernel acknowledges, whether its program lives or not")

  /// A failure of an established connection.
  ///
  /// Idle, times count from the fault; sending, it is in force already when the request goes out, and they count from that.
  private static func established(
    _ group: Group,
    _ name: String,
    _ title: String,
    _ network: NetworkKind,
    _ fault: String,
    news: News = .error,
    otherwise: Otherwise = .unknown
  ) -> Failure {
    let sends = group == .sending
    return Failure(
      name: "\(group.rawValue)-\(name)",
      group: group,
      title: title,
      network: network,
      server: plainServer,
      stage: connected + (sends ? [fault] : []),
      deed: sends ? "client types \"hello\"" : fault,
      then: sends ? ["expect client write returns 6"] : [],
      news: news,
      otherwise: otherwise
    )
  }

  /// The failure with a NAT before the client, which does this with what it does not know.
  private static func behindBox(_ failure: Failure, _ then: String) -> Failure {
    var failure = failure
    failure.declarations = ["middlebox nat for kang idle 350s then \(then)"]
    return failure
  }

  /// A window that is full; with a `fault`, one second later.
  private static func filling(_ name: String, _ title: String, _ network: NetworkKind, _ fault: String?) -> Failure {
    let write = "client types 20000 bytes"
    let failure = Failure(
      name: "window-" + name,
      group: .window,
      title: title,
      network: network,
      server: plainServer + " --receive-buffer 4096",
      stage: connected + ["freeze server"] + (fault == nil ? [] : [write, "wait client write returns"]),
      deed: fault.map { "after 1s " + $0 } ?? write,
      then: fault == nil ? ["expect client write returns"] : []
    )
    return failure
  }
}
