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

  /// The path of every lab, in all folders but `broken`, below `labs`.
  static let all: [String] = paths(below: "labs")

  private static func paths(below folder: String) -> [String] {
    let names = ((try? FileIO.names(in: BrokenLabTests.root + "/" + folder)) ?? []).sorted()
    return names.flatMap { name -> [String] in
      let path = folder + "/" + name
      if FileIO.isDirectory(BrokenLabTests.root + "/" + path) { return name == "broken" ? [] : paths(below: path) }
      return name.hasSuffix(".lab") ? [path] : []
    }
  }

  @Test(arguments: all)
  func isRightInEveryVariantAndInBothFamilies(path: String) throws {
    let text = try FileIO.contents(of: BrokenLabTests.root + "/" + path)
    func read(_ variant: String?, _ family: AddressFamily?) throws -> Script {
      switch Script.read(text: text, path: path, variant: variant, family: family) {
      case .script(let script): return script
      case .mistakes(let mistakes):
        Issue.record("\(mistakes.map(\.rendered).joined())")
        throw mistakes[0]
      }
    }
    let script = try read(nil, nil)
    for variant in script.variants {
      let short = try read(variant.name, nil)
      #expect(
        short.parameters.contains { $0.value != $0.defaultValue },
        "the variant '\(variant.name)' changes nothing"
      )
    }
    if script.onlyIPv4 == nil { #expect(try read(nil, .ipv6).family == .ipv6) }
  }

  @Test(arguments: ["poweroff", "retransmit"])
  func hasAQuickVariant(name: String) throws {
    let script = try read(name, settings: [("tcp_retries2", "5")])
    #expect(script.sysctls.map(\.name) == ["net.ipv4.tcp_retries2"])
    #expect(script.sysctls.map(\.value) == ["5"])
    #expect(try read(name).sysctls.map(\.value) == ["15"])
    #expect(try read(name).variants.map(\.name) == ["short"])
  }
}
