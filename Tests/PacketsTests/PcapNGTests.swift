import Glibc
import Testing

@testable import Packets

@Suite struct PcapNGTests {
  @Test func aBlockIsLaidOutAsTheFormatSays() {
    var writer = PcapNG()
    #expect(
      writer.header(application: "halfopen")
        == Golden.bytes(hexadecimal: "0a0d0d0a 2c000000 4d3c2b1a 0100 0000 ffffffffffffffff 0400 0800")
        + Array("halfopen".utf8) + Golden.bytes(hexadecimal: "00000000 2c000000")
    )
    let (number, interface) = writer.interface(.init(name: "kang:eth0", description: "", snapLength: 256))
    #expect(number == 0)
    #expect(
      interface
        == Golden.bytes(hexadecimal: "01000000 30000000 0100 0000 00010000 0200 0900")
        + Array("kang:eth0".utf8) + Golden.bytes(hexadecimal: "000000 0900 0100 09000000 00000000 30000000")
    )
    let packet = writer.packet(
      .init(
        interface: 0,
        time: 0x1_0000_0002,
        bytes: [1, 2, 3],
        length: 9,
        direction: .outbound,
        comments: ["lost", ""]
      )
    )
    #expect(
      packet
        == Golden.bytes(
          hexadecimal: """
            06000000 38000000 00000000 01000000 02000000 03000000 09000000 01020300
            0100 0400 6c6f7374 0200 0400 02000000 00000000 38000000
            """
        )
    )
  }

  @Test func aPacketOfAnInterfaceThatWasNotDescribedIsNotWritten() {
    let writer = PcapNG()
    #expect(writer.packet(.init(interface: 0, time: 0, bytes: [1])).isEmpty)
    #expect(writer.statistics(of: 0, .init(start: 0, end: 0, received: 0, dropped: 0)).isEmpty)
  }

  @Test func aLongCommentIsCutBetweenCharacters() {
    var writer = PcapNG()
    _ = writer.interface(.init(name: "a", description: ""))
    let block = writer.packet(
      .init(interface: 0, time: 0, bytes: [], comments: [String(repeating: "→", count: 30_000)])
    )
    // 10922 characters of three bytes are the most below 32 KiB.
    #expect(Int(block[30]) | Int(block[31]) << 8 == 10922 * 3)
  }

  /// A file of the two ends of the recorded silence, with a comment on each lost packet.
  private func file() -> [UInt8] {
    var writer = PcapNG()
    var bytes = writer.header(hardware: "a test", system: "Linux", application: "halfopen")
    let start: Int64 = 1_790_000_000_000_000_001
    for (name, description) in [("kang:eth0", "kang's end of its wire"), ("kodos:eth0", "kodos's end of its wire")] {
      bytes += writer.interface(.init(name: name, description: description)).bytes
    }
    let recordings = [Golden.backoffAtKang, Golden.backoffAtKodos].map { Golden.records($0) }
    for (interface, records) in recordings.enumerated() {
      for (index, record) in records.enumerated() {
        let isOutbound = (record.packet.ip?.source == Golden.kang) == (interface == 0)
        bytes += writer.packet(
          .init(
            interface: interface,
            time: start + record.time,
            bytes: record.bytes,
            direction: isOutbound ? .outbound : .inbound,
            comments: interface == 0 && index >= 3 ? ["lost: nothing arrived at kodos"] : []
          )
        )
      }
    }
    for (interface, records) in recordings.enumerated() {
      bytes += writer.statistics(
        of: interface,
        .init(start: start, end: start + 7_000_000_000, received: UInt64(records.count), dropped: 0)
      )
    }
    return bytes
  }

  /// What a shell command prints, with a file of these bytes as its last word.
  private func run(_ command: String, on bytes: [UInt8]) throws -> (text: String, status: CInt) {
    var path = Array("/tmp/halfopen-pcapng-XXXXXX".utf8CString)
    let descriptor = unsafe mkstemp(&path)
    try #require(descriptor >= 0)
    let name = String(decoding: path.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    defer { _ = unsafe unlink(name) }
    let written = unsafe bytes.withUnsafeBytes { unsafe write(descriptor, $0.baseAddress, $0.count) }
    close(descriptor)
    try #require(written == bytes.count)
    guard let pipe = unsafe popen("\(command) \(name) 2>&1", "r") else { return ("popen failed", -1) }
    var text: [UInt8] = []
    while true {
      let character = unsafe fgetc(pipe)
      if character == EOF { break }
      text.append(UInt8(truncatingIfNeeded: character))
    }
    let status = unsafe pclose(pipe)
    return (String(decoding: text, as: UTF8.self), status)
  }

  private static func isInstalled(_ program: String) -> Bool { unsafe system("command -v \(program) >/dev/null") == 0 }

  @Test(.enabled(if: isInstalled("tcpdump"), "tcpdump is not installed"))
  func tcpdumpReadsItWithoutAComplaint() throws {
    let (text, status) = try run("tcpdump -n -tt --nano -r", on: file())
    let lines = text.split(separator: "\n")
    #expect(status == 0)
    // One line says what is read; each of the 13 packets has one.
    #expect(lines.count == 14 && lines.first?.hasPrefix("reading from file") == true)
    #expect(lines.dropFirst().allSatisfy { $0.hasPrefix("179000000") && $0.contains("10.88.1.10") })
    #expect(lines.dropFirst().first?.hasPrefix("1790000000.000000001 IP 10.88.1.10.38706 > 10.88.2.20.8080") == true)
  }

  @Test(.enabled(if: isInstalled("tshark"), "tshark is not installed"))
  func tsharkReadsItWithoutAComplaint() throws {
    let fields =
      "-e frame.interface_name -e frame.interface_description -e frame.comment -e frame.packet_flags_direction"
    let (text, status) = try run(
      "HOME=/nonexistent tshark -n -T fields -E separator='|' \(fields) -r",
      on: file()
    )
    let lines = text.split(separator: "\n").filter { !$0.contains("Running as user") }
    #expect(status == 0)
    #expect(lines.count == 13)
    // Versions differ in how they write the direction's number.
    #expect(lines.first?.hasPrefix("kang:eth0|kang's end of its wire||") == true && lines.first?.hasSuffix("2") == true)
    #expect(lines.filter { $0.contains("lost: nothing arrived at kodos") }.count == 7)
    #expect(lines.last?.hasPrefix("kodos:eth0|kodos's end of its wire||") == true && lines.last?.hasSuffix("1") == true)
  }

  @Test(.enabled(if: isInstalled("capinfos"), "capinfos is not installed"))
  func capinfosReadsItWithoutAComplaint() throws {
    let (text, status) = try run("capinfos -t -c -I -E -F -S -a", on: file())
    #expect(status == 0)
    for fact in [
      "pcapng", "Number of packets:   13", "nanoseconds (9)", "Number of interfaces in file: 2",
      "Name = kang:eth0", "Description = kodos's end of its wire", "Capture application: halfopen",
    ] {
      #expect(text.contains(fact), "\(fact) in:\n\(text)")
    }
  }
}
