import Testing

@testable import Packets

@Suite struct IPv6ReadingTests {
  private static let source = IPAddress.v6(high: 0xfd00_0001_0000_0000, low: 0x10)
  private static let destination = IPAddress.v6(high: 0xfd00_0002_0000_0000, low: 0x20)

  /// A packet whose first header announces `first`, with these bytes behind it.
  private func packet(_ first: IPProtocol, _ rest: [UInt8]) -> Packet {
    let header = IPv6Header(
      source: Self.source,
      destination: Self.destination,
      carried: first,
      payloadLength: rest.count
    )
    return Packet(header.bytes + rest, link: .rawIP)
  }

  private var segment: [UInt8] {
    TCPSegment(
      from: 1000,
      to: 80,
      sequence: SequenceNumber(7),
      acknowledgment: SequenceNumber(9),
      flags: .ack,
      window: 100,
      payload: [1, 2, 3]
    ).sealed(source: Self.source, destination: Self.destination).bytes
  }

  @Test func extensionHeadersArePassedOver() throws {
    // Hop-by-hop options, destination options (16 bytes), routing, then TCP.
    let extensions: [UInt8] =
      [60, 0, 1, 4, 0, 0, 0, 0] + [43, 1, 1, 12] + [UInt8](repeating: 0, count: 12) + [6, 0, 0, 0, 0, 0, 0, 0]
    let packet = packet(.hopByHop, extensions + segment)
    #expect(packet.defects.isEmpty && packet.tcp?.length == 3 && packet.checksums.content == .correct)
    #expect(packet.bytes.map { Packet($0, link: .rawIP) } == packet)
    guard case .v6(let header)? = packet.ip else {
      Issue.record("not IPv6")
      return
    }
    #expect(header.extensions.map(\.kind) == [.hopByHop, .destinationOptions, .routing] && header.carried == .tcp)
  }

  @Test func aFragmentIsFoundBehindOtherExtensions() {
    let first: [UInt8] = [44, 0, 1, 4, 0, 0, 0, 0] + [6, 0, 0, 1, 0, 0, 0, 99]
    #expect(packet(.hopByHop, first + segment).tcp?.sourcePort == 1000)
    #expect(packet(.hopByHop, first + segment).checksums.content == nil)
    let later: [UInt8] = [6, 0, 0x05, 0xa8, 0, 0, 0, 99]
    #expect(packet(.fragment, later + segment).content == .fragment(of: .tcp, offset: 1448, length: segment.count))
  }

  @Test func anExtensionCutOffIsADefect() {
    let cut = packet(.hopByHop, [6, 2, 0, 0, 0, 0, 0, 0])
    #expect(cut.defects.map(\.description) == ["IPv6 extension header short: 8 of 24 bytes"])
    #expect(cut.content == .other(.hopByHop, length: 8))
    #expect(packet(.routing, []).defects.map(\.description) == ["IPv6 extension header short: 0 of 8 bytes"])
  }

  @Test func aChainOfExtensionsWithoutEndIsGivenUp() {
    let chain = [[UInt8]](repeating: [60, 0, 1, 4, 0, 0, 0, 0], count: 200).flatMap { $0 }
    guard case .v6(let header)? = packet(.destinationOptions, chain).ip else {
      Issue.record("not IPv6")
      return
    }
    #expect(header.extensions.count == IPv6Header.mostExtensions)
  }

  @Test func whatOthersCarryIsNamed() {
    #expect(packet(.noNextHeader, []).content == .other(.noNextHeader, length: 0))
    #expect(packet(IPProtocol(rawValue: 50), [1, 2]).content == .other(IPProtocol(rawValue: 50), length: 2))
    #expect(IPProtocol(rawValue: 89).description == "IP protocol 89")
  }
}
