import Testing

@testable import VirtualTime

@Suite struct ElfFileTests {
  private static let file = Made.elf(
    sections: [(".text", [1, 2, 3]), (".modinfo", [7, 8]), (".empty", [])],
    note: Made.number(4, 4) + Made.number(1, 4) + Made.number(5, 4) + Array("GNU\0".utf8) + [9, 0, 0, 0]
      + Made.entryNote
  )

  @Test func aSectionIsFoundByItsWholeName() throws {
    let file = try #require(ElfFile(ElfFileTests.file))
    #expect(file.section(".modinfo").map(Array.init) == [7, 8])
    #expect(file.section(".text").map(Array.init) == [1, 2, 3])
    #expect(file.section(".empty").map(Array.init) == [])
    #expect(file.section(".mod") == nil)
    #expect(file.section("modinfo") == nil)
  }

  @Test func theEntryNoteIsFoundAmongOthers() throws {
    #expect(try #require(ElfFile(ElfFileTests.file)).hasDirectEntry)
    #expect(try !#require(ElfFile(Made.elf(sections: [], note: []))).hasDirectEntry)
    let other = Made.number(4, 4) + Made.number(8, 4) + Made.number(17, 4) + Array("Xen\0".utf8) + Made.number(0, 8)
    #expect(try !#require(ElfFile(Made.elf(sections: [], note: other))).hasDirectEntry)
  }

  @Test func whatIsNotLoadedIsLeftOut() throws {
    // The one program header becomes that of a segment to load.
    var bytes = ElfFileTests.file
    bytes[64] = 1
    let note = bytes.count - 64 - 56
    let file = try #require(ElfFile(bytes))
    let length = try #require(file.loadedLength)
    #expect(length > 64 + 56 && length < 64 + 56 + note)
    // Its beginning is enough to know that.
    #expect(ElfFile(Array(bytes.prefix(64 + 56)))?.loadedLength == length)
    let loaded = file.loaded
    #expect(loaded.count == length)
    #expect(loaded[64...] == bytes[64..<length])
    #expect(try #require(ElfFile(loaded)).section(".text") == nil)
    #expect(try #require(ElfFile(ElfFileTests.file)).loaded == ElfFileTests.file)
  }

  @Test func otherFilesAreRefused() {
    #expect(ElfFile([]) == nil)
    #expect(ElfFile(Array("#!/bin/sh\n".utf8)) == nil)
    var narrow = ElfFileTests.file
    narrow[4] = 1
    #expect(ElfFile(narrow) == nil)
  }

  @Test func aTruncatedFileIsAnsweredAtEveryLength() {
    for length in 0..<ElfFileTests.file.count {
      guard let file = ElfFile(Array(ElfFileTests.file.prefix(length))) else { continue }
      if let section = file.section(".modinfo") { #expect(Array(section) == [7, 8]) }
      _ = file.hasDirectEntry
    }
  }

  @Test func damagedHeadersNeverCrash() {
    var dice = Dice(seed: 1)
    var found = 0
    for _ in 0..<3000 {
      guard let file = ElfFile(dice.damage(ElfFileTests.file)) else { continue }
      if file.section(".modinfo") != nil { found += 1 }
      _ = file.hasDirectEntry
    }
    #expect(found > 0)
  }
}
