internal import Netlink
internal import Timeline

/// Reads the input as the payload of a sock_diag answer.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzNetlink(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  if let message = DiagnosticsMessage(ByteReader(bytes)) { precondition(!message.sample.local.isEmpty) }
  return 0
}
