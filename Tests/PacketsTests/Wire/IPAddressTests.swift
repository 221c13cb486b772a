import Testing

@testable import Packets

@Suite struct IPAddressTests {
  @Test(arguments: [
    "0.0.0.0", "10.88.88.139", "255.255.255.255", "::", "::1", "fd00::139", "fd00:1::1:0:0:1", "1:2:3:4:5:6:7:8",
    "1:0:3:4:5:6:7:8", "fe80::ff:fe00:201", "2001:db8::",
  ])
  func anAddressIsWrittenAsItIsRead(text: String) throws {
    let address = try #require(IPAddress(text))
    #expect(address.description == text)
    #expect(IPAddress(address.description) == address)
  }

  @Test(arguments: [("::ffff:10.0.0.1", "::ffff:a00:1"), ("FD00::1", "fd00::1"), ("0001:0:0:0:0:0:0:0", "1::")])
  func otherSpellingsMeanTheSame(text: String, canonical: String) throws {
    #expect(try #require(IPAddress(text)).description == canonical)
  }

  @Test(arguments: [
    "", ".", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.-4", "1.2.3.+4", "1..3.4", ":", ":::", "1::2::3",
    "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "12345::", "g::", "fe80::1%eth0", "1:2:3:4:5:6:7::8", "kang", "::+1",
    "::1.2.3",
  ])
  func whatIsNoAddressIsRefused(text: String) {
    #expect(IPAddress(text) == nil)
  }

  @Test func anInterfacesAddressIsWrittenInHexadecimal() {
    #expect(MACAddress(0x0200_0a58_588b).description == "02:00:0a:58:58:8b")
    #expect(
      MACAddress.broadcast.isGroup && MACAddress(0x0100_5e00_0001).isGroup && !MACAddress(0x0200_0000_0001).isGroup
    )
  }
}
