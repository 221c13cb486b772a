internal import LabScript
internal import Netlink
internal import Sockets
internal import Timeline

/// The middle box of a lab: Linux's own connection tracking (conntrack) in the router.
///
/// What is set, and why:
/// - `nf_conntrack_tcp_timeout_established`: the idle time. The two shorter timers that count while something is
///   unacknowledged are set to the same, or Linux would forget after its own 300 s there.
/// - `nf_conntrack_tcp_loose = 0`: a packet in the middle of an unknown connection belongs to none. By itself Linux
///   takes such a connection into its table (`then pick-up`).
/// - `nf_conntrack_tcp_be_liberal = 1`: a packet of a known connection always passes, whatever its sequence number, so
///   that only the table decides.
struct ConnectionTracker {
  let box: Middlebox
  let network: Network

  /// The chain of the lab's own `drop` and `reject` where there is a middle box; the box's rules come behind it.
  static let faultChain = "faults"

  /// The address of a balancer, the router's own.
  static func balancerAddress(over family: AddressFamily) -> String { family == .ipv4 ? "10.88.0.1" : "fd10:88::1" }

  /// Puts the box into the router.
  func install() throws(LaboratoryError) {
    let filter = try network.tools.iptables.get()
    do throws(LaboratoryError) {
      try translate(filter)
      try run("\(filter) -w -N \(ConnectionTracker.faultChain)")
      try run("\(filter) -w -A FORWARD -j \(ConnectionTracker.faultChain)")
      for chain in ["FORWARD", "INPUT"] {
        let rule = "\(filter) -w -A \(chain) -p tcp -m conntrack --ctstate INVALID -j"
        switch box.unknown {
        case .drop: try run("\(rule) DROP")
        case .reset: try run("\(rule) REJECT --reject-with tcp-reset")
        // Naming any state makes the kernel track at all.
        case .pickUp: try run("\(rule) ACCEPT")
        }
      }
      try network.set(settings, in: "router")
    } catch {
      throw LaboratoryError(
        "the middle box needs connection tracking in the kernel (nf_conntrack, nf_nat, xt_conntrack, xt_MASQUERADE, "
          + "xt_nat, iptable_nat or nft_compat): " + error.message
      )
    }
  }

  /// Comes back from a restart: the rules are the same, and the table is empty.
  func forget() throws(LaboratoryError) {
    network.tools.note("ip netns exec router conntrack --flush")
    try network.inNamespace("router") { () throws(LaboratoryError) in
      do throws(SystemError) {
        try ConnectionTable.flush()
      } catch {
        throw LaboratoryError("emptying the router's table of connections (nf_conntrack_netlink)", error)
      }
    }
  }

  private func translate(_ filter: String) throws(LaboratoryError) {
    guard let host = network.places.first(where: { $0.host == box.host }) else { return }
    switch box.kind {
    case .firewall: break
    case .nat: try run("\(filter) -w -t nat -A POSTROUTING -s \(host.address) -p tcp -j MASQUERADE")
    case .balancer:
      let own = ConnectionTracker.balancerAddress(over: network.family)
      let length = network.family == .ipv4 ? 32 : 128
      try network.tools.run("ip -n router link set lo up")
      try network.tools.run("ip -n router addr add \(own)/\(length) dev lo")
      try run("\(filter) -w -t nat -A PREROUTING -d \(own) -p tcp -j DNAT --to-destination \(host.address)")
    }
  }

  private var settings: [KernelSettings.Entry] {
    let idle = String(box.idle.nanoseconds / 1_000_000_000)
    return [
      ("loose", box.unknown == .pickUp ? "1" : "0"), ("be_liberal", "1"), ("timeout_established", idle),
      ("timeout_unacknowledged", idle), ("timeout_max_retrans", idle),
    ].map { ("net.netfilter.nf_conntrack_tcp_" + $0.0, $0.1) }
  }

  private func run(_ command: String) throws(LaboratoryError) { try network.tools.run(command, in: "router") }
}
