internal import Tracing

/// Reads the input as a tracepoint's format file, or as a kernel's type information, by its first byte.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTracing(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  guard let first = bytes.first else { return 0 }
  if first & 1 == 0 {
    if let format = TracepointFormat(String(decoding: bytes.dropFirst(), as: UTF8.self)) {
      precondition(format.size > 0 && format.size <= 256)
    }
  } else if let types = TypeInformation(Array(bytes.dropFirst())) {
    precondition(types.offset(of: "skc_net", in: "sock_common").map { $0 >= 0 } ?? true)
  }
  return 0
}
