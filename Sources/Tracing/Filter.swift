/// The program that the kernel runs at a tracepoint: it copies the records of the lab's own sockets into the ring, each
/// with the time and its network namespace, and passes everything else over.
///
/// A tracepoint sees the whole machine. The program follows the record's `skaddr` to the socket's network namespace and
/// looks its cookie up among those of the lab. It always answers 1, so that other tracers of the machine miss nothing.
struct Filter {
  /// One instruction, see Documentation/bpf/standardization/instruction-set.rst.
  struct Instruction: Hashable {
    var code: UInt8
    var destination: UInt8 = 0
    var source: UInt8 = 0
    var offset: Int16 = 0
    var immediate: Int32 = 0

    /// The eight bytes of `struct bpf_insn`.
    var bytes: [UInt8] {
      let offset = UInt16(bitPattern: offset)
      let immediate = UInt32(bitPattern: immediate)
      return [code, destination | source << 4, UInt8(offset & 0xFF), UInt8(offset >> 8)]
        + (0..<4).map { UInt8(truncatingIfNeeded: immediate >> (8 * $0)) }
    }
  }

  /// The descriptors of the two maps, and where the kernel keeps what.
  struct Surroundings {
    /// A hash map from the cookies of the lab's network namespaces to how many of their records were lost.
    var namespaces: Int32
    /// The ring.
    var ring: Int32
    /// Bytes before the pointer to the network namespace in `struct sock_common`, with which every socket begins.
    var namespaceOffset: Int
    /// Bytes before the cookie in `struct net`.
    var cookieOffset: Int
  }

  /// What stands before the record in the ring: the monotonic time, the namespace's cookie, and which tracepoint.
  static let headerSize = 24
  /// The beginning of a record, which programs may not read: what all tracepoints have in common.
  static let commonSize = 8

  private(set) var instructions: [Instruction] = []
  private var exits: [Int] = []

  /// The program for the tracepoint with this format, number `kind` in the ring; `nil` if its records name no socket.
  init?(_ format: TracepointFormat, kind: Int32, _ surroundings: Surroundings) {
    guard let socket = format.fields["skaddr"], socket.size == 8, socket.offset >= Filter.commonSize else { return nil }
    let end = format.size
    let padded = (end - Filter.commonSize + 7) / 8 * 8
    let base = -Int16(Filter.headerSize + padded + 8)
    // r6 is the record, r7 the socket and then its namespace.
    add(0xBF, 6, 1)
    add(0x79, 7, 6, offset: Int16(socket.offset))
    leaveIfZero(7)
    readKernel(7, plus: surroundings.namespaceOffset)
    add(0x79, 7, 10, offset: -8)
    readKernel(7, plus: surroundings.cookieOffset)
    // map_lookup_elem(namespaces, &cookie)
    loadMap(surroundings.namespaces)
    addressOfStack(2, -8)
    call(1)
    leaveIfZero(0)
    add(0xBF, 8, 0)
    // ktime_get_ns(), which is CLOCK_MONOTONIC
    call(5)
    add(0x7B, 10, 0, offset: base)
    add(0x79, 0, 10, offset: -8)
    add(0x7B, 10, 0, offset: base + 8)
    add(0x7A, 10, offset: base + 16, immediate: kind)
    if end % 8 != 0 { add(0x7A, 10, offset: base + 16 + Int16(end / 8 * 8), immediate: 0) }
    copyRecord(to: end, base: base)
    // ringbuf_output(ring, &copy, size, 0)
    loadMap(surroundings.ring)
    addressOfStack(2, base)
    add(0xB7, 3, immediate: Int32(Filter.headerSize + padded))
    add(0xB7, 4)
    call(130)
    leaveIfZero(0)
    // There was no room: one more lost.
    add(0xB7, 1, immediate: 1)
    add(0xDB, 8, 1)
    for place in exits { instructions[place].offset = Int16(instructions.count - place - 1) }
    add(0xB7, 0, immediate: 1)
    add(0x95)
  }

  private mutating func add(
    _ code: UInt8,
    _ destination: UInt8 = 0,
    _ source: UInt8 = 0,
    offset: Int16 = 0,
    immediate: Int32 = 0
  ) {
    instructions.append(
      Instruction(code: code, destination: destination, source: source, offset: offset, immediate: immediate)
    )
  }

  private mutating func leaveIfZero(_ register: UInt8) {
    exits.append(instructions.count)
    add(0x15, register)
  }

  private mutating func call(_ helper: Int32) { add(0x85, immediate: helper) }

  private mutating func addressOfStack(_ register: UInt8, _ offset: Int16) {
    add(0xBF, register, 10)
    add(0x07, register, immediate: Int32(offset))
  }

  private mutating func loadMap(_ descriptor: Int32) {
    // Two instructions long; the source 1 says that the number is a map's descriptor.
    add(0x18, 1, 1, immediate: descriptor)
    add(0)
  }

  /// Reads eight bytes that a register points near to onto the stack: `probe_read_kernel`.
  private mutating func readKernel(_ register: UInt8, plus offset: Int) {
    add(0xBF, 3, register)
    add(0x07, 3, immediate: Int32(clamping: offset))
    addressOfStack(1, -8)
    add(0xB7, 2, immediate: 8)
    call(113)
  }

  /// Copies the record behind its common beginning, in the widest aligned pieces that do not reach beyond its end.
  private mutating func copyRecord(to end: Int, base: Int16) {
    let pieces: [(width: Int, load: UInt8, store: UInt8)] = [
      (8, 0x79, 0x7B), (4, 0x61, 0x63), (2, 0x69, 0x6B), (1, 0x71, 0x73),
    ]
    var offset = Filter.commonSize
    while offset < end {
      guard let piece = pieces.first(where: { offset % $0.width == 0 && offset + $0.width <= end }) else { return }
      add(piece.load, 0, 6, offset: Int16(offset))
      add(piece.store, 10, 0, offset: base + 16 + Int16(offset))
      offset += piece.width
    }
  }
}
