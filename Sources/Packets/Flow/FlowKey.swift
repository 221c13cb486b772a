/// One end of a connection: an address and a port.
public struct Endpoint: Hashable, Sendable, CustomStringConvertible {
  /// The address.
  public var address: IPAddress
  /// The port.
  public var port: UInt16

  /// The end at this address and port.
  public init(_ address: IPAddress, _ port: UInt16) {
    self.address = address
    self.port = port
  }

  /// The text as sock_diag's readers write it: `10.0.0.1:80`, `[fd00::1]:80`.
  public var description: String {
    if case .v6 = address { return "[\(address)]:\(port)" }
    return "\(address):\(port)"
  }
}

/// The name of a connection: its two ends, the same for packets of both directions.
public struct FlowKey: Hashable, Sendable, CustomStringConvertible {
  /// The end with the smaller address and port.
  public let first: Endpoint
  /// The other end.
  public let second: Endpoint

  /// The connection between two ends, in whatever order they are given.
  public init(_ one: Endpoint, _ other: Endpoint) {
    let inOrder = FlowKey.order(one).lexicographicallyPrecedes(FlowKey.order(other))
    first = inOrder ? one : other
    second = inOrder ? other : one
  }

  private static func order(_ end: Endpoint) -> [UInt8] {
    end.address.bytes + [UInt8(end.port >> 8), UInt8(truncatingIfNeeded: end.port)]
  }

  /// Both ends: `10.0.0.1:33226 – 10.0.0.2:80`.
  public var description: String { "\(first) – \(second)" }
}
