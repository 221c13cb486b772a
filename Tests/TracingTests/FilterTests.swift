import Testing

@testable import Tracing

@Suite struct FilterTests {
  static let surroundings = Filter.Surroundings(namespaces: 7, ring: 8, namespaceOffset: 48, cookieOffset: 4160)

  @Test(arguments: [Formats.setState, Formats.sendReset, Formats.retransmitSynAck])
  func aFilterReadsTheRecordAndNothingBehindIt(text: String) throws {
    let format = try #require(TracepointFormat(Array(text.utf8)))
    let filter = try #require(Filter(format, kind: 3, FilterTests.surroundings))
    var read: Set<Int> = []
    for instruction in filter.instructions where instruction.source == 6 {
      guard let width = [0x79: 8, 0x61: 4, 0x69: 2, 0x71: 1][Int(instruction.code)] else { continue }
      #expect(Int(instruction.offset) % width == 0)
      read.formUnion(Int(instruction.offset)..<Int(instruction.offset) + width)
    }
    #expect(read == Set(8..<format.size))
  }

  @Test func everyWayOutAnswersOne() throws {
    let format = try #require(TracepointFormat(Array(Formats.setState.utf8)))
    let filter = try #require(Filter(format, kind: 0, FilterTests.surroundings))
    let code = filter.instructions
    #expect(code.suffix(2) == [.init(code: 0xB7, immediate: 1), .init(code: 0x95)])
    let jumps = code.indices.filter { code[$0].code == 0x15 }
    #expect(jumps.count == 3)
    for jump in jumps { #expect(jump + 1 + Int(code[jump].offset) == code.count - 2) }
    // The kernel allows 512 bytes of stack.
    #expect(code.filter { $0.destination == 10 }.allSatisfy { $0.offset >= -512 && $0.offset < 0 })
  }

  @Test func anInstructionIsEightBytes() {
    let instruction = Filter.Instruction(code: 0x79, destination: 7, source: 10, offset: -8, immediate: -2)
    #expect(instruction.bytes == [0x79, 0xA7, 0xF8, 0xFF, 0xFE, 0xFF, 0xFF, 0xFF])
  }

  @Test func aRecordWithoutASocketHasNoFilter() throws {
    let format = try #require(TracepointFormat(Array("ID: 1\n\tfield:int a;\toffset:8;\tsize:4;\tsigned:1;".utf8)))
    #expect(Filter(format, kind: 0, FilterTests.surroundings) == nil)
  }
}
