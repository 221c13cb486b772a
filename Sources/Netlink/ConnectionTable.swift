internal import CLinux
internal import Glibc
public import Sockets

/// The kernel's table of tracked connections (conntrack) of one network namespace.
public enum ConnectionTable {
  /// Empties the table of the network namespace that this process is in, as `conntrack --flush` does.
  ///
  /// Needs CAP_NET_ADMIN there, and a kernel with nf_conntrack_netlink.
  public static func flush() throws(SystemError) {
    let type = CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue)
    let number = socket(AF_NETLINK, type, CInt(NETLINK_NETFILTER))
    guard number >= 0 else { throw SystemError(call: "socket", subject: "NETLINK_NETFILTER", errno: .last) }
    let descriptor = FileDescriptor(owning: number)
    let bytes = request
    let count = unsafe bytes.withUnsafeBytes { unsafe send(descriptor.rawValue, $0.baseAddress, $0.count, 0) }
    guard count == bytes.count else { throw SystemError(call: "send", subject: "nf_conntrack", errno: .last) }
    guard case .bytes(let datagram) = try FileIO.read(descriptor.rawValue, upTo: 1 << 16) else { return }
    for message in NetlinkMessage.all(in: ByteReader(datagram)) where message.type == UInt16(NLMSG_ERROR) {
      // NLMSG_ERROR with the number 0 is the acknowledgment.
      let result = Int32(bitPattern: message.payload.uint32(at: 0) ?? 0)
      guard result < 0 else { continue }
      throw SystemError(call: "nf_conntrack", errno: Errno(rawValue: result == .min ? 0 : -result))
    }
  }

  /// `IPCTNL_MSG_CT_DELETE` of the subsystem `NFNL_SUBSYS_CTNETLINK`, with `NLM_F_REQUEST | NLM_F_ACK`: without a tuple
  /// it means every entry, of every family.
  static var request: [UInt8] {
    // `struct nfgenmsg`: family, version, resource.
    NetlinkMessage.request(type: 1 << 8 | 2, flags: 0x5, sequence: 1, payload: [UInt8(AF_UNSPEC), 0, 0, 0])
  }
}
