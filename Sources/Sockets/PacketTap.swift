internal import CLinux
internal import Glibc

/// A packet socket that sees every frame of the network namespace it was opened in, see packet(7).
///
/// Here it is a bell: it rings when something passes, and what passes is not kept.
public final class PacketTap {
  private let shared: SharedDescriptor

  /// The descriptor: readable when a frame has passed since the last ``drain()``.
  public var descriptor: CInt { shared.rawValue }

  /// Opens a tap in the network namespace that this process is in; it stays there.
  ///
  /// Needs CAP_NET_RAW in it.
  public init() throws(SystemError) {
    let type = CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
    let descriptor = socket(AF_PACKET, type, CInt(UInt16(ETH_P_ALL).bigEndian))
    guard descriptor >= 0 else { throw SystemError(call: "socket", subject: "AF_PACKET", errno: .last) }
    shared = SharedDescriptor(FileDescriptor(owning: descriptor))
  }

  /// Forgets the frames that have passed, and returns how many there were, at most 4096.
  public func drain() -> Int {
    var count = 0
    var byte: UInt8 = 0
    while count < 4096, unsafe recv(descriptor, &byte, 1, 0) >= 0 { count += 1 }
    return count
  }
}
