internal import LabScript

/// Where each host stands in the network: its segment, addresses and names of links.
struct Place: Hashable {
  /// The host's name; also the name of its network namespace and of its port on the switch.
  var host: String
  /// Its IPv4 address.
  var address: String
  /// Its Ethernet address: the same each time the host comes back.
  var hardwareAddress: String
  /// The bridge in the switch that its wire is plugged into.
  var segment: String
  /// The router's address on that segment; `nil` where there is no router.
  var gateway: String?
  /// The router's link into that segment.
  var routerLink: String?

  /// The places of a script's hosts.
  static func all(in script: Script) -> [Place] {
    script.hosts.enumerated().map { index, host in
      let octets = host.address.split(separator: ".").compactMap { UInt8($0) }
      let hardware = ([2, 0] + octets).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
      let network = octets.dropLast().map(String.init).joined(separator: ".")
      let routed = script.network == .routed
      return Place(
        host: host.name,
        address: host.address,
        hardwareAddress: hardware,
        segment: routed ? "segment\(index + 1)" : "lan",
        gateway: routed ? network + ".1" : nil,
        routerLink: routed ? "eth\(index + 1)" : nil
      )
    }
  }
}
