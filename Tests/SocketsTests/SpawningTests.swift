import Glibc
import Sockets
import Testing

@Suite struct SpawningTests {
  /// What a command prints, started with these descriptors beside its output.
  private func output(_ words: [String]) throws -> (text: String, ending: ProcessEnding?) {
    var pipe = try Pipe()
    let null = try FileIO.open("/dev/null")
    let process = try Spawning(
      words: words,
      environment: ["WORD=heard"],
      descriptors: [null.rawValue, pipe.writing.rawValue, 2]
    ).start()
    pipe.closeWriting()
    let text = String(decoding: try FileIO.readAll(pipe.reading.rawValue), as: UTF8.self)
    return (text, ChildProcess.wait(for: process))
  }

  @Test func aProgramHasItsEnvironmentAndAGroupOfItsOwn() throws {
    let (text, ending) = try output(["sh", "-c", "echo $WORD; cut -d' ' -f1,5 /proc/$$/stat; exit 3"])
    #expect(ending == .exited(3))
    let lines = text.split(separator: "\n")
    #expect(lines.first == "heard")
    // Its process number, and its group's.
    let numbers = try #require(lines.last).split(separator: " ")
    #expect(numbers.count == 2 && numbers[0] == numbers[1])
  }

  @Test func aProgramThatIsNotThereIsNamed() throws {
    #expect(throws: SystemError(call: "posix_spawnp", subject: "no-such-program", errno: .noSuchFile)) {
      try output(["no-such-program"])
    }
  }
}

@Suite struct SocketPairTests {
  @Test func aDatagramStaysWhole() throws {
    let pair = try SocketPair(.datagrams)
    try FileIO.writeAll([1, 2, 3], to: pair.ours.rawValue)
    try FileIO.writeAll([4], to: pair.ours.rawValue)
    #expect(try FileIO.read(pair.theirs.rawValue) == .bytes([1, 2, 3]))
    #expect(try FileIO.read(pair.theirs.rawValue) == .bytes([4]))
  }

  @Test func aStreamEndsWithItsOtherEnd() throws {
    var pair: SocketPair? = try SocketPair(.stream)
    let theirs = try #require(pair?.theirs)
    try FileIO.writeAll([1, 2], to: try #require(pair?.ours.rawValue))
    pair = nil
    #expect(try FileIO.readAll(theirs.rawValue) == [1, 2])
  }
}
