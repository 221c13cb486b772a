internal import CLinux
internal import Glibc
public import Sockets

/// What the kernel's tracepoints say of the TCP sockets of some network namespaces, at the very moment.
///
/// Each tracepoint runs a ``Filter``, attached by perf_event_open(2) and loaded by bpf(2), which both need root in the
/// machine's first user namespace. Everything hangs on descriptors of this process: however it ends, nothing is left, and
/// no other tracer of the machine notices.
public final class KernelTrace {
  private let ring: TraceRing
  private let namespaces: SharedDescriptor
  private let attached: [SharedDescriptor]
  private let formats: [Tracepoint: TracepointFormat]

  /// Readable when a record waits.
  public var descriptor: CInt { ring.descriptor }

  /// Attaches to the tracepoints whose formats lie below `directory`, which is tracefs.
  ///
  /// - Throws: What the kernel does not have, or does not let this process do.
  public init(tracefs directory: String) throws(SystemError) {
    var formats: [Tracepoint: TracepointFormat] = [:]
    for tracepoint in Tracepoint.allCases {
      let path = "\(directory)/events/\(tracepoint.path)/format"
      guard let format = TracepointFormat(try FileIO.contents(of: path)) else {
        throw SystemError(call: "reading", subject: path, errno: .notSupported)
      }
      formats[tracepoint] = format
    }
    namespaces = try KernelTrace.makeMap(type: 1, keySize: 8, valueSize: 8, entries: 64)
    let ringMap = try KernelTrace.makeMap(type: 27, keySize: 0, valueSize: 0, entries: UInt32(TraceRing.capacity))
    ring = try TraceRing(ringMap)
    let surroundings = try KernelTrace.surroundings(namespaces: namespaces.rawValue, ring: ringMap.rawValue)
    var attached: [SharedDescriptor] = []
    for (tracepoint, format) in formats.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      guard let filter = Filter(format, kind: tracepoint.rawValue, surroundings) else { continue }
      attached += try KernelTrace.attach(filter, to: format.number)
    }
    self.attached = attached
    self.formats = formats
  }

  /// How much of the kernel's type information is read first: the structures of its sockets are among the first types.
  private static let firstOfTypes = 1 << 18

  private static func surroundings(namespaces: CInt, ring: CInt) throws(SystemError) -> Filter.Surroundings {
    let path = "/sys/kernel/btf/vmlinux"
    let file = try FileIO.open(path)
    for limit in [firstOfTypes, .max] {
      guard let types = TypeInformation(file: file.rawValue, upTo: limit) else { break }
      guard let namespaceOffset = types.offset(of: "skc_net", in: "sock_common"),
        let cookieOffset = types.offset(of: "net_cookie", in: "net")
      else { continue }
      return Filter.Surroundings(
        namespaces: namespaces,
        ring: ring,
        namespaceOffset: namespaceOffset,
        cookieOffset: cookieOffset
      )
    }
    throw SystemError(call: "reading", subject: path, errno: .notSupported)
  }

  /// Lets the sockets of a network namespace be told.
  public func watch(namespace cookie: UInt64) throws(SystemError) { try change(2, cookie) }

  /// Lets them be told no more.
  public func ignore(namespace cookie: UInt64) { try? change(3, cookie) }

  /// The records since the last call, the earlier first; of a socket's namespace that is no more watched some may be left.
  public func read() -> [TraceRecord] {
    var records: [TraceRecord] = []
    ring.drain { bytes in
      if let record = TraceRecord(bytes, formats: formats) { records.append(record) }
    }
    // Two processors write into it.
    return records.sorted { $0.time < $1.time }
  }

  /// How many records of a namespace there was no room for.
  public func lostCount(namespace cookie: UInt64) -> UInt64 {
    var (key, value) = (cookie, UInt64(0))
    let result = unsafe withUnsafeMutablePointer(to: &key) { key in
      unsafe withUnsafeMutablePointer(to: &value) { value in
        var attributes = Attributes()
        attributes.append(UInt64(UInt32(namespaces.rawValue)))
        attributes.append(UInt64(UInt(bitPattern: key)))
        attributes.append(UInt64(UInt(bitPattern: value)))
        return attributes.call(1)
      }
    }
    return result < 0 ? 0 : value
  }

  /// `BPF_MAP_UPDATE_ELEM` (2) or `BPF_MAP_DELETE_ELEM` (3) of the namespaces' map.
  private func change(_ command: CInt, _ cookie: UInt64) throws(SystemError) {
    var (key, value) = (cookie, UInt64(0))
    let result = unsafe withUnsafeMutablePointer(to: &key) { key in
      unsafe withUnsafeMutablePointer(to: &value) { value in
        var attributes = Attributes()
        attributes.append(UInt64(UInt32(namespaces.rawValue)))
        attributes.append(UInt64(UInt(bitPattern: key)))
        if command == 2 {
          attributes.append(UInt64(UInt(bitPattern: value)))
          attributes.append(UInt64(0))
        }
        return attributes.call(command)
      }
    }
    guard result >= 0 else { throw SystemError(call: "bpf", subject: "a network namespace", errno: .last) }
  }

  // MARK: System calls

  /// The arguments of bpf(2) and perf_event_open(2), which are structures that grow from version to version.
  private struct Attributes {
    var bytes: [UInt8] = []

    mutating func append<Number: FixedWidthInteger>(_ number: Number) {
      for index in 0..<(Number.bitWidth / 8) { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * index))) }
    }

    mutating func call(_ command: CInt) -> CInt {
      let count = UInt32(bytes.count)
      return unsafe bytes.withUnsafeMutableBytes { unsafe clinux_bpf(command, $0.baseAddress, count) }
    }
  }

  private static func makeMap(type: UInt32, keySize: UInt32, valueSize: UInt32, entries: UInt32)
    throws(SystemError) -> SharedDescriptor
  {
    var attributes = Attributes()
    for number in [type, keySize, valueSize, entries] { attributes.append(number) }
    let descriptor = attributes.call(0)
    guard descriptor >= 0 else { throw SystemError(call: "bpf", subject: "a map", errno: .last) }
    return SharedDescriptor(FileDescriptor(owning: descriptor))
  }

  private static func load(_ filter: Filter) throws(SystemError) -> SharedDescriptor {
    var code = filter.instructions.flatMap(\.bytes)
    // bpf_probe_read_kernel wants a program under a licence that goes with the kernel's.
    var license = Array("Dual MIT/GPL".utf8) + [0]
    let descriptor = unsafe code.withUnsafeMutableBytes { code -> CInt in
      unsafe license.withUnsafeMutableBytes { license in
        var attributes = Attributes()
        // BPF_PROG_TYPE_TRACEPOINT
        attributes.append(UInt32(5))
        attributes.append(UInt32(code.count / 8))
        attributes.append(UInt64(UInt(bitPattern: code.baseAddress)))
        attributes.append(UInt64(UInt(bitPattern: license.baseAddress)))
        return attributes.call(5)
      }
    }
    guard descriptor >= 0 else { throw SystemError(call: "bpf", subject: "a filter", errno: .last) }
    return SharedDescriptor(FileDescriptor(owning: descriptor))
  }

  /// Lets a filter run at a tracepoint, on every processor.
  private static func attach(_ filter: Filter, to number: UInt64) throws(SystemError) -> [SharedDescriptor] {
    let program = try load(filter)
    var attributes = Attributes()
    // PERF_TYPE_TRACEPOINT, and the structure's first size.
    attributes.append(UInt32(2))
    attributes.append(UInt32(64))
    attributes.append(number)
    attributes.bytes += [UInt8](repeating: 0, count: 64 - attributes.bytes.count)
    let closeOnExec: UInt = 8
    let descriptor = unsafe attributes.bytes.withUnsafeMutableBytes {
      unsafe clinux_perf_event_open($0.baseAddress, -1, 0, -1, closeOnExec)
    }
    guard descriptor >= 0 else { throw SystemError(call: "perf_event_open", errno: .last) }
    let event = SharedDescriptor(FileDescriptor(owning: descriptor))
    // PERF_EVENT_IOC_SET_BPF and PERF_EVENT_IOC_ENABLE
    guard clinux_ioctl_value(descriptor, 0x4004_2408, UInt(program.rawValue)) == 0,
      clinux_ioctl_value(descriptor, 0x2400, 0) == 0
    else { throw SystemError(call: "ioctl", subject: "a tracepoint", errno: .last) }
    return [program, event]
  }
}
