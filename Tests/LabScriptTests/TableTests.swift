import Sockets
import Testing

@testable import LabScript

/// The tables of names against those of the C library and of the kernel that the tests run on.
@Suite struct TableTests {
  @Test func errorsAreThoseOfTheCLibrary() {
    let names = Set((1...133).map { Errno(rawValue: $0).name }.filter { $0.hasPrefix("E") })
    #expect(names == ErrorNames.errors)
    #expect(Set(ErrorNames.synonyms.values).isSubset(of: names))
    #expect(Set(ErrorNames.synonyms.keys).isDisjoint(with: names))
  }

  @Test(arguments: SystemCallKnowledge.names)
  func callsGiveErrorsThatExist(name: String) throws {
    let knowledge = try #require(SystemCallKnowledge.of(name))
    #expect(!knowledge.errors.isEmpty)
    #expect(knowledge.errors.isSubset(of: ErrorNames.errors))
  }

  @Test func kernelSettingsAreThoseOfTheKernel() throws {
    let present = try FileIO.names(in: "/proc/sys/net/ipv4").filter { $0.hasPrefix("tcp_") }
    try #require(present.count > 50)
    for name in present {
      #expect(
        KernelSettingTable.kind(of: name) != nil || KernelSettingTable.wholeMachine.contains(name),
        "\(name) is not known"
      )
    }
    #expect(KernelSettingTable.wholeMachine.isDisjoint(with: KernelSettingTable.names))
  }

  /// What the kernel has a setting to lies within what the table allows it.
  @Test func kernelSettingsAreInTheirRange() throws {
    for name in KernelSettingTable.names {
      guard let kind = KernelSettingTable.kind(of: name),
        let bytes = try? FileIO.contents(of: "/proc/sys/net/ipv4/" + name)
      else { continue }
      let words = String(decoding: bytes, as: UTF8.self).split { " \t\n".contains($0) }
      switch kind {
      case .word: #expect(words.count == 1, "\(name)")
      case .sizes: #expect(words.count == 3, "\(name)")
      case .number(let range, _):
        #expect(words.count == 1 && words.first.flatMap { Int64($0) }.map(range.contains) == true, "\(name)")
      }
    }
  }

  @Test func theLanguagesWordsAreReserved() {
    for word in Vocabulary.statementWords { #expect(Vocabulary.reserved.contains(word)) }
    #expect(Vocabulary.statementWords.allSatisfy { Vocabulary.form(of: $0) != nil })
  }

  @Test func theNearestWordIsMeant() {
    #expect(Spelling.nearest(to: "poweroff", in: ["power", "reboot"]) == "power")
    #expect(Spelling.nearest(to: "cleint", in: ["server", "client"]) == "client")
    #expect(Spelling.nearest(to: "Kill", in: ["kill"]) == "kill")
    #expect(Spelling.nearest(to: "x", in: ["a", "b"]) == nil)
    #expect(Spelling.nearest(to: "", in: ["a", ""]) == nil)
    #expect(Spelling.nearest(to: "frobnicate", in: Vocabulary.statementWords) == nil)
    #expect(Spelling.nearest(to: String(repeating: "x", count: 41), in: [String(repeating: "x", count: 41)]) == nil)
  }
}
