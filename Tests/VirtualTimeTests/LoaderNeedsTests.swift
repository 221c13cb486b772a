import Sockets
import Testing

@testable import VirtualTime

/// What the dynamic loader needs, read from programs.
@Suite struct LoaderNeedsTests {
  /// A program whose dynamic section has these entries; a text stands for its place in the table of texts.
  private static func program(_ entries: [(tag: Int, text: String)], interpreter: String?) -> [UInt8] {
    var strings: [UInt8] = [0]
    var dynamic: [UInt8] = []
    for (tag, text) in entries {
      dynamic += Made.number(tag, 8) + Made.number(strings.count, 8)
      strings += Array(text.utf8) + [0]
    }
    let name = Array((interpreter ?? "").utf8) + [0]
    let headers = 3
    let start = 64 + headers * 56
    let (namePlace, stringPlace) = (start, start + name.count)
    let dynamicPlace = stringPlace + strings.count
    let base = 0x40_0000
    dynamic += Made.number(5, 8) + Made.number(base + stringPlace, 8)
    dynamic += Made.number(10, 8) + Made.number(strings.count, 8) + Made.number(0, 16)
    func header(_ type: Int, _ offset: Int, _ size: Int) -> [UInt8] {
      Made.number(type, 4) + Made.number(4, 4) + Made.number(offset, 8) + Made.number(base + offset, 8)
        + Made.number(0, 8) + Made.number(size, 8) + Made.number(size, 8) + Made.number(8, 8)
    }
    let end = dynamicPlace + dynamic.count
    var bytes: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
    bytes += Made.number(2, 2) + Made.number(62, 2) + Made.number(1, 4) + Made.number(0, 8)
    bytes += Made.number(64, 8) + Made.number(0, 8) + Made.number(0, 4)
    bytes += Made.number(64, 2) + Made.number(56, 2) + Made.number(headers, 2) + Made.number(0, 6)
    bytes += header(1, 0, end)
    bytes += interpreter == nil ? header(0, 0, 0) : header(3, namePlace, name.count)
    bytes += header(2, dynamicPlace, dynamic.count)
    return bytes + name + strings + dynamic
  }

  private static func read(_ bytes: [UInt8]) -> LoaderNeeds? {
    LoaderNeeds { offset, count in
      offset < bytes.count ? Array(bytes[offset..<min(bytes.count, offset + max(0, count))]) : []
    }
  }

  @Test func loaderLibrariesAndTheirPlacesAreRead() throws {
    let bytes = Self.program(
      [(1, "libone.so"), (1, "libtwo.so.6"), (29, "$ORIGIN/lib:/opt/lib"), (15, "/old")],
      interpreter: "/lib64/ld-linux-x86-64.so.2"
    )
    let needs = try #require(Self.read(bytes))
    #expect(needs.interpreter == "/lib64/ld-linux-x86-64.so.2")
    #expect(needs.needed == ["libone.so", "libtwo.so.6"])
    #expect(needs.runPath == ["$ORIGIN/lib", "/opt/lib"])
    #expect(needs.inheritedRunPath == ["/old"])
  }

  @Test func whatIsNoProgramNeedsNothing() {
    #expect(Self.read([]) == nil)
    #expect(Self.read(Array("#!/bin/sh\n".utf8) + [UInt8](repeating: 0, count: 100)) == nil)
    #expect(Self.read(Self.program([], interpreter: nil))?.needed == [])
  }

  @Test func brokenProgramsAreReadToAnEnd() {
    let whole = Self.program([(1, "libone.so"), (29, "/opt")], interpreter: "/lib/ld.so")
    for length in 0..<whole.count { _ = Self.read(Array(whole.prefix(length))) }
    for place in whole.indices {
      for value: UInt8 in [0, 1, 0x7F, 0xFF] {
        var broken = whole
        broken[place] = value
        _ = Self.read(broken)
      }
    }
  }

  @Test func theLibrariesOfARealProgramAreThoseOnThisMachine() throws {
    let libraries = SharedLibraries(environment: [])
    let found = try libraries.closure(of: "/usr/sbin/ip")
    #expect(found.contains { $0.hasSuffix("/libc.so.6") })
    #expect(found.contains { $0.contains("ld-linux") })
    for path in found { #expect(FileIO.status(of: path)?.isFile == true, "\(path)") }
    #expect(try libraries.closure(of: "/etc/passwd") == [])
  }

  @Test func aMissingLibraryIsNamedWithWhatNeedsIt() throws {
    let base = try FileIO.makeTemporaryDirectory(in: "/tmp", prefix: "halfopen-loader-")
    defer { try? FileIO.remove(base) }
    let file = try FileIO.open(base + "/program", for: .replacing)
    try FileIO.writeAll(Self.program([(1, "libnowhere.so.1")], interpreter: "/lib/ld.so"), to: file.rawValue)
    let missing = #expect(throws: SharedLibraries.Missing.self) {
      try SharedLibraries(environment: []).closure(of: base + "/program")
    }
    #expect(missing == SharedLibraries.Missing(name: "libnowhere.so.1", neededBy: base + "/program"))
    // The loader's variable, and a place beside the program itself.
    try FileIO.write("", toNew: base + "/libnowhere.so.1")
    let there = try SharedLibraries(environment: ["LD_LIBRARY_PATH=" + base]).closure(of: base + "/program")
    #expect(there == ["/lib/ld.so", base + "/libnowhere.so.1"])
    let beside = Self.program([(1, "libnowhere.so.1"), (29, "$ORIGIN")], interpreter: nil)
    let other = try FileIO.open(base + "/other", for: .replacing)
    try FileIO.writeAll(beside, to: other.rawValue)
    #expect(try SharedLibraries(environment: []).closure(of: base + "/other") == [base + "/libnowhere.so.1"])
  }
}
