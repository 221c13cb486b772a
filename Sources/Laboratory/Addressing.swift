internal import LabScript

/// Where each host stands in the network: its segment, addresses and names of links.
struct Place: Hashable {
  /// The host's name; also the name of its network namespace and of its port on the switch.
  var host: String
  /// Its address.
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
      // The numbers of 10.88.SEGMENT.HOST, or of fd10:88:0:SEGMENT::HOST.
      let isIPv4 = script.family == .ipv4
      let numbers = host.address.split(separator: isIPv4 ? "." : ":").map { UInt8($0) ?? 0 }
      let octets = isIPv4 ? numbers : [10, 88] + numbers.suffix(2)
      let hardware = ([2, 0] + octets).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
      let network = host.address.prefix(
        through: host.address.lastIndex { $0 == "." || $0 == ":" } ?? host.address.startIndex
      )
      let routed = script.network == .routed
      return Place(
        host: host.name,
        address: host.address,
        hardwareAddress: hardware,
        segment: routed ? "segment\(index + 1)" : "lan",
        gateway: routed ? network + "1" : nil,
        routerLink: routed ? "eth\(index + 1)" : nil
      )
    }
  }
}
