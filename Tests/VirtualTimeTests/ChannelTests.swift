import Sockets
import Testing

@testable import VirtualTime

/// What goes between a guest and this program.
@Suite struct ChannelTests {
  @Test func framesComeBackHoweverTheStreamIsCut() {
    let frames = [
      Frame(kind: .events, bytes: Array("{\"a\":1}\n".utf8)), Frame(kind: .capture, bytes: []),
      Frame(kind: .remark, bytes: [0, 1, 2, 255]), Frame.end(status: -3),
    ]
    let stream = frames.flatMap(\.encoded)
    for step in 1...stream.count {
      var reader = FrameReader()
      var read: [Frame] = []
      for start in stride(from: 0, to: stream.count, by: step) {
        read += reader.take(Array(stream[start..<min(stream.count, start + step)]))
      }
      #expect(read == frames)
      #expect(!reader.isTorn)
    }
    #expect(frames.last?.status == -3)
    #expect(frames.first?.status == nil)
  }

  @Test func aStreamThatStopsInAFrameIsTorn() {
    let stream = Frame(kind: .events, bytes: [1, 2, 3]).encoded
    for length in 1..<stream.count {
      var reader = FrameReader()
      #expect(reader.take(Array(stream.prefix(length))).isEmpty)
      #expect(reader.isTorn)
    }
  }

  @Test(arguments: [[9, 0, 0, 0, 0], [1, 255, 255, 255, 255], [0, 0, 0, 0, 0]] as [[UInt8]])
  func whatNoGuestWritesEndsTheReading(stream: [UInt8]) {
    var reader = FrameReader()
    #expect(reader.take(stream).isEmpty)
    #expect(reader.isBroken && reader.isTorn)
    #expect(reader.take(Frame.end(status: 0).encoded).isEmpty)
  }

  @Test func theMailboxCarriesJobsInAndAnyLengthOut() throws {
    let mailbox = Mailbox(memory: try SharedMemory(named: "test", size: Mailbox.size))
    #expect(mailbox.job(number: 1) == nil)
    mailbox.post(Array("do".utf8), number: 1)
    #expect(mailbox.job(number: 1) == Array("do".utf8))
    #expect(mailbox.job(number: 2) == nil)
    mailbox.post(Array("more".utf8), number: 2)
    #expect(mailbox.job(number: 2) == Array("more".utf8))
    // Three times round the ring, in pieces of an odd length.
    let piece = (0..<999_983).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    var written = 0
    while written < 3 * Mailbox.size {
      #expect(mailbox.write(piece[...]) == piece.count)
      #expect(mailbox.read() == piece)
      written += piece.count
    }
    #expect(mailbox.read() == [])
  }

  @Test func aFullMailboxTakesWhatFits() throws {
    let mailbox = Mailbox(memory: try SharedMemory(named: "test", size: Mailbox.size))
    let much = [UInt8](repeating: 7, count: Mailbox.size)
    let taken = mailbox.write(much[...])
    #expect(taken > 0 && taken < much.count)
    #expect(mailbox.write([1]) == 0)
    #expect(mailbox.read().count == taken)
    #expect(mailbox.write([1]) == 1)
  }

  @Test func sharedMemoryKeepsItsBounds() throws {
    let memory = try SharedMemory(named: "test", size: 4096)
    memory.put([1, 2, 3, 4], at: 4094)
    #expect(memory.bytes(at: 4092, count: 100) == [0, 0, 1, 2])
    #expect(memory.bytes(at: 5000, count: 1) == [])
    #expect(memory.bytes(at: -5, count: -1) == [])
    memory.setWord(0xDEAD_BEEF, at: 8)
    #expect(memory.word(at: 8) == 0xDEAD_BEEF)
    #expect(FileIO.bytes(memory.descriptor, at: 8, count: 4) == [0xEF, 0xBE, 0xAD, 0xDE])
  }

  @Test func aJobIsReadAsItWasWritten() {
    for (isFollowed, network) in [(false, 0), (true, nil), (true, 7)] as [(Bool, Int?)] {
      let setup = "{\"a\":\"\\n\"}"
      let job = GuestJob(start: 64_000_000_000, limit: 12, isFollowed: isFollowed, network: network, setup: setup)
      #expect(GuestJob(text: Array(job.text.utf8)) == job)
    }
    for text in [
      "", "{}", "1 2 0 0", "1\n{}", "1 2 3 0\n{}", "1 2 0\n{}", "1 x 0 0\n{}", "99999999999999999999 1 0 0\n{}",
      "1 2 0 -2\n{}",
    ] {
      #expect(GuestJob(text: Array(text.utf8)) == nil, "\(text)")
    }
  }
}
