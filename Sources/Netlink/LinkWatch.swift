internal import CLinux
internal import Glibc
public import Sockets

/// The network interfaces of one network namespace, and the kernel's notices of what becomes of them, see rtnetlink(7).
///
/// It belongs to the namespace in which it was opened, wherever this process goes later.
public final class LinkWatch {
  private let descriptor: SharedDescriptor
  /// The names of the interfaces that were up, had their carrier, and were in use when they were last told of.
  private var running: Set<String> = []
  private var sequence: UInt32 = 0

  /// Subscribes to the notices of the network namespace that this process is in.
  public init() throws(SystemError) {
    let type = CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue)
    let number = socket(AF_NETLINK, type, CInt(NETLINK_ROUTE))
    guard number >= 0 else { throw SystemError(call: "socket", subject: "NETLINK_ROUTE", errno: .last) }
    descriptor = SharedDescriptor(FileDescriptor(owning: number))
    var address = sockaddr_nl()
    address.nl_family = sa_family_t(AF_NETLINK)
    address.nl_groups = LinkMessage.group
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(number, $0, socklen_t(MemoryLayout<sockaddr_nl>.size))
      }
    }
    guard result == 0 else { throw SystemError(call: "bind", subject: "NETLINK_ROUTE", errno: .last) }
    FileIO.setNonBlocking(number)
  }

  /// Waits until an interface passes packets on: it is up, has its carrier, and the kernel has noticed both.
  ///
  /// - Parameters:
  ///   - name: The interface's name; it may come into being later.
  ///   - limit: Until when at most, in nanoseconds of the monotonic clock.
  /// - Returns: Whether it came to that in time.
  public func awaitRunning(_ name: String, until limit: Int64) throws(SystemError) -> Bool {
    // Notices come in from the subscription on: what happens while this is asked is told as well.
    try ask()
    while true {
      try readMessages()
      if running.contains(name) { return true }
      let left = limit - Clock.monotonic
      guard left > 0 else { return false }
      var entries = [PollEntry(descriptor.rawValue, .readable)]
      _ = try poll(&entries, timeout: .nanoseconds(left))
    }
  }

  /// Asks for all interfaces.
  private func ask() throws(SystemError) {
    sequence &+= 1
    let bytes = LinkMessage.request(sequence: sequence)
    let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.send(descriptor.rawValue, $0.baseAddress, $0.count, 0) }
    guard count == bytes.count else { throw SystemError(call: "send", subject: "RTM_GETLINK", errno: .last) }
  }

  /// Takes in what has been told since the last time.
  private func readMessages() throws(SystemError) {
    while true {
      guard case .bytes(let datagram) = try FileIO.read(descriptor.rawValue, upTo: 1 << 16) else { return }
      for message in NetlinkMessage.all(in: ByteReader(datagram)) {
        guard let link = LinkMessage(message) else { continue }
        if link.isRunning { running.insert(link.name) } else { running.remove(link.name) }
      }
    }
  }
}
