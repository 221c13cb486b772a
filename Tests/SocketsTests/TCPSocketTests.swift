import Sockets
import Testing

/// What the calls return on Linux in each way a connection can end: the facts that dnc is built on.
@Suite struct TCPSocketTests {
  init() {
    Signal.ignoreBrokenPipes()
  }

  func read(_ socket: borrowing TCPSocket) -> ReadOutcome {
    var buffer = [UInt8](repeating: 0, count: 1024)
    return Transfer.read(socket.rawValue, into: &buffer)
  }

  func write(_ text: String, _ socket: borrowing TCPSocket) -> WriteOutcome {
    Transfer.write(Array(text.utf8)[...], to: socket.rawValue)
  }

  @Test func aFinIsAnEndOfStreamAndLeavesTheOtherDirectionOpen() throws {
    let pair = try ConnectedPair()
    try pair.server.shutdown(.write)
    #expect(read(pair.client) == .endOfStream)
    #expect(write("hello", pair.client) == .written(5))
    #expect(read(pair.server) == .data(5))
  }

  @Test func anRstIsReadOnceAndThenLooksLikeAnEnd() throws {
    var pair = try ConnectedPair()
    try pair.reset()
    let events = try wait(for: .readable, on: pair.client)
    #expect(events == [.readable, .errorPending, .hungUp])
    #expect(read(pair.client) == .failed(.connectionReset))
    #expect(read(pair.client) == .endOfStream)
    #expect(write("x", pair.client) == .failed(.brokenPipe))
  }

  @Test func anRstInCloseWaitIsNeverRead() throws {
    var pair = try ConnectedPair()
    try pair.server.shutdown(.write)
    #expect(read(pair.client) == .endOfStream)
    try pair.reset()
    #expect(try wait(for: [], on: pair.client) == [.errorPending, .hungUp])
    #expect(read(pair.client) == .endOfStream)
    #expect(try pair.client.takePendingError() == .brokenPipe)
    #expect(try pair.client.takePendingError() == nil)
    #expect(write("x", pair.client) == .failed(.brokenPipe))
  }

  @Test func whoTakesThePendingErrorIsTheOnlyOneToSeeIt() throws {
    var pair = try ConnectedPair()
    try pair.reset()
    _ = try wait(for: .readable, on: pair.client)
    #expect(try pair.client.takePendingError() == .connectionReset)
    #expect(read(pair.client) == .endOfStream)
  }

  @Test func dataThatCameBeforeTheRstIsReadFirst() throws {
    var pair = try ConnectedPair()
    #expect(write("last words", pair.server) == .written(10))
    _ = try wait(for: .readable, on: pair.client)
    try pair.reset()
    _ = try wait(for: [], on: pair.client)
    #expect(read(pair.client) == .data(10))
    #expect(read(pair.client) == .failed(.connectionReset))
  }

  @Test func aSocketThatDoesNotBlockSaysSo() throws {
    let pair = try ConnectedPair()
    pair.client.setNonBlocking(true)
    #expect(read(pair.client) == .wouldBlock)
    let block = [UInt8](repeating: 7, count: 1 << 20)
    var total = 0
    filling: while true {
      switch Transfer.write(block[...], to: pair.client.rawValue) {
      case .written(let count): total += count
      case let other:
        #expect(other == .wouldBlock)
        break filling
      }
    }
    #expect(total > 0)
    pair.client.setNonBlocking(false)
    try pair.client.shutdown(.write)
    var (received, buffer) = (0, block)
    while case .data(let count) = Transfer.read(pair.server.rawValue, into: &buffer) { received += count }
    #expect(received == total)
  }

  @Test func aPortWithoutAListenerRefuses() throws {
    let port: UInt16
    do {
      let listener = try listeningSocket()
      port = listener.localAddress?.port ?? 0
    }
    let client = try TCPSocket(.ipv4)
    let address = try loopback(port: port)
    #expect(throws: SystemError(call: "connect", subject: "127.0.0.1:\(port)", errno: Errno(rawValue: 111))) {
      try client.connect(to: address)
    }
    #expect(client.peerAddress == nil)
  }

  @Test func aSocketKnowsBothItsAddresses() throws {
    let pair = try ConnectedPair()
    #expect(pair.client.peerAddress == pair.server.localAddress)
    #expect(pair.client.localAddress == pair.server.peerAddress)
    #expect(pair.client.localAddress?.host == "127.0.0.1")
  }

  @Test func aPipeIsSplicedIntoASocketAndBack() throws {
    let pair = try ConnectedPair()
    let source = try Pipe()
    let sink = try Pipe()
    try FileIO.writeAll(Array("through".utf8), to: source.writing.rawValue)
    #expect(
      Transfer.splice(from: source.reading.rawValue, to: pair.client.rawValue, upTo: 65536) == .written(7)
    )
    #expect(Transfer.splice(from: source.reading.rawValue, to: pair.client.rawValue, upTo: 65536) == .wouldBlock)
    #expect(try wait(for: .readable, on: pair.server) == .readable)
    #expect(Transfer.splice(from: pair.server.rawValue, to: sink.writing.rawValue, upTo: 65536) == .written(7))
    #expect(try FileIO.read(sink.reading.rawValue) == .bytes(Array("through".utf8)))
    try pair.client.shutdown(.write)
    #expect(Transfer.splice(from: pair.server.rawValue, to: sink.writing.rawValue, upTo: 65536) == .written(0))
  }

  @Test func sendingWithoutWaitingLeavesTheSocketsModeAlone() throws {
    let pair = try ConnectedPair()
    #expect(Transfer.sendWithoutWaiting(Array("abc".utf8)[...], to: pair.client.rawValue) == .written(3))
    #expect(read(pair.server) == .data(3))
  }
}

extension ConnectedPair {
  /// Sends an RST from the server's end.
  mutating func reset() throws {
    try server.set(.linger, to: .seconds(0))
    server = try TCPSocket(.ipv4)
  }
}
