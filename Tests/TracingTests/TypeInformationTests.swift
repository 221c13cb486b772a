import Testing

@testable import Tracing

@Suite struct TypeInformationTests {
  /// BTF with an integer, a pointer, an enumeration, and two structures of which the second has a bit field.
  static func example() -> [UInt8] {
    let strings = "\0int\0sock_common\0skc_net\0net\0net_cookie\0skc_net_refcnt\0color\0red\0"
    func name(_ text: String) -> UInt32 {
      let all = Array(strings.utf8)
      let wanted = [0] + Array(text.utf8) + [0]
      return UInt32(all.indices.first { all[$0...].starts(with: wanted) } ?? 0) + 1
    }
    func info(_ kind: UInt32, _ count: UInt32, flag: Bool = false) -> UInt32 {
      (flag ? 1 << 31 : 0) | kind << 24 | count
    }
    let types: [UInt32] = [
      name("int"), info(1, 0), 4, 32,
      0, info(2, 0), 1,
      name("color"), info(6, 1), 4, name("red"), 0,
      name("sock_common"), info(4, 2), 16, name("skc_net_refcnt"), 1, 4, name("skc_net"), 2, 64,
      name("net"), info(4, 1, flag: true), 32, name("net_cookie"), 1, 8 << 24 | 192,
    ]
    func bytes(_ words: [UInt32]) -> [UInt8] {
      words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
    }
    let header: [UInt32] = [24, 0, UInt32(4 * types.count), UInt32(4 * types.count), UInt32(strings.utf8.count)]
    return [0x9F, 0xEB, 1, 0] + bytes(header) + bytes(types) + Array(strings.utf8)
  }

  @Test func membersAreFoundInNamedStructures() throws {
    let types = try #require(TypeInformation(TypeInformationTests.example()))
    #expect(types.offset(of: "skc_net", in: "sock_common") == 8)
    #expect(types.offset(of: "net_cookie", in: "net") == 24)
    // It begins within a byte.
    #expect(types.offset(of: "skc_net_refcnt", in: "sock_common") == nil)
    #expect(types.offset(of: "net_cookie", in: "sock_common") == nil)
    #expect(types.offset(of: "nothing", in: "net") == nil)
  }

  @Test func cutOffAndGarbledInformationDoesNotCrash() {
    let whole = TypeInformationTests.example()
    for length in 0..<whole.count {
      _ = TypeInformation(Array(whole[..<length]))?.offset(of: "net_cookie", in: "net")
    }
    for place in whole.indices {
      for byte: UInt8 in [0, 1, 127, 128, 255] {
        var garbled = whole
        garbled[place] = byte
        _ = TypeInformation(garbled)?.offset(of: "net_cookie", in: "net")
      }
    }
    #expect(TypeInformation([]) == nil)
  }
}
