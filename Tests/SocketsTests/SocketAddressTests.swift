import Sockets
import Testing

@Suite struct SocketAddressTests {
  @Test(arguments: [
    ("127.0.0.1", "80", "127.0.0.1:80", SocketAddress.Family.ipv4), ("::1", "65535", "[::1]:65535", .ipv6),
    ("2001:db8::00:1", "0", "[2001:db8::1]:0", .ipv6),
  ])
  func aNumericAddressNeedsNoResolver(host: String, port: String, text: String, family: SocketAddress.Family) throws {
    let addresses = try SocketAddress.resolve(host: host, port: port, numericOnly: true)
    #expect(addresses.map(\.description) == [text])
    #expect(addresses.map(\.family) == [family])
    #expect(addresses.map { String($0.port) } == [port])
  }

  @Test func withoutAHostTheAddressIsOneToListenOn() throws {
    #expect(try SocketAddress.resolve(host: nil, port: "80", family: .ipv4).map(\.host) == ["0.0.0.0"])
    #expect(try SocketAddress.resolve(host: nil, port: "80", family: .ipv6).map(\.host) == ["::"])
  }

  @Test(arguments: [
    ("kodos", "80", "kodos: Name or service not known"),
    ("127.0.0.1", "x", "port x: not a number from 0 to 65535"),
    ("127.0.0.1", "65536", "port 65536: not a number from 0 to 65535"),
    ("127.0.0.1", "", "port : not a number from 0 to 65535"),
    ("10.0.0.256", "80", "10.0.0.256: Name or service not known"),
  ])
  func whatIsNoNumberIsRefusedWhenNothingMayBeLookedUp(host: String, port: String, message: String) {
    let error = #expect(throws: ResolutionError.self) {
      try SocketAddress.resolve(host: host, port: port, numericOnly: true)
    }
    #expect(error?.description == message)
  }

  @Test func theFamilyCanBeChosen() throws {
    #expect(throws: ResolutionError.self) { try SocketAddress.resolve(host: "::1", port: "80", family: .ipv4) }
    #expect(try SocketAddress.resolve(host: "localhost", port: "80", family: .ipv4).map(\.host) == ["127.0.0.1"])
  }
}
