internal import CLinux
internal import Glibc
internal import Sockets

/// The ring that the filters write into (`BPF_MAP_TYPE_RINGBUF`, see Documentation/bpf/ringbuf.rst): shared memory of
/// which the kernel moves one end and the reader the other.
@safe final class TraceRing {
  /// Room for some thousand records.
  static let capacity = 1 << 18

  private let shared: SharedDescriptor
  /// A page whose first word is how far the reader has come.
  private let consumer: UnsafeMutableRawPointer
  /// A page whose first word is how far the kernel has come, and the records, twice in a row.
  private let producer: UnsafeMutableRawPointer
  private let page = Int(sysconf(Int32(_SC_PAGESIZE)))

  /// Readable when a record waits.
  var descriptor: CInt { shared.rawValue }

  private var producerSize: Int { page + 2 * TraceRing.capacity }

  /// Maps the ring of this descriptor.
  init(_ descriptor: SharedDescriptor) throws(SystemError) {
    shared = descriptor
    let number = descriptor.rawValue
    let own = unsafe mmap(nil, page, PROT_READ | PROT_WRITE, MAP_SHARED, number, 0)
    guard let own = unsafe own, unsafe own != MAP_FAILED else {
      throw SystemError(call: "mmap", subject: "the tracepoints' ring", errno: .last)
    }
    let kernels = unsafe mmap(nil, page + 2 * TraceRing.capacity, PROT_READ, MAP_SHARED, number, off_t(page))
    guard let kernels = unsafe kernels, unsafe kernels != MAP_FAILED else {
      let errno = Errno.last
      unsafe munmap(own, page)
      throw SystemError(call: "mmap", subject: "the tracepoints' ring", errno: errno)
    }
    unsafe consumer = own
    unsafe producer = kernels
  }

  deinit {
    unsafe munmap(consumer, page)
    unsafe munmap(producer, producerSize)
  }

  /// Takes every record out of the ring, the oldest first.
  func drain(_ take: ([UInt8]) -> Void) {
    var position = unsafe clinux_load_acquire_long(consumer)
    while unsafe position < clinux_load_acquire_long(producer) {
      let place = page + Int(position % UInt64(TraceRing.capacity))
      let header = unsafe clinux_load_acquire(producer + place)
      // The kernel is still writing this one: it rings again.
      if header & 1 << 31 != 0 { return }
      let length = Int(header & 0x3FFF_FFFF)
      guard length <= TraceRing.capacity - 8 else { return }
      if header & 1 << 30 == 0 {
        take(unsafe [UInt8](UnsafeRawBufferPointer(start: producer + place + 8, count: length)))
      }
      position += UInt64((length + 8 + 7) / 8 * 8)
      unsafe clinux_store_release_long(consumer, position)
    }
  }
}
