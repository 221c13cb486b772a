internal import Timeline
internal import TimerModel

extension ErrorExplainer {
  var hostUnreachable: [Cause] {
    let known: [Cause?] = [
      modelled(
        "connect to an address of the own network that does not answer ARP",
        "The host is off or the address is wrong.",
        question(.connecting, SocketOptions(), .neighbourGone(known: false)),
        "--connecting --failure absent",
        lab: "no-route-to-host",
        prior: 0
      ),
      modelled(
        "Data was sent to a host of the own network that vanished",
        "The kernel remembered the ARP failure and told it when it gave up.",
        question(.sending(.init()), SocketOptions(), .neighbourGone(known: true)),
        "--sending --network lan",
        lab: "poweroff-lan",
        prior: 1
      ),
      modelled(
        "A router or firewall answered the SYN with ICMP host unreachable, or administratively prohibited",
        "A router behind which the host is off, or a firewall with REJECT.",
        question(.connecting, SocketOptions(), .icmp(.hostUnreachable)),
        "--connecting --failure icmp-host-unreachable",
        lab: "icmp-connecting",
        prior: 2
      ),
      modelled(
        "Data was sent and a router answered each retransmission with ICMP host unreachable",
        "The error is only remembered; the kernel tells it when it gives up.",
        question(.sending(.init()), SocketOptions(), .icmp(.hostUnreachable)),
        "--sending --failure icmp-host-unreachable",
        lab: "icmp-established",
        prior: 3
      ),
      modelled(
        "The own routing table has an 'unreachable' route for the address",
        "The lookup fails before anything is sent.",
        question(.connecting, SocketOptions(), .local(.noRoute(errno: "EHOSTUNREACH"))),
        "--connecting --failure no-route",
        prior: 4
      ),
    ]
    return known.compactMap { $0 }
  }

  var networkUnreachable: [Cause] {
    let known: [Cause?] = [
      modelled(
        "The own machine has no route to the address",
        "No default route, or the interface is down.",
        question(.connecting, SocketOptions(), .local(.noRoute(errno: "ENETUNREACH"))),
        "--connecting --failure no-route",
        lab: "network-unreachable",
        prior: 0
      ),
      modelled(
        "A router answered the SYN with ICMP network unreachable",
        "A router on the way has no route.",
        question(.connecting, SocketOptions(), .icmp(.netUnreachable)),
        "--connecting --failure icmp-net-unreachable",
        lab: "icmp-connecting",
        prior: 1
      ),
      modelled(
        "Data was sent and a router answered with ICMP network unreachable until the kernel gave up",
        "The error is only remembered; it is told at the end.",
        question(.sending(.init()), SocketOptions(), .icmp(.netUnreachable)),
        "--sending --failure icmp-net-unreachable",
        lab: "icmp-established",
        prior: 2
      ),
    ]
    return known.compactMap { $0 }
  }
}
