internal import CLinux
internal import Glibc

/// What the kernel says of a network interface.
public enum LinkState {
  /// Whether an interface of this network namespace passes packets on: it is up, has its carrier, and the kernel has
  /// noticed both.
  ///
  /// False also if there is no such interface. See netdevice(7), `SIOCGIFFLAGS` and `IFF_RUNNING`.
  public static func isRunning(_ name: String) -> Bool {
    let socket = Glibc.socket(AF_INET, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard socket >= 0 else { return false }
    defer { close(socket) }
    // struct ifreq: 16 bytes of name, then the flags.
    var request = [CInt](repeating: 0, count: 10)
    for (index, byte) in name.utf8.prefix(15).enumerated() {
      request[index / 4] |= CInt(bitPattern: UInt32(byte) << UInt32(8 * (index % 4)))
    }
    guard unsafe clinux_ioctl_int(socket, UInt(SIOCGIFFLAGS), &request) == 0 else { return false }
    return request[4] & CInt(IFF_RUNNING) != 0
  }
}
