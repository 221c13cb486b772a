import Sockets
import Testing

@Suite struct FileTreeTests {
  @Test func directoriesAreMadeAndRemovedWithAllThatIsInThem() throws {
    let base = try FileIO.makeTemporaryDirectory(in: "/tmp", prefix: "halfopen-tree-")
    defer { try? FileIO.remove(base) }
    try FileIO.makeDirectories(base + "/a/b/c")
    try FileIO.makeDirectories(base + "/a/b/c")
    try FileIO.write("12345", toNew: base + "/a/b/file")
    let status = try #require(FileIO.status(of: base + "/a/b/file"))
    #expect(status.size == 5 && status.isFile && !status.isDirectory && status.modified > 1_000_000_000_000_000_000)
    #expect(FileIO.status(of: base + "/a")?.isDirectory == true)
    try FileIO.rename(base + "/a/b", to: base + "/other")
    #expect(try FileIO.names(in: base + "/other") == ["c", "file"])
    try FileIO.remove(base)
    #expect(FileIO.status(of: base) == nil)
    try FileIO.remove(base)
  }

  @Test func aFileInTheWayIsNamed() throws {
    let base = try FileIO.makeTemporaryDirectory(in: "/tmp", prefix: "halfopen-tree-")
    defer { try? FileIO.remove(base) }
    try FileIO.write("", toNew: base + "/file")
    #expect(throws: SystemError.self) { try FileIO.makeDirectories(base + "/file/below") }
    #expect(throws: SystemError.self) { try FileIO.rename(base + "/missing", to: base + "/x") }
    #expect(throws: SystemError.self) { try FileIO.makeTemporaryDirectory(in: base + "/missing", prefix: "x") }
  }
}
