import LabScript
import Sockets
import Testing

/// The lab scripts that must be refused: `labs/broken/NAME.lab`, each with what is said of it in `NAME.expected`.
@Suite struct BrokenLabTests {
  /// The repository's folder, where the paths in the expected texts begin.
  static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

  static let names: [String] = {
    let files = (try? FileIO.names(in: root + "/labs/broken")) ?? []
    return files.filter { $0.hasSuffix(".lab") }.map { String($0.dropLast(4)) }.sorted()
  }()

  @Test func areThere() {
    #expect(BrokenLabTests.names.count > 150)
  }

  @Test(arguments: names)
  func isRefusedWithItsMessage(name: String) throws {
    let path = "labs/broken/\(name).lab"
    let bytes = try FileIO.contents(of: BrokenLabTests.root + "/" + path)
    let expected = try FileIO.contents(of: BrokenLabTests.root + "/labs/broken/\(name).expected")
    guard case .mistakes(let mistakes) = Script.read(text: bytes, path: path) else {
      Issue.record("\(path) is read without a mistake")
      return
    }
    let text = mistakes.map { $0.rendered + "\n" }.joined(separator: "\n")
    #expect(text == String(decoding: expected, as: UTF8.self))
  }

  /// Every mistake stands in a line of its own, but for the two files that show how several are told.
  @Test(arguments: names)
  func tellsOneMistake(name: String) throws {
    let expected = try FileIO.contents(of: BrokenLabTests.root + "/labs/broken/\(name).expected")
    let lines = String(decoding: expected, as: UTF8.self).split(separator: "\n")
    let heads = lines.filter { $0.hasPrefix("labs/broken/\(name).lab") }
    switch name {
    case "all-at-once": #expect(heads.count == 9)
    case "comments-only": #expect(heads.count == 3)
    default: #expect(heads.count == 1)
    }
  }
}
