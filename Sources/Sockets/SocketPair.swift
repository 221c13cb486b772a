internal import CLinux
internal import Glibc

/// Two connected sockets without names: what is written to one comes out of the other.
///
/// See socketpair(2).
public struct SocketPair {
  /// What the sockets carry.
  public enum Kind: Sendable {
    /// A stream of bytes.
    case stream
    /// Datagrams, each one whole.
    case datagrams
  }

  /// The end that stays here.
  public let ours: SharedDescriptor
  /// The end that another process is to have.
  public let theirs: SharedDescriptor

  /// A new pair, close-on-exec.
  public init(_ kind: Kind) throws(SystemError) {
    let type = kind == .stream ? SOCK_STREAM : SOCK_DGRAM
    var ends: [CInt] = [-1, -1]
    guard unsafe socketpair(AF_UNIX, CInt(type.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw SystemError(call: "socketpair", errno: .last)
    }
    ours = SharedDescriptor(FileDescriptor(owning: ends[0]))
    theirs = SharedDescriptor(FileDescriptor(owning: ends[1]))
  }
}
