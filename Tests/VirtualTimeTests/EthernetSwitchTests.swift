import LabScript
import Laboratory
import Testing

@testable import VirtualTime

@Suite struct EthernetSwitchTests {
  private static let kang = MachineWire(
    host: "kang",
    address: "10.88.88.139",
    hardwareAddress: "02:00:0a:58:58:8b",
    segment: "lan"
  )
  private static let kodos = MachineWire(
    host: "kodos",
    address: "10.88.88.140",
    hardwareAddress: "02:00:0a:58:58:8c",
    segment: "lan"
  )
  private static let third = MachineWire(
    host: "third",
    address: "10.88.88.141",
    hardwareAddress: "02:00:0a:58:58:8d",
    segment: "lan"
  )

  private static let broadcast: [UInt8] = [255, 255, 255, 255, 255, 255]
  private static func hardware(_ last: UInt8) -> [UInt8] { [2, 0, 10, 0x58, 0x58, last] }

  private static func frame(to target: [UInt8], from source: [UInt8], _ type: [UInt8] = [0x88, 0xB5]) -> [UInt8] {
    target + source + type + [1, 2, 3]
  }

  /// A switch whose hosts are on.
  private static func switched(_ wires: [MachineWire]) -> EthernetSwitch {
    var network = EthernetSwitch(wires)
    for wire in wires { network.switchPower(of: wire.host, on: true) }
    return network
  }

  @Test func unknownAddressesAreFloodedAndKnownOnesAreNot() {
    var network = EthernetSwitchTests.switched([
      EthernetSwitchTests.kang, EthernetSwitchTests.kodos, EthernetSwitchTests.third,
    ])
    let (kang, kodos) = (EthernetSwitchTests.hardware(0x8B), EthernetSwitchTests.hardware(0x8C))
    let first = EthernetSwitchTests.frame(to: kodos, from: kang)
    #expect(network.passOn(first, from: "kang").map(\.host) == ["kodos", "third"])
    let answer = EthernetSwitchTests.frame(to: kang, from: kodos)
    #expect(network.passOn(answer, from: "kodos").map(\.host) == ["kang"])
    #expect(network.passOn(first, from: "kang").map(\.host) == ["kodos"])
    #expect(network.passOn(first, from: "kang").map(\.frame) == [first])
    let all = EthernetSwitchTests.frame(to: EthernetSwitchTests.broadcast, from: kang)
    #expect(network.passOn(all, from: "kang").map(\.host) == ["kodos", "third"])
  }

  @Test(arguments: [
    (WireFault.cut, false, false), (.cutInto, false, true), (.cutOutOf, true, false), (.unplug, false, false),
    (.restore, true, true), (.plug, true, true),
  ])
  func aFaultOfAWireStopsWhatItSays(fault: WireFault, into: Bool, outOf: Bool) {
    var network = EthernetSwitchTests.switched([EthernetSwitchTests.kang, EthernetSwitchTests.kodos])
    network.change("kodos", fault)
    let (kang, kodos) = (EthernetSwitchTests.hardware(0x8B), EthernetSwitchTests.hardware(0x8C))
    #expect(network.passOn(EthernetSwitchTests.frame(to: kodos, from: kang), from: "kang").isEmpty != into)
    #expect(network.passOn(EthernetSwitchTests.frame(to: kang, from: kodos), from: "kodos").isEmpty != outOf)
  }

  @Test func aHostThatIsOffNeitherSendsNorGets() {
    var network = EthernetSwitchTests.switched([EthernetSwitchTests.kang, EthernetSwitchTests.kodos])
    network.switchPower(of: "kodos", on: false)
    let (kang, kodos) = (EthernetSwitchTests.hardware(0x8B), EthernetSwitchTests.hardware(0x8C))
    #expect(network.passOn(EthernetSwitchTests.frame(to: kodos, from: kang), from: "kang").isEmpty)
    #expect(network.passOn(EthernetSwitchTests.frame(to: kang, from: kodos), from: "kodos").isEmpty)
  }

  // MARK: The router

  private static let near = MachineWire(
    host: "kang",
    address: "10.88.1.10",
    hardwareAddress: "02:00:0a:58:01:0a",
    segment: "segment1",
    gateway: "10.88.1.1"
  )
  private static let far = MachineWire(
    host: "kodos",
    address: "10.88.2.20",
    hardwareAddress: "02:00:0a:58:02:14",
    segment: "segment2",
    gateway: "10.88.2.1"
  )
  private static let kangHardware: [UInt8] = [2, 0, 10, 0x58, 1, 10]
  private static let kodosHardware: [UInt8] = [2, 0, 10, 0x58, 2, 20]

  /// An ARP request of kang's for the address.
  private static func request(for address: [UInt8]) -> [UInt8] {
    broadcast + kangHardware + [8, 6, 0, 1, 8, 0, 6, 4, 0, 1] + kangHardware + [10, 88, 1, 10, 0, 0, 0, 0, 0, 0]
      + address
  }

  /// The router's address on kang's side, as it answers.
  private static func router(_ network: inout EthernetSwitch) throws -> [UInt8] {
    let answers = network.passOn(request(for: [10, 88, 1, 1]), from: "kang")
    #expect(answers.count == 1 && answers.first?.host == "kang")
    let answer = try #require(answers.first?.frame)
    #expect(Array(answer[0..<6]) == kangHardware)
    #expect(Array(answer[12..<22]) == [8, 6, 0, 1, 8, 0, 6, 4, 0, 2])
    #expect(Array(answer[6..<12]) == Array(answer[22..<28]))
    #expect(Array(answer[28..<42]) == [10, 88, 1, 1] + kangHardware + [10, 88, 1, 10])
    return Array(answer[6..<12])
  }

  /// An IPv4 packet from kang to the address, with a checksum that is right.
  private static func packet(to address: [UInt8], by router: [UInt8], timeToLive: UInt8 = 64) -> [UInt8] {
    var header: [UInt8] = [0x45, 0, 0, 20, 0, 1, 0x40, 0, timeToLive, 6, 0, 0, 10, 88, 1, 10] + address
    let sum = sum(header)
    (header[10], header[11]) = (UInt8(~sum >> 8 & 0xFF), UInt8(~sum & 0xFF))
    return router + kangHardware + [8, 0] + header
  }

  private static func sum(_ header: [UInt8]) -> UInt32 {
    var sum: UInt32 = 0
    for index in stride(from: 0, to: header.count, by: 2) {
      sum += UInt32(header[index]) << 8 | UInt32(header[index + 1])
    }
    while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
    return sum
  }

  @Test func theRouterAnswersForItselfAndSendsOn() throws {
    var network = EthernetSwitchTests.switched([EthernetSwitchTests.near, EthernetSwitchTests.far])
    let router = try EthernetSwitchTests.router(&network)
    for timeToLive in [UInt8](2...255) {
      let packet = EthernetSwitchTests.packet(to: [10, 88, 2, 20], by: router, timeToLive: timeToLive)
      let deliveries = network.passOn(packet, from: "kang")
      #expect(deliveries.map(\.host) == ["kodos"])
      let frame = try #require(deliveries.first?.frame)
      #expect(Array(frame[0..<6]) == EthernetSwitchTests.kodosHardware)
      #expect(Array(frame[6..<12]) != router && frame[6] == 2)
      #expect(frame[22] == timeToLive - 1)
      #expect(EthernetSwitchTests.sum(Array(frame[14..<34])) == 0xFFFF)
    }
  }

  @Test func whatTheRouterCannotSendOnItDropsInSilence() throws {
    var network = EthernetSwitchTests.switched([EthernetSwitchTests.near, EthernetSwitchTests.far])
    let router = try EthernetSwitchTests.router(&network)
    let packets = [
      EthernetSwitchTests.packet(to: [10, 88, 2, 21], by: router),
      EthernetSwitchTests.packet(to: [10, 88, 2, 20], by: router, timeToLive: 1),
      EthernetSwitchTests.packet(to: [10, 88, 1, 10], by: router),
    ]
    for packet in packets { #expect(network.passOn(packet, from: "kang").isEmpty) }
    // Nobody answers for a host, and a broadcast does not leave its segment.
    #expect(network.passOn(EthernetSwitchTests.request(for: [10, 88, 2, 20]), from: "kang").isEmpty)
    network.switchPower(of: "kodos", on: false)
    #expect(network.passOn(EthernetSwitchTests.packet(to: [10, 88, 2, 20], by: router), from: "kang").isEmpty)
  }

  @Test func hostileFramesNeverCrash() throws {
    var network = EthernetSwitchTests.switched([EthernetSwitchTests.near, EthernetSwitchTests.far])
    let router = try EthernetSwitchTests.router(&network)
    let packet = EthernetSwitchTests.packet(to: [10, 88, 2, 20], by: router)
    for length in 0..<packet.count { _ = network.passOn(Array(packet.prefix(length)), from: "kang") }
    let request = EthernetSwitchTests.request(for: [10, 88, 1, 1])
    for length in 0..<request.count { #expect(network.passOn(Array(request.prefix(length)), from: "kang").isEmpty) }
    var dice = Dice(seed: 4)
    for _ in 0..<3000 { _ = network.passOn(dice.damage(packet), from: "kang") }
  }
}
