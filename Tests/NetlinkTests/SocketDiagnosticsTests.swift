import Glibc
import Sockets
import Testing
import Timeline

@testable import Netlink

/// Against the kernel itself, on loopback sockets of this process.
@Suite(.enabled(if: geteuid() == 0, "notices of destroyed sockets need CAP_NET_ADMIN")) struct SocketDiagnosticsTests {
  /// A TCP socket of `family` on loopback with a port of its own.
  private func boundSocket(_ family: CInt) throws -> (descriptor: CInt, port: UInt16) {
    let descriptor = socket(family, CInt(SOCK_STREAM.rawValue), 0)
    try #require(descriptor >= 0)
    var address = sockaddr_storage()
    address.ss_family = sa_family_t(family)
    unsafe withUnsafeMutableBytes(of: &address) { bytes in
      if family == AF_INET {
        for (index, octet) in [127, 0, 0, 1].enumerated() { unsafe bytes[4 + index] = UInt8(octet) }
      } else {
        unsafe bytes[8 + 15] = 1
      }
    }
    var length = socklen_t(family == AF_INET ? MemoryLayout<sockaddr_in>.size : MemoryLayout<sockaddr_in6>.size)
    let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        let bound = unsafe bind(descriptor, $0, length)
        return unsafe bound == 0 ? getsockname(descriptor, $0, &length) : bound
      }
    }
    try #require(result == 0)
    let port = unsafe withUnsafeBytes(of: &address) { unsafe UInt16($0[2]) << 8 | UInt16($0[3]) }
    return (descriptor, port)
  }

  private func connect(_ descriptor: CInt, _ family: CInt, toSocket listener: CInt) throws {
    var address = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        let named = unsafe getsockname(listener, $0, &length)
        return unsafe named == 0 ? Glibc.connect(descriptor, $0, length) : named
      }
    }
    try #require(result == 0)
  }

  @Test(arguments: [AF_INET, AF_INET6])
  func aListenerAndBothEndsOfAConnectionAreFound(family: CInt) throws {
    let diagnostics = try SocketDiagnostics()
    let (listener, port) = try boundSocket(family)
    defer { close(listener) }
    try #require(listen(listener, 5) == 0)
    let (client, clientPort) = try boundSocket(family)
    defer { close(client) }
    try connect(client, family, toSocket: listener)
    let written = unsafe write(client, "hello", 5)
    #expect(written == 5)

    let host = family == AF_INET ? "127.0.0.1" : "[::1]"
    let any = family == AF_INET ? "0.0.0.0" : "[::]"
    let sockets = try diagnostics.sockets()
    let waiting = try #require(sockets.first { $0.local == "\(host):\(port)" && $0.remote == "\(any):0" })
    #expect(waiting.state == .listen && waiting.receiveQueue == 1 && waiting.sendQueue == 5)
    // Bound to an address of its own, an IPv6 socket takes nothing else (inet6_bind).
    #expect(waiting.isIPv6Only == (family == AF_INET ? nil : true))
    let near = try #require(sockets.first { $0.local == "\(host):\(clientPort)" })
    #expect(near.remote == "\(host):\(port)" && near.state == .established && near.sendQueue == 0)
    #expect((near.rto ?? 0) >= 200_000 && near.rtt != nil && near.retransmits == 0 && near.totalRetransmissions == 0)
    let far = try #require(sockets.first { $0.remote == "\(host):\(clientPort)" })
    #expect(far.state == .established && far.receiveQueue == 5 && far.cookie != near.cookie)
  }

  @Test func aRunningTimerIsShown() throws {
    let diagnostics = try SocketDiagnostics()
    let (listener, _) = try boundSocket(AF_INET)
    defer { close(listener) }
    try #require(listen(listener, 5) == 0)
    let (client, port) = try boundSocket(AF_INET)
    defer { close(client) }
    var on: CInt = 1
    let result = unsafe setsockopt(client, SOL_SOCKET, SO_KEEPALIVE, &on, socklen_t(MemoryLayout<CInt>.size))
    try #require(result == 0)
    try connect(client, AF_INET, toSocket: listener)
    let sample = try #require(try diagnostics.sockets().first { $0.local == "127.0.0.1:\(port)" })
    #expect(sample.timer?.kind == .keepalive && sample.timer?.count == 0)
    // tcp_keepalive_time is two hours unless this machine's owner changed it.
    #expect((sample.timer?.expiresInMilliseconds ?? 0) > 1000)
  }

  @Test func aDestroyedSocketRingsAndTellsItsLastNumbers() throws {
    let diagnostics = try SocketDiagnostics()
    let (listener, _) = try boundSocket(AF_INET)
    try #require(listen(listener, 5) == 0)
    let (client, port) = try boundSocket(AF_INET)
    try connect(client, AF_INET, toSocket: listener)
    var linger = linger(l_onoff: 1, l_linger: 0)
    let size = socklen_t(MemoryLayout<Glibc.linger>.size)
    let result = unsafe setsockopt(client, SOL_SOCKET, SO_LINGER, &linger, size)
    try #require(result == 0)
    close(client)
    close(listener)
    var gone: [SocketDeath] = []
    while !gone.contains(where: { $0.local == "127.0.0.1:\(port)" }) {
      var entries = [PollEntry(diagnostics.descriptor, .readable)]
      try #require(try Sockets.poll(&entries, timeout: .seconds(5)) == 1, "no notice of the socket within 5 s")
      gone += diagnostics.readDestroyed()
    }
    let last = try #require(gone.first { $0.local == "127.0.0.1:\(port)" })
    // A reset clears most of them (`tcp_disconnect`).
    #expect(last.cookie != 0 && last.numbers[.timeout] != nil && last.numbers[.segmentsOut] != nil)
    #expect(last.numbers[.bytesSent] == 0 && last.numbers[.retransmitted] == 0)
  }

  @Test func everySocketOfANamespaceIsDestroyed() async {
    // In a process of its own: a thread that changed its namespace would spoil the tests that run on it later.
    await #expect(processExitsWith: .success) {
      try SocketDiagnosticsTests.destroyEverySocketOfANewNamespace()
    }
  }

  private static func destroyEverySocketOfANewNamespace() throws {
    try Namespace.unshare(.network)
    let diagnostics = try SocketDiagnostics()
    let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    try #require(listen(listener, 1) == 0)
    try #require(try diagnostics.sockets().map(\.state) == [.listen])
    try diagnostics.destroyAll()
    try #require(try diagnostics.sockets().isEmpty)
    let accepted = accept(listener, nil, nil)
    try #require(accepted == -1)
  }
}
