internal import CLinux
internal import Glibc

/// Memory that is shared with another process, or with a device, through a descriptor.
///
/// Every access is checked against the size.
@safe public final class SharedMemory {
  /// The descriptor; what is written through it is seen in the memory.
  public var descriptor: CInt { shared.rawValue }
  /// How many bytes there are.
  public let size: Int
  private let shared: SharedDescriptor
  private let base: UnsafeMutableRawPointer

  /// New memory, all zero, without a name in any directory; pages that nobody touches cost nothing.
  ///
  /// See memfd_create(2).
  public convenience init(named name: String, size: Int) throws(SystemError) {
    let file = try SharedMemory.anonymousFile(named: name)
    guard ftruncate(file.rawValue, off_t(size)) == 0 else {
      throw SystemError(call: "ftruncate", subject: name, errno: .last)
    }
    try self.init(mapping: file, size: size, name: name)
  }

  /// The first `size` bytes of an open file, such as a device's memory in /sys; `name` is for messages.
  public init(mapping shared: SharedDescriptor, size: Int, name: String) throws(SystemError) {
    let mapped = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, shared.rawValue, 0)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
      throw SystemError(call: "mmap", subject: name, errno: .last)
    }
    self.shared = shared
    self.size = size
    unsafe base = mapped
  }

  deinit {
    unsafe munmap(base, size)
  }

  /// A file that is in no directory and lives as long as somebody has it open.
  public static func anonymousFile(named name: String) throws(SystemError) -> SharedDescriptor {
    let descriptor = unsafe memfd_create(name, 1 /* MFD_CLOEXEC */)
    guard descriptor >= 0 else { throw SystemError(call: "memfd_create", subject: name, errno: .last) }
    return SharedDescriptor(FileDescriptor(owning: descriptor))
  }

  /// The bytes from `offset` on; of a range that ends outside only those inside.
  public func bytes(at offset: Int, count: Int) -> [UInt8] {
    let range = clamped(offset, count)
    return unsafe [UInt8](UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
  }

  /// Puts `bytes` at `offset`; those that would fall outside are dropped.
  public func put(_ bytes: ArraySlice<UInt8>, at offset: Int) {
    let range = clamped(offset, bytes.count)
    unsafe bytes.withUnsafeBytes { source in
      guard let start = source.baseAddress, !range.isEmpty else { return }
      unsafe (base + range.lowerBound).copyMemory(from: start, byteCount: range.count)
    }
  }

  /// A word that the other side may write at any time: whatever it wrote before it is seen too.
  ///
  /// `offset` is a multiple of four.
  public func word(at offset: Int) -> UInt32 {
    precondition(offset >= 0 && offset % 4 == 0 && offset + 4 <= size, "a word of shared memory lies outside of it")
    return unsafe clinux_load_acquire(base + offset)
  }

  /// Puts a word that the other side may read at any time: it then sees whatever was put before it.
  ///
  /// `offset` is a multiple of four.
  public func setWord(_ value: UInt32, at offset: Int) {
    precondition(offset >= 0 && offset % 4 == 0 && offset + 4 <= size, "a word of shared memory lies outside of it")
    unsafe clinux_store_release(base + offset, value)
  }

  private func clamped(_ offset: Int, _ count: Int) -> Range<Int> {
    let start = min(max(0, offset), size)
    return start..<min(size, start + max(0, count))
  }
}
