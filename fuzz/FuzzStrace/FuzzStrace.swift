import Strace
import Timeline

/// Reads the input as what strace writes, in two pieces, with a pause between them in which calls come to block.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzStrace(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  let bytes = Array(UnsafeBufferPointer(start: start, count: count))
  var reader = StraceReader()
  let cut = bytes.first.map { Int($0) * bytes.count / 256 } ?? 0
  var items = reader.take(Array(bytes[..<cut]), clockOffset: 0)
  if let due = reader.due { items += reader.overdue(at: due) }
  items += reader.take(Array(bytes[cut...]), clockOffset: Int64(count) << 48)
  for case .call(_, let call) in items {
    var object = call.json
    precondition(SystemCall(taking: &object) == call, "written otherwise than read")
  }
  return 0
}
