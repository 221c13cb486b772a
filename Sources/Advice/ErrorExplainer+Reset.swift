internal import Timeline
internal import TimerModel

extension ErrorExplainer {
  var reset: [Cause] {
    let window = Window(.zero, .seconds(1))
    return [
      Cause(
        "The other end was rebooted or switched off and on, and does not know the connection",
        "Its kernel answers the next packet, or the next keepalive probe, with an RST; before that nobody is told.",
        window: window,
        lab: "powercycle",
        prediction: "--sending --failure power-cycled",
        misfit: misfit(window, prior: 0)
      ),
      Cause(
        "The other end's program closed or ended with data unread, or closed with SO_LINGER 0",
        "close sends an RST instead of a FIN then.",
        lab: "unread-data",
        misfit: misfit(nil, prior: 1)
      ),
      Cause(
        "A NAT, firewall or load balancer forgot the idle connection and answers with an RST",
        "Its idle timeout was shorter than the silence; keepalive with a shorter idle time prevents it: "
          + "halfopen advise --through nat:TIME.",
        lab: "nat-idle-reset",
        misfit: misfit(nil, prior: 2)
      ),
      Cause(
        "The other end had closed, and its FIN_WAIT_2 was over when the data came",
        "After tcp_fin_timeout the closed socket is gone, and what comes late gets an RST.",
        window: try? question(.closing(.finWait2(orphaned: true))).answer().end?.window,
        lab: "halfopen",
        misfit: misfit(nil, prior: 3)
      ),
      Cause(
        "A firewall rejects with an RST",
        "REJECT --reject-with tcp-reset, or a middle box in the other end's name.",
        lab: "rst-injected",
        misfit: misfit(nil, prior: 4)
      ),
    ].sorted { $0.misfit < $1.misfit }
  }

  var brokenPipe: [Cause] {
    [
      Cause(
        "The other end had closed (FIN), the program wrote all the same, and an RST came back",
        "In CLOSE_WAIT an RST becomes EPIPE and not ECONNRESET; read returns 0 before and after.",
        lab: "halfopen",
        misfit: misfit(nil, prior: 0)
      ),
      Cause(
        "The other end's host was rebooted in an orderly way, or its program ended, while this program did not read",
        "The first write after the FIN succeeds; the RST that answers it breaks the pipe.",
        lab: "reboot",
        misfit: misfit(nil, prior: 1)
      ),
      Cause(
        "The connection had failed before, and the error was told once already",
        "After ETIMEDOUT or ECONNRESET was told, every further write gets EPIPE.",
        misfit: misfit(nil, prior: 2)
      ),
      Cause(
        "The program had shut down its own sending side",
        "write after shutdown(SHUT_WR) gives EPIPE at once.",
        misfit: misfit(nil, prior: 3)
      ),
    ]
  }

  var refused: [Cause] {
    let known: [Cause?] = [
      modelled(
        "Nobody listens at that port",
        "The other end's kernel answers the SYN with an RST.",
        question(.connecting, SocketOptions(), .powerCycled),
        "--connecting --failure power-cycled",
        lab: "port-closed",
        prior: 0
      ),
      modelled(
        "A firewall answers with ICMP port unreachable",
        "It is what iptables REJECT sends by default.",
        question(.connecting, SocketOptions(), .icmp(.portUnreachable)),
        "--connecting --failure icmp-port-unreachable",
        prior: 1
      ),
      modelled(
        "Data was sent on an open connection, and a firewall answered with ICMP port unreachable",
        "The error is only remembered; the kernel tells it when it gives up.",
        question(.sending(.init()), SocketOptions(), .icmp(.portUnreachable)),
        "--sending --failure icmp-port-unreachable",
        prior: 2
      ),
    ]
    return known.compactMap { $0 }
  }

  func prohibited(_ name: String) -> [Cause] {
    [
      name == "ENOPROTOOPT"
        ? Cause(
          "An ICMP protocol unreachable came back",
          "A firewall rejects with icmp-proto-unreachable.",
          prediction: "--connecting --failure icmp-proto-unreachable",
          misfit: 0
        )
        : Cause(
          "The own routing table has a 'prohibit' route, or a security module forbids it",
          "connect fails at once; nothing was sent.",
          misfit: 0
        )
    ]
  }
}
