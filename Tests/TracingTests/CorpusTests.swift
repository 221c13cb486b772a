import Sockets
import Testing

@testable import Tracing

/// What the fuzzer begins with, and every input that ever crashed a decoder: `fuzz/corpus/tracing`.
@Suite struct CorpusTests {
  private static let folder =
    #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/fuzz/corpus/tracing"

  @Test func everyInputOfTheCorpusIsReadOrRefused() throws {
    let names = try FileIO.names(in: CorpusTests.folder)
    #expect(names.count >= 2)
    var (formats, types) = (0, 0)
    for name in names {
      let bytes = try FileIO.contents(of: "\(CorpusTests.folder)/\(name)")
      if TracepointFormat(Array(bytes.dropFirst())) != nil { formats += 1 }
      if TypeInformation(Array(bytes.dropFirst()))?.offset(of: "skc_net", in: "sock_common") != nil { types += 1 }
    }
    #expect(formats >= 1)
    #expect(types >= 1)
  }
}
