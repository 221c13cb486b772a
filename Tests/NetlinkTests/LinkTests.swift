import Sockets
import Testing

@testable import Netlink

@Suite struct LinkTests {
  /// A message about a link: `struct ifinfomsg` with these flags, and its name as attribute 3 (IFLA_IFNAME).
  private func message(type: UInt16, flags: UInt32, name: String) throws -> NetlinkMessage {
    var payload: [UInt8] = [0, 0, 1, 0, 7, 0, 0, 0]
    NetlinkMessage.append(flags, to: &payload)
    NetlinkMessage.append(UInt32(0), to: &payload)
    NetlinkMessage.append(UInt16(5 + name.utf8.count), to: &payload)
    NetlinkMessage.append(UInt16(3), to: &payload)
    payload += Array(name.utf8) + [0]
    payload += [UInt8](repeating: 0, count: NetlinkMessage.aligned(payload.count) - payload.count)
    let bytes = NetlinkMessage.request(type: type, flags: 0, sequence: 0, payload: payload)
    return try #require(NetlinkMessage.all(in: ByteReader(bytes)).first)
  }

  @Test(arguments: [
    // RTM_NEWLINK: up, with and without IFF_RUNNING (0x40).
    (UInt16(16), UInt32(0x1043), true), (16, 0x1003, false),
    // RTM_DELLINK: gone, whatever the flags.
    (17, 0x1043, false),
  ])
  func aNoticeTellsWhetherTheLinkPassesPacketsOn(type: UInt16, flags: UInt32, isRunning: Bool) throws {
    let link = try #require(LinkMessage(try message(type: type, flags: flags, name: "kodos")))
    #expect(link.name == "kodos")
    #expect(link.isRunning == isRunning)
  }

  @Test func whatIsAboutSomethingElseIsPassedOver() throws {
    // RTM_NEWADDR.
    #expect(LinkMessage(try message(type: 20, flags: 0x1043, name: "kodos")) == nil)
    let torn = NetlinkMessage.request(type: 16, flags: 0, sequence: 0, payload: [0, 0, 1, 0, 7, 0])
    #expect(LinkMessage(try #require(NetlinkMessage.all(in: ByteReader(torn)).first)) == nil)
  }

  @Test func aLinkThatRunsAlreadyIsNotWaitedFor() throws {
    // Every namespace that anything runs in has its loopback link; looked at, nothing is changed.
    #expect(try LinkWatch().awaitRunning("lo", until: Clock.monotonic + 60_000_000_000))
  }

  @Test func aLinkThatNeverComesIsGivenUp() throws {
    #expect(try !LinkWatch().awaitRunning("nowhere", until: Clock.monotonic + 20_000_000))
  }
}
