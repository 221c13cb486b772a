import Testing

@testable import Tracing

@Suite struct TracepointFormatTests {
  @Test func aFormatFileTellsWhereEverythingIs() throws {
    let format = try #require(TracepointFormat(Array(Formats.setState.utf8)))
    #expect(format.number == 2287)
    #expect(format.fields["skaddr"] == .init(offset: 8, size: 8))
    #expect(format.fields["sport"] == .init(offset: 24, size: 2))
    #expect(format.fields["daddr_v6"] == .init(offset: 56, size: 16))
    #expect(format.fields.count == 15)
    #expect(format.size == 72)
    #expect(format.names["oldstate"] == [1: "TCP_ESTABLISHED", 2: "TCP_SYN_SENT"])
  }

  @Test func namesWithoutNumbersAreLeftOut() throws {
    let format = try #require(TracepointFormat(Array(Formats.sendReset.utf8)))
    #expect(format.names["reason"] == [0: "NOT_SPECIFIED", 8: "TCP_ABORT_ON_DATA", 14: "TCP_STATE"])
    #expect(format.names["state"] == nil)
  }

  @Test(arguments: [
    "", "ID: 1", "ID: x\n\tfield:int a;\toffset:0;\tsize:4;\tsigned:1;",
    "ID: 1\n\tfield:int a;\toffset:-4;\tsize:4;\tsigned:1;", "ID: 1\n\tfield:int a;\toffset:0;\tsize:0;\tsigned:1;",
    "ID: 1\n\tfield:int a;\toffset:0;\tsize:400;\tsigned:1;",
    "ID: 1\n\tfield:int a;\toffset:9223372036854775807;\tsize:4;\tsigned:1;",
  ])
  func whatIsNoFormatIsRefused(text: String) {
    #expect(TracepointFormat(Array(text.utf8)) == nil)
  }

  @Test func cutOffAndGarbledFilesDoNotCrash() {
    let whole = Array(Formats.sendReset.utf8)
    for length in 0..<whole.count { _ = TracepointFormat(Array(whole[..<length])) }
    for place in stride(from: 0, to: whole.count, by: 3) {
      for byte in [UInt8(ascii: "\n"), 0, 255, UInt8(ascii: "{"), UInt8(ascii: ";")] {
        var garbled = whole
        garbled[place] = byte
        _ = TracepointFormat(garbled)
      }
    }
  }
}
