import Laboratory
import Sockets
import Testing

@testable import VirtualTime

/// What can be made again is made once, and again when it is no longer what it was.
@Suite struct GuestCacheTests {
  private static func withCache(_ body: (GuestCache) throws -> Void) throws {
    let base = try FileIO.makeTemporaryDirectory(in: "/tmp", prefix: "halfopen-cache-")
    defer { try? FileIO.remove(base) }
    try body(GuestCache(directory: base + "/deep/cache", capacity: 100_000))
  }

  /// Asks for an entry of one file; returns its path, and whether it was made.
  private static func ask(_ cache: GuestCache, _ key: String, _ text: String = "contents") throws -> (String, Bool) {
    var made = false
    let path = try cache.entry(key, files: ["file"]) { (files) throws(LaboratoryError) in
      made = true
      do { try FileIO.writeAll(Array(text.utf8), to: files[0]) } catch { throw LaboratoryError("\(error)") }
    }
    return (path, made)
  }

  @Test func anEntryIsMadeOnce() throws {
    try Self.withCache { cache in
      #expect(try Self.ask(cache, "key").1)
      let (path, made) = try Self.ask(cache, "key")
      #expect(!made)
      #expect(try FileIO.contents(of: path + "/file") == Array("contents".utf8))
      #expect(try Self.ask(cache, "other").1)
    }
  }

  @Test(arguments: ["shorter", "same length", "gone", "list", "entry"])
  func aDamagedEntryIsMadeAgain(damage: String) throws {
    try Self.withCache { cache in
      let (path, _) = try Self.ask(cache, "key")
      switch damage {
      case "shorter": try FileIO.write("cont", toNew: path + "/file")
      case "same length": try FileIO.write("CONTENTS", toExisting: path + "/file")
      case "gone": try FileIO.remove(path + "/file")
      case "list": try FileIO.write("nonsense", toNew: path + "/list")
      default: try FileIO.remove(path)
      }
      #expect(try Self.ask(cache, "key").1)
      #expect(try FileIO.contents(of: path + "/file") == Array("contents".utf8))
      #expect(try !Self.ask(cache, "key").1)
    }
  }

  @Test func whatFailsLeavesNothing() throws {
    try Self.withCache { cache in
      #expect(throws: LaboratoryError("no")) {
        try cache.entry("key", files: ["file"]) { (_) throws(LaboratoryError) in throw LaboratoryError("no") }
      }
      let names = try FileIO.names(in: cache.directory)
      #expect(names == ["lock"])
    }
  }

  @Test func whatIsBeingMadeHasNoName() throws {
    try Self.withCache { cache in
      _ = try cache.entry("key", files: ["file"]) { (files) throws(LaboratoryError) in
        do { try FileIO.writeAll([1, 2, 3], to: files[0]) } catch { throw LaboratoryError("\(error)") }
        #expect((try? FileIO.names(in: cache.directory)) == ["lock"])
      }
    }
  }

  @Test func whatAKilledProgramLeftIsRemoved() throws {
    try Self.withCache { cache in
      try FileIO.makeDirectories(cache.directory + "/other.new")
      try FileIO.write("half", toNew: cache.directory + "/other.new/file")
      _ = try Self.ask(cache, "key")
      #expect(try Set(FileIO.names(in: cache.directory)) == ["lock", "key"])
    }
  }

  @Test func aDirectoryThatCannotBeWrittenIsNamed() throws {
    let cache = GuestCache(directory: "/proc/halfopen", capacity: 1)
    let error = #expect(throws: LaboratoryError.self) { try Self.ask(cache, "key") }
    #expect(error?.message.hasPrefix("the cache of guests in /proc/halfopen: mkdir") == true)
  }

  @Test func theLongestUnusedGoesWhenThereIsNoRoom() throws {
    try Self.withCache { cache in
      let small = GuestCache(directory: cache.directory, capacity: 15_000)
      let text = String(repeating: "x", count: 9_000)
      for key in ["a", "b"] { _ = try Self.ask(small, key, text) }
      Files.age(small.directory + "/b", seconds: 100)
      _ = try Self.ask(small, "c", text)
      #expect(try !Self.ask(small, "a", text).1)
      #expect(try Self.ask(small, "b", text).1)
    }
  }
}
