internal import CLinux
internal import Glibc

/// A packet socket that captures every frame of the network namespace it was opened in, see packet(7).
///
/// The kernel copies the beginning of each frame into a ring that is shared with it (`PACKET_RX_RING`, `TPACKET_V2`),
/// with its own timestamp in nanoseconds. A full ring loses frames, which are counted; nobody ever waits for the reader.
@safe public final class PacketRing {
  /// One captured frame.
  public struct Frame: Sendable {
    /// When it passed, by CLOCK_REALTIME, in nanoseconds.
    public var realtime: Int64
    /// The number of the interface that it passed.
    public var interface: Int32
    /// Whether it was leaving by that interface (`PACKET_OUTGOING`); otherwise it came in.
    public var isOutgoing: Bool
    /// Its first bytes, at most ``PacketRing/snapLength``.
    public var bytes: [UInt8]
    /// The length of the whole frame.
    public var length: Int
  }

  /// The most bytes of a frame that are kept: the headers of everything, and the beginning of what they carry.
  public static let snapLength = 256

  private static let frameSize = 512
  private static let blockSize = 1 << 16
  private static let blockCount = 16
  /// How many frames wait to be read at most.
  public static let capacity = blockSize / frameSize * blockCount

  private let shared: SharedDescriptor
  private let memory: UnsafeMutableRawPointer
  private var next = 0

  /// The descriptor: readable when a frame waits.
  public var descriptor: CInt { shared.rawValue }

  /// Opens a capture in the network namespace that this process is in; it stays there.
  ///
  /// Needs CAP_NET_RAW in it. With `interface` only that one's frames are captured, otherwise those of all.
  public init(interface: Int32? = nil) throws(SystemError) {
    // Protocol 0 captures nothing: the ring is there before the first frame comes.
    let descriptor = socket(AF_PACKET, CInt(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError(call: "socket", subject: "AF_PACKET", errno: .last) }
    shared = SharedDescriptor(FileDescriptor(owning: descriptor))
    try PacketRing.set(descriptor, PACKET_VERSION, "PACKET_VERSION", CInt(TPACKET_V2.rawValue))
    let request = tpacket_req(
      tp_block_size: UInt32(PacketRing.blockSize),
      tp_block_nr: UInt32(PacketRing.blockCount),
      tp_frame_size: UInt32(PacketRing.frameSize),
      tp_frame_nr: UInt32(PacketRing.capacity)
    )
    try PacketRing.set(descriptor, PACKET_RX_RING, "PACKET_RX_RING", request)
    let size = PacketRing.blockSize * PacketRing.blockCount
    let mapped = unsafe mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    guard let mapped = unsafe mapped, unsafe mapped != MAP_FAILED else {
      throw SystemError(call: "mmap", subject: "PACKET_RX_RING", errno: .last)
    }
    unsafe memory = mapped
    var address = sockaddr_ll()
    address.sll_family = UInt16(AF_PACKET)
    address.sll_protocol = UInt16(ETH_P_ALL).bigEndian
    address.sll_ifindex = interface ?? 0
    let length = socklen_t(MemoryLayout<sockaddr_ll>.size)
    let result = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(descriptor, $0, length) }
    }
    guard result == 0 else { throw SystemError(call: "bind", subject: "AF_PACKET", errno: .last) }
  }

  deinit {
    unsafe munmap(memory, PacketRing.blockSize * PacketRing.blockCount)
  }

  /// The number of the interface of this name in the network namespace that this process is in; `nil` if there is none.
  ///
  /// See if_nametoindex(3).
  public static func interface(named name: String) -> Int32? {
    let number = unsafe if_nametoindex(name)
    return number == 0 ? nil : Int32(number)
  }

  /// Takes up to `limit` frames out of the ring, the oldest first; with `isRead` false they are only counted.
  ///
  /// Returns how many there were.
  public func drain(limit: Int = PacketRing.capacity, isRead: Bool = true, _ take: (Frame) -> Void) -> Int {
    var count = 0
    while count < limit {
      let frame = unsafe memory + next * PacketRing.frameSize
      guard unsafe clinux_load_acquire(frame) & UInt32(TP_STATUS_USER) != 0 else { break }
      if isRead { take(unsafe PacketRing.read(frame)) }
      unsafe clinux_store_release(frame, UInt32(TP_STATUS_KERNEL))
      next = (next + 1) % PacketRing.capacity
      count += 1
    }
    // An interface that goes down leaves ENETDOWN here, and poll(2) is ready for it again and again until it is taken.
    if count == 0 { forgetError() }
    return count
  }

  private func forgetError() {
    var error: CInt = 0
    var length = socklen_t(MemoryLayout<CInt>.size)
    _ = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length)
  }

  /// How many frames were lost since the last call, since the ring was full (`PACKET_STATISTICS`).
  public func takeLossCount() -> Int {
    var statistics = tpacket_stats()
    var length = socklen_t(MemoryLayout<tpacket_stats>.size)
    guard unsafe getsockopt(descriptor, SOL_PACKET, PACKET_STATISTICS, &statistics, &length) == 0 else { return 0 }
    return Int(statistics.tp_drops)
  }

  private static func read(_ frame: UnsafeMutableRawPointer) -> Frame {
    let header = unsafe frame.load(as: tpacket2_hdr.self)
    let addressOffset = (MemoryLayout<tpacket2_hdr>.size + Int(TPACKET_ALIGNMENT) - 1) & ~(Int(TPACKET_ALIGNMENT) - 1)
    let address = unsafe frame.load(fromByteOffset: addressOffset, as: sockaddr_ll.self)
    let count = min(Int(header.tp_snaplen), snapLength, max(0, frameSize - Int(header.tp_mac)))
    let bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: frame + Int(header.tp_mac), count: count))
    return Frame(
      realtime: Int64(header.tp_sec) * 1_000_000_000 + Int64(header.tp_nsec),
      interface: address.sll_ifindex,
      isOutgoing: address.sll_pkttype == UInt8(PACKET_OUTGOING),
      bytes: bytes,
      length: Int(header.tp_len)
    )
  }

  private static func set<Value: BitwiseCopyable>(_ descriptor: CInt, _ option: CInt, _ name: String, _ value: Value)
    throws(SystemError)
  {
    var value = value
    let length = socklen_t(MemoryLayout<Value>.size)
    guard unsafe setsockopt(descriptor, SOL_PACKET, option, &value, length) == 0 else {
      throw SystemError(call: "setsockopt", subject: name, errno: .last)
    }
  }
}
