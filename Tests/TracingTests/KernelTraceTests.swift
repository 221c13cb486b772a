import CLinux
import Glibc
import Sockets
import Testing
import Timeline

@testable import Tracing

/// The kernel's own tracepoints, which only root may read.
@Suite struct KernelTraceTests {
  private static let isPossible = unsafe geteuid() == 0 && access("/sys/kernel/btf/vmlinux", R_OK) == 0

  @Test(.enabled(if: isPossible, "needs root, and a kernel that tells its types"))
  func theLabsOwnSocketsAreToldAndNoOthers() async {
    // In a process of its own: a thread that changed its namespace would spoil the tests that run on it later.
    await #expect(processExitsWith: .success) { try KernelTraceTests.traceOneNamespaceOfTwo() }
  }

  private static func traceOneNamespaceOfTwo() throws {
    try Namespace.unshare([.network, .mount])
    try Namespace.makeMountsPrivate()
    try Namespace.mountNew("tracefs", on: "/sys/kernel/tracing")
    let trace = try KernelTrace(tracefs: "/sys/kernel/tracing")
    let cookie = try #require(Namespace.networkCookie())
    try trace.watch(namespace: cookie)
    let before = Clock.monotonic
    let ports = try refusedConnection()
    // The same in a namespace that is not watched.
    try Namespace.unshare(.network)
    try #require(Namespace.networkCookie() != cookie)
    _ = try refusedConnection()
    let records = trace.read()
    try #require(records.allSatisfy { $0.namespace == cookie })
    try #require(records.allSatisfy { $0.time > before && $0.time < Clock.monotonic })
    try #require(records.map(\.time) == records.map(\.time).sorted())
    let events = records.map(\.event)
    try #require(events.first == .state(from: .closed, to: .synSent))
    try #require(events.contains(.receivedReset))
    try #require(events.contains(.state(from: .synSent, to: .closed)))
    let refused = try #require(records.first { $0.event == .state(from: .synSent, to: .closed) })
    try #require(refused.local == "127.0.0.1:\(ports)" && refused.remote == "127.0.0.1:9")
    let isDestroyed = events.contains { if case .destroyed(let cookie) = $0 { cookie != nil } else { false } }
    try #require(isDestroyed)
    try #require(trace.lostCount(namespace: cookie) == 0)
    trace.ignore(namespace: cookie)
  }

  /// Connects to a port of this namespace on which nobody listens, from a port that it returns.
  private static func refusedConnection() throws -> UInt16 {
    try switchLoopbackOn()
    let socket = Glibc.socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var own = sockaddr_in()
    own.sin_family = sa_family_t(AF_INET)
    own.sin_port = UInt16(40_000).bigEndian
    own.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var other = own
    other.sin_port = UInt16(9).bigEndian
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    func call(_ address: inout sockaddr_in, _ body: (UnsafePointer<sockaddr>) -> CInt) -> CInt {
      unsafe withUnsafePointer(to: &address) {
        unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0) }
      }
    }
    let bound = unsafe call(&own) { unsafe bind(socket, $0, size) }
    try #require(bound == 0)
    let connected = unsafe call(&other) { unsafe connect(socket, $0, size) }
    try #require(connected == -1 && errno == ECONNREFUSED)
    return 40_000
  }

  /// The loopback link of a new network namespace is off.
  private static func switchLoopbackOn() throws {
    let child = ChildProcess(
      command: ["ip", "link", "set", "lo", "up"],
      environment: ChildProcess.ownEnvironment,
      descriptors: [(0, 0), (1, 1), (2, 2)]
    )
    try #require(ChildProcess.wait(for: try child.start()) == .exited(0))
  }
}
