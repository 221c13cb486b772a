internal import LabScript
internal import TimerModel

extension Failure {
  /// What can happen to a connection on which nothing is under way.
  static let idle: [Failure] = [
    waiting("power-off", "power off, behind a router", .routed, "power off kodos"),
    waiting("power-off-lan", "power off, on the LAN", .lan, "power off kodos"),
    waiting("power-cycle", "power cycle", .lan, "power cycle kodos"),
    waiting("drop", "every packet is dropped", .routed, "drop everything between kang and kodos"),
    waiting("drop-answers", "the answers are dropped", .routed, "drop from kodos to kang"),
    waiting("unplug", "the own cable is pulled", .lan, "unplug kang"),
    waiting("reset", "a firewall answers with an RST", .routed, "reject from kang to kodos with tcp-reset"),
    waiting("icmp", "ICMP host unreachable", .routed, "reject from kang to kodos with icmp-host-unreachable"),
    waiting(
      "lost-probe",
      "one packet is lost",
      .routed,
      "drop the next packet from kang to kodos",
      otherwise: .never("a lost probe is sent again, and answered")
    ),
    behindBox(waiting("forgotten-drop", "a NAT forgets it, and drops", .routed, "forget flows"), "drop"),
    behindBox(waiting("forgotten-reset", "a NAT forgets it, and resets", .routed, "forget flows"), "reset"),
    waiting("frozen", "the other program hangs", .lan, "freeze server", otherwise: alive),
    waiting("reboot", "orderly reboot", .lan, "reboot kodos", news: .endOfStream),
    waiting("killed", "the other program is killed", .lan, "kill server", news: .endOfStream),
    waiting("closed", "the other program ends", .lan, "interrupt server", news: .endOfStream),
  ]

  /// What can happen to a connection on which a request goes out.
  static let sending: [Failure] = [
    asking("power-off", "power off, behind a router", .routed, "power off kodos"),
    asking("power-off-lan", "power off, on the LAN", .lan, "power off kodos"),
    asking("power-cycle", "power cycle", .lan, "power cycle kodos"),
    asking("drop", "every packet is dropped", .routed, "drop everything between kang and kodos"),
    asking("drop-answers", "the answers are dropped", .routed, "drop from kodos to kang"),
    asking("unplug", "the own cable is pulled", .lan, "unplug kang"),
    asking("reset", "a firewall answers with an RST", .routed, "reject from kang to kodos with tcp-reset"),
    asking("icmp-host", "ICMP host unreachable", .routed, "reject from kang to kodos with icmp-host-unreachable"),
    asking("icmp-port", "ICMP port unreachable", .routed, "reject from kang to kodos with icmp-port-unreachable"),
    asking(
      "lost-packet",
      "one packet is lost",
      .routed,
      "drop the next packet from kang to kodos",
      otherwise: .never("what is lost is sent again, and acknowledged")
    ),
    behindBox(asking("forgotten-drop", "a NAT has forgotten it, and drops", .routed, "forget flows"), "drop"),
    behindBox(asking("forgotten-reset", "a NAT has forgotten it, and resets", .routed, "forget flows"), "reset"),
    asking("frozen", "the other program hangs", .lan, "freeze server", otherwise: alive),
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

  private static func waiting(
    _ name: String,
    _ title: String,
    _ network: NetworkKind,
    _ fault: String,
    news: News = .error,
    otherwise: Otherwise = .unknown
  ) -> Failure {
    Failure(
      name: "idle-" + name,
      group: .idle,
      title: title,
      network: network,
      server: plainServer,
      stage: connected,
      deed: fault,
      news: news,
      otherwise: otherwise
    )
  }

  private static func asking(
    _ name: String,
    _ title: String,
    _ network: NetworkKind,
    _ fault: String,
    otherwise: Otherwise = .unknown
  ) -> Failure {
    Failure(
      name: "sending-" + name,
      group: .sending,
      title: title,
      network: network,
      server: plainServer,
      stage: connected + [fault],
      deed: "client types \"hello\"",
      then: ["expect client write returns 6"],
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
