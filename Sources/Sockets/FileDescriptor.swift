internal import CLinux
internal import Glibc

/// An open file descriptor that has one owner and is closed when the owner goes.
public struct FileDescriptor: ~Copyable {
  /// The number, for a call that borrows it; it must not be closed by that number.
  public let rawValue: CInt

  /// Takes ownership of an open descriptor.
  public init(owning rawValue: CInt) {
    self.rawValue = rawValue
  }

  deinit {
    _ = Glibc.close(rawValue)
  }

  /// Gives the descriptor up without closing it.
  public consuming func release() -> CInt {
    let number = rawValue
    discard self
    return number
  }
}

/// A descriptor that can be kept in collections and shared: closed when the last reference goes.
public final class SharedDescriptor {
  /// The number, for a call that borrows it.
  public let rawValue: CInt

  /// Takes ownership of `descriptor`.
  public init(_ descriptor: consuming FileDescriptor) {
    rawValue = descriptor.release()
  }

  deinit {
    _ = Glibc.close(rawValue)
  }
}
