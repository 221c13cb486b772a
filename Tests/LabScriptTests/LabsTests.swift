import LabScript
import Sockets
import Testing

/// The labs of `labs/`: each is right, and says what a lab should.
@Suite struct LabsTests {
  static let names: [String] = {
    let files = (try? FileIO.names(in: BrokenLabTests.root + "/labs")) ?? []
    return files.filter { $0.hasSuffix(".lab") }.map { String($0.dropLast(4)) }.sorted()
  }()

  private func read(_ name: String, settings: [(name: String, value: String)] = []) throws -> Script {
    let bytes = try FileIO.contents(of: BrokenLabTests.root + "/labs/\(name).lab")
    return try script(String(decoding: bytes, as: UTF8.self), settings: settings)
  }

  @Test func areThere() {
    #expect(
      Set(LabsTests.names).isSuperset(of: ["warmup", "reboot", "powercycle", "poweroff", "halfopen", "retransmit"])
    )
  }

  @Test(arguments: names)
  func hasQuestionAnswerAndExpectationsOnBothSides(name: String) throws {
    let script = try read(name)
    #expect(!script.title.isEmpty && !script.question.isEmpty && !script.answer.isEmpty)
    #expect(!script.published.isEmpty)
    let sides = script.steps.compactMap { step -> String? in
      guard case .expect(let expectation) = step.action else { return nil }
      let subject = expectation.condition.subject
      return script.peers.first { $0.name == subject }?.host ?? subject
    }
    #expect(Set(sides) == Set(script.hosts.map(\.name)))
  }

  @Test(arguments: ["poweroff", "retransmit"])
  func hasAQuickVariant(name: String) throws {
    let script = try read(name, settings: [("tcp_retries2", "5")])
    #expect(script.sysctls.map(\.name) == ["net.ipv4.tcp_retries2"])
    #expect(script.sysctls.map(\.value) == ["5"])
    #expect(try read(name).sysctls.map(\.value) == ["15"])
  }
}
