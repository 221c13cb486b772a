import Sockets
import Testing

@testable import VirtualTime

/// The archive that the kernel unpacks, and the tree that is made into one.
@Suite struct ArchiveTests {
  /// An entry as a reader of the format finds it.
  private struct Entry: Equatable {
    var name: String
    var mode: Int
    var contents: [UInt8]
    var device: [Int]
  }

  private static func entries(_ bytes: [UInt8]) throws -> [Entry] {
    var entries: [Entry] = []
    var place = 0
    while place < bytes.count {
      try #require(place % 4 == 0 && bytes.count - place >= 110)
      #expect(Array(bytes[place..<place + 6]) == Array("070701".utf8))
      let fields = try (0..<13).map { index in
        let start = place + 6 + index * 8
        return try #require(Int(String(decoding: bytes[start..<start + 8], as: UTF8.self), radix: 16))
      }
      let name = bytes[(place + 110)..<(place + 110 + fields[11])]
      #expect(name.last == 0)
      let data = (place + 110 + fields[11] + 3) / 4 * 4
      entries.append(
        Entry(
          name: String(decoding: name.dropLast(), as: UTF8.self),
          mode: fields[1],
          contents: Array(bytes[data..<data + fields[6]]),
          device: [fields[9], fields[10]]
        )
      )
      place = (data + fields[6] + 3) / 4 * 4
    }
    return entries
  }

  @Test func everyKindOfEntryIsWhatAReaderOfTheFormatFinds() throws {
    var archive = ArchiveWriter()
    archive.addDirectory("dev")
    archive.addDevice("dev/console", permissions: 0o600, major: 5, minor: 1)
    archive.addFile("init", permissions: 0o755, Array("hello".utf8))
    archive.addLink("bin", to: "usr/bin")
    archive.finish()
    let entries = try Self.entries(archive.bytes)
    #expect(
      entries == [
        Entry(name: "dev", mode: 0o040755, contents: [], device: [0, 0]),
        Entry(name: "dev/console", mode: 0o020600, contents: [], device: [5, 1]),
        Entry(name: "init", mode: 0o100755, contents: Array("hello".utf8), device: [0, 0]),
        Entry(name: "bin", mode: 0o120777, contents: Array("usr/bin".utf8), device: [0, 0]),
        Entry(name: "TRAILER!!!", mode: 0, contents: [], device: [0, 0]),
      ]
    )
  }

  @Test func aTreeMirrorsFilesWithTheLinksOnTheWayToThem() throws {
    let base = try FileIO.makeTemporaryDirectory(in: "/tmp", prefix: "halfopen-tree-")
    defer { try? FileIO.remove(base) }
    try FileIO.makeDirectories(base + "/real/deep")
    try FileIO.write("text", toNew: base + "/real/deep/file")
    try #require(Files.link("real", at: base + "/relative"))
    try #require(Files.link(base + "/relative/deep", at: base + "/absolute"))
    try #require(Files.link("loop", at: base + "/loop"))
    var tree = GuestTree()
    #expect(tree.mirror(base + "/absolute/./x/../file") == nil, "x is not there")
    #expect(tree.mirror(base + "/absolute/file") == base + "/real/deep/file")
    #expect(tree.nodes[base + "/absolute"] == .link(to: base + "/relative/deep"))
    #expect(tree.nodes[base + "/relative"] == .link(to: "real"))
    #expect(tree.nodes[base + "/real/deep"] == .directory)
    #expect(tree.mirror(base + "/loop/file") == nil)
    #expect(tree.size == 4096)

    let identity = tree.identity
    let archive = try tree.archive()
    #expect(try tree.archive() == archive, "the same tree gives the same bytes")
    let names = try Self.entries(archive).map(\.name)
    for name in names where name.contains("/") {
      let parent = String(name[..<(name.lastIndex(of: "/") ?? name.startIndex)])
      #expect(names.contains(parent), "the kernel makes no directory by itself")
    }
    try FileIO.write("others", toNew: base + "/real/deep/file")
    var changed = GuestTree()
    changed.mirror(base + "/absolute/file")
    #expect(changed.identity != identity)
  }

  @Test func aWholeDirectoryIsMirroredWithWhatIsBelowIt() throws {
    let base = try FileIO.makeTemporaryDirectory(in: "/tmp", prefix: "halfopen-tree-")
    defer { try? FileIO.remove(base) }
    try FileIO.makeDirectories(base + "/a/empty")
    try FileIO.write("1", toNew: base + "/a/one")
    var tree = GuestTree()
    tree.mirror(base + "/a")
    #expect(tree.nodes[base + "/a/empty"] == .directory)
    #expect(tree.nodes[base + "/a/one"] != nil)
  }
}
