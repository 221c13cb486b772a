internal import LabScript
internal import TimerModel

extension Failure {
  /// Every row, in order.
  public static let all = connecting + idle + sending + window

  /// What can go wrong while a program connects.
  private static let connecting: [Failure] = [
    attempt("syn-lost", "nobody answers the SYN", .routed, ["drop everything between kang and kodos"]),
    attempt("synack-lost", "the answer to the SYN gets lost", .routed, ["drop from kodos to kang flags SYN,ACK"]),
    attempt("arp", "no such machine on the LAN", .lan, ["power off kodos"], server: nil),
    attempt("refused", "nobody listens", .lan, [], server: nil),
    attempt("reset", "a firewall answers with an RST", .routed, ["reject from kang to kodos with tcp-reset"]),
    attempt("icmp-host", "ICMP host unreachable", .routed, ["reject from kang to kodos with icmp-host-unreachable"]),
    attempt("icmp-admin", "ICMP prohibited", .routed, ["reject from kang to kodos with icmp-admin-prohibited"]),
    backlog,
  ]

  private static func attempt(
    _ name: String,
    _ title: String,
    _ network: NetworkKind,
    _ stage: [String],
    server: String? = plainServer
  ) -> Failure {
    Failure(
      name: "connecting-" + name,
      group: .connecting,
      title: title,
      network: network,
      server: server,
      stage: (server == nil ? [] : ["start server", "wait kodos listens on 8080"]) + stage,
      deed: "start client"
    )
  }

  private static var backlog: Failure {
    var failure = attempt("backlog", "the listener accepts nobody, its queue is full", .lan, [])
    failure.server = "dnc --repl -l -p 8080 --backlog 0"
    failure.declarations = ["peer first on kang: dnc kodos 8080"]
    failure.stage = [
      "start server", "server types \"listen\"", "wait kodos listens on 8080", "start first",
      "wait first connect returns 0",
    ]
    failure.otherwise = .situation(.connecting, Path(failure: .silence))
    return failure
  }

  static let plainServer = "dnc -l -p 8080"

  /// The statements that make a connection.
  static let connected = [
    "start server", "wait kodos listens on 8080", "start client", "wait client prints \"connected\"",
    "wait server accept returns", "wait kang connection is ESTABLISHED", "wait kodos connection is ESTABLISHED",
  ]
}
