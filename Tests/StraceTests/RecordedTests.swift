import Sockets
import Strace
import Testing
import Timeline

/// What strace wrote of real programs in the puzzlers, recorded: `fuzz/corpus/strace`.
enum Recorded {
  static let folder = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 } + "/fuzz/corpus/strace"

  static let names = (try? FileIO.names(in: folder)) ?? []

  static func bytes(_ name: String) throws -> [UInt8] { try FileIO.contents(of: "\(folder)/\(name)") }

  /// The calls of a recording, in strace's form, without entries.
  static func calls(_ name: String) throws -> [String] {
    var reader = StraceReader()
    return reader.take(try bytes(name), clockOffset: 0).compactMap(\.text).filter { !$0.hasSuffix("…") }
  }
}

@Suite struct RecordedTests {
  @Test func recordingsAreThere() {
    #expect(Recorded.names.count >= 19)
  }

  @Test(arguments: Recorded.names.filter { $0 != "odd-lines" })
  func everyLineOfARealTraceIsRead(name: String) throws {
    var reader = StraceReader()
    let told = reader.take(try Recorded.bytes(name), clockOffset: 0)
    #expect(told.count > 4)
    #expect(told.filter { $0.text == nil } == [])
  }

  /// What each netcat does when its server's host was power cycled and it sends something.
  @Test(arguments: [
    (
      "openbsd-powercycle-client",
      [
        "read(stdin) = 22", "poll(stdin 0x0, socket 0x4 POLLOUT) = 1", "write(socket) = 22",
        "poll(stdin 0x0, socket 0x19 POLLIN|POLLERR|POLLHUP) = 2", "read(descriptor -1) = -1 EBADF",
        "close(socket) = 0",
      ]
    ),
    (
      "traditional-powercycle-client",
      [
        "read(stdin) = 22", "write(socket) = 22", "pselect6(socket readable) = 1",
        "read(socket) = -1 ECONNRESET", "close(socket) = 0",
      ]
    ),
    (
      "ncat-powercycle-client",
      [
        "read(stdin) = 22", "pselect6(socket writable) = 1", "sendto(socket) = 22", "pselect6(socket readable) = 1",
        "recvfrom(socket) = -1 ECONNRESET",
      ]
    ),
    (
      "socat-powercycle-client",
      [
        "read(stdin) = 22", "write(socket) = 22", "pselect6(socket readable|writable) = 2",
        "read(socket) = -1 ECONNRESET", "pselect6() = 0", "shutdown(socket, SHUT_RDWR) = -1 ENOTCONN",
      ]
    ),
  ])
  func aPowerCycleReadsAsInTheSource(name: String, expected: [String]) throws {
    let calls = try Recorded.calls(name)
    let start = try #require(calls.firstIndex(of: "read(stdin) = 22"))
    #expect(Array(calls[start...]) == expected)
  }

  @Test func aForkingServerAndAFrozenClientAreRead() throws {
    let server = try Recorded.calls("fork-server")
    #expect(server.contains { $0.hasPrefix("accept(listener, from 10.88.88.139:") })
    #expect(server.contains("read(socket) = 5"))
    #expect(server.contains("write(socket) = 5"))
    let client = try Recorded.calls("freeze-client")
    #expect(client.contains("poll() = 1"))
    #expect(try Recorded.calls("epoll-server").contains("epoll_wait(socket 0x1 EPOLLIN) = 1"))
  }
}
