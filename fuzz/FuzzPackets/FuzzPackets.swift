internal import Packets

/// Reads the input as a run of packets, each with a byte for its length and one for the time since the last, and puts
/// them through everything that looks at packets.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzPackets(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  var rest = Array(UnsafeBufferPointer(start: start, count: count))[...]
  var tracker = FlowTracker()
  var matcher = WireMatcher<Int>(grace: 100_000_000)
  var writer = PcapNG()
  _ = writer.interface(.init(name: "fuzz", description: ""))
  var time: Int64 = 0
  var number = 0
  while let length = rest.popFirst(), let delay = rest.popFirst() {
    let bytes = Array(rest.prefix(Int(length)))
    rest = rest.dropFirst(Int(length))
    time += Int64(delay) * 5_000_000
    number += 1
    let packet = Packet(bytes, link: delay & 1 == 0 ? .ethernet : .rawIP)
    if packet.defects.isEmpty, let written = packet.bytes {
      precondition(bytes.starts(with: written), "written otherwise than read")
    }
    precondition(!tracker.observe(packet, at: time).line().isEmpty || bytes.isEmpty || packet.ip == nil)
    _ = delay & 2 == 0 ? matcher.sent(bytes, at: time, id: number) : matcher.received(bytes, at: time, id: number)
    _ = matcher.settle(at: time)
    precondition(writer.packet(.init(interface: 0, time: time, bytes: bytes)).count % 4 == 0)
  }
  return 0
}
