internal import LabScript
internal import Netlink
internal import Sockets

/// The network between the hosts: a switch, and on `routed` a router, each a network namespace of its own.
///
///     kang ── lan (bridge in switch) ── kodos
///     kang ── segment1 (bridge in switch) ── eth1 router eth2 ── segment2 (bridge in switch) ── kodos
///
/// Every host's wire is a veth pair: `eth0` in the host, and a port of the host's name in the switch. Starting a program
/// costs more than what `ip` then does, so all that one namespace needs is said in one run of it.
struct Network {
  let kind: NetworkKind
  let family: AddressFamily
  let places: [Place]
  let tools: Tools

  /// Builds switch, router and wires; what the hosts have of them is theirs to configure when they are powered on.
  func build() throws(LaboratoryError) {
    let isRouted = kind == .routed
    try tools.run(ip: (["switch"] + (isRouted ? ["router"] : []) + places.map(\.host)).map { "netns add \($0)" })
    try silenceIPv6(in: "switch")
    for place in places { try prepare(place.host) }
    var switching = Set(places.map(\.segment)).sorted().flatMap { segment in
      ["link add name \(segment) type bridge mcast_snooping 0", "link set \(segment) up"]
    }
    switching += places.flatMap(wiring)
    guard isRouted else { return try tools.run(ip: switching, in: "switch") }
    try prepare("router")
    try set([(family == .ipv4 ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding", "1")], in: "router")
    var routing: [String] = []
    var ports: [String] = []
    for place in places {
      guard let link = place.routerLink, let gateway = place.gateway else { continue }
      let port = "router-" + link
      ports.append(port)
      switching.append("link add \(port) type veth peer name \(link) netns router")
      switching.append("link set \(port) master \(place.segment) up")
      routing.append(addition(of: gateway, to: link))
      routing.append("link set \(link) up")
      // A router that never asks by ARP never notices that a host is gone: it drops silently, for ever.
      routing.append("neigh replace \(place.address) lladdr \(place.hardwareAddress) dev \(link) nud permanent")
    }
    try tools.run(ip: switching, in: "switch")
    try tools.run(ip: routing, in: "router")
    for port in ports { try awaitRunning(port) }
  }

  /// Gives a host that is powered on again what a dead one has lost: a namespace, and a wire into its segment.
  func wire(_ place: Place) throws(LaboratoryError) {
    try tools.run("ip netns add \(place.host)")
    try prepare(place.host)
    try tools.run(ip: wiring(of: place), in: "switch")
  }

  private func wiring(of place: Place) -> [String] {
    let host = place.host
    return ["link add \(host) type veth peer name eth0 netns \(host)", "link set \(host) master \(place.segment) up"]
  }

  /// Gives a host that has just been powered on its addresses, and waits until its wire works.
  func connect(_ place: Place) throws(LaboratoryError) {
    let host = place.host
    let own = [
      "link set eth0 address \(place.hardwareAddress)", addition(of: place.address, to: "eth0"), "link set lo up",
      "link set eth0 up",
    ]
    try tools.run(ip: own + (place.gateway.map { ["route add default via \($0) dev eth0"] } ?? []), in: host)
    try awaitRunning(host)
  }

  /// Waits until the switch's end of a wire passes packets on.
  ///
  /// It was up before the host's, and without a carrier until then: the kernel's linkwatch activates it some time later
  /// (`linkwatch_do_dev`), on a busy machine after the first SYN, which it would drop.
  private func awaitRunning(_ port: String) throws(LaboratoryError) {
    let limit: Int64 = 30
    // The watch stays with the switch's links when this process has gone back.
    let watch = try inNamespace("switch") { () throws(LaboratoryError) in
      do throws(SystemError) { return try LinkWatch() } catch { throw LaboratoryError("watching the switch", error) }
    }
    do throws(SystemError) {
      if try watch.awaitRunning(port, until: Clock.monotonic + limit * 1_000_000_000) { return }
    } catch {
      throw LaboratoryError("watching the wire '\(port)'", error)
    }
    throw LaboratoryError(
      "the wire '\(port)' got no carrier within \(limit) s, although both its ends are up: is this machine overloaded?"
    )
  }

  /// Removes a dead host's wire, both ends.
  func disconnect(_ place: Place) throws(LaboratoryError) {
    try tools.run("ip -n switch link del \(place.host)")
  }

  /// Changes the state of a host's wire, on the switch's side.
  func change(_ place: Place, _ fault: WireFault) throws(LaboratoryError) {
    let port = place.host
    switch fault {
    case .cut: try tools.run("bridge -n switch link set dev \(port) state disabled")
    case .cutInto:
      // The switch neither knows the way to this port nor floods into it.
      try tools.run("bridge -n switch link set dev \(port) learning off flood off mcast_flood off bcast_flood off")
      try tools.run("ip -n switch link set \(port) type bridge_slave fdb_flush")
    case .cutOutOf:
      // A locked port (as with 802.1X) takes no frame from an address that it does not know, and it learns none.
      try tools.run("bridge -n switch link set dev \(port) locked on learning off")
      try tools.run("ip -n switch link set \(port) type bridge_slave fdb_flush")
    case .restore:
      try tools.run(
        """
        bridge -n switch link set dev \(port) state forwarding locked off learning on flood on mcast_flood on \
        bcast_flood on
        """
      )
    case .unplug: try tools.run("ip -n switch link set \(port) down")
    case .plug: try tools.run("ip -n switch link set \(port) up")
    }
  }

  /// Sets kernel settings in a network namespace; those that this kernel does not have are passed over if `optional`.
  func set(_ settings: [KernelSettings.Entry], optional: Bool = false, in host: String) throws(LaboratoryError) {
    guard !settings.isEmpty else { return }
    let words = settings.map { "\($0.name)=\($0.value)" }.joined(separator: " ")
    tools.note("ip netns exec \(host) sysctl -w\(optional ? " -e" : "") \(words)")
    try inNamespace(host) { () throws(LaboratoryError) in
      for setting in settings {
        do throws(SystemError) {
          try KernelSettings.apply(setting)
        } catch {
          if optional, error.errno == .noSuchFile { continue }
          throw LaboratoryError("setting \(setting.name) to \(setting.value) on \(host)", error)
        }
      }
    }
  }

  /// Calls `body` with this process in the network namespace called `host`; sockets that it opens stay there.
  func inNamespace<Value>(_ host: String, _ body: () throws(LaboratoryError) -> Value) throws(LaboratoryError) -> Value
  {
    let result: Result<Value, LaboratoryError>
    do {
      let home = try FileIO.open("/proc/self/ns/net")
      let there = try FileIO.open("/run/netns/\(host)")
      try Namespace.enter(there.rawValue, .network)
      do throws(LaboratoryError) { result = .success(try body()) } catch { result = .failure(error) }
      try Namespace.enter(home.rawValue, .network)
    } catch {
      throw LaboratoryError("the network namespace of \(host)", error)
    }
    return try result.get()
  }

  /// What gives a link an address; an IPv6 address is used at once, without asking first whether somebody else has it.
  private func addition(of address: String, to link: String) -> String {
    "addr add \(address)/\(family.prefixLength) dev \(link)\(family == .ipv4 ? "" : " nodad")"
  }

  /// Prepares a network namespace before it has any link but its own.
  private func prepare(_ host: String) throws(LaboratoryError) {
    guard family == .ipv6 else { return try silenceIPv6(in: host) }
    // Every address is the lab's: none is made up from a router's advertisement, and none is tried out first. The
    // link-local ones stay, since neighbour discovery asks from them.
    let settings = [("accept_ra", "0"), ("accept_dad", "0"), ("dad_transmits", "0"), ("router_solicitations", "0")]
    let all = ["all", "default"].flatMap { link in settings.map { ("net.ipv6.conf.\(link).\($0.0)", $0.1) } }
    try set(all, in: host)
  }

  /// Keeps IPv6's own chatter (router solicitations, neighbour discovery) off the wires.
  private func silenceIPv6(in host: String) throws(LaboratoryError) {
    let names = ["net.ipv6.conf.all.disable_ipv6", "net.ipv6.conf.default.disable_ipv6"]
    try set(names.map { ($0, "1") }, optional: true, in: host)
  }
}
