internal import Packets
internal import Sockets

/// The pcapng file of a run: one interface for each end of each wire.
///
/// A frame is written when its fate is known, so that those that died carry a comment which says of what.
final class CaptureFile {
  private let output: CInt
  private var writer = PcapNG()
  private var interfaces: [String: Int] = [:]
  private var waiting: [(number: Int, sighting: Sighting)] = []
  private var comments: [Int: String] = [:]
  private var failure: SystemError?

  /// A file that goes to this descriptor, which was opened by whoever started the laboratory.
  init(output: CInt, kernel: String) throws(SystemError) {
    self.output = output
    try FileIO.writeAll(writer.header(system: "Linux \(kernel)", application: "halfopen"), to: output)
  }

  /// Describes the two ends of a host's wire, the first time that the host is switched on.
  func add(_ place: Place) throws(SystemError) {
    let host = place.host
    let ends: [(Sighting.End, String)] = [
      (.host, "\(host)'s end of its wire"), (.port, "the switch's end of \(host)'s wire"),
    ]
    for (end, description) in ends {
      let name = Sighting.interface(of: host, end)
      guard interfaces[name] == nil else { continue }
      let (number, bytes) = writer.interface(
        .init(name: name, description: description, snapLength: UInt32(PacketRing.snapLength))
      )
      interfaces[name] = number
      try FileIO.writeAll(bytes, to: output)
    }
  }

  /// Takes a frame, which waits for ``release(before:)``.
  func take(_ sighting: Sighting, number: Int) { waiting.append((number, sighting)) }

  /// Says something about a frame that waits.
  func comment(_ text: String, on number: Int) { comments[number] = text }

  /// Writes the frames that passed before `time`, the earlier first.
  ///
  /// What cannot be written is told by ``check()``.
  func release(before time: Int64) {
    guard waiting.contains(where: { $0.sighting.time < time }) else { return }
    let ready = waiting.filter { $0.sighting.time < time }.sorted {
      ($0.sighting.time, $0.number) < ($1.sighting.time, $1.number)
    }
    waiting.removeAll { $0.sighting.time < time }
    var bytes: [UInt8] = []
    for (number, sighting) in ready {
      guard let interface = interfaces[sighting.interface] else { continue }
      bytes += writer.packet(
        .init(
          interface: interface,
          time: sighting.realtime,
          bytes: sighting.bytes,
          length: sighting.length,
          // The host's own interface sends what the switch's port gets.
          direction: sighting.isFromHost == (sighting.end == .host) ? .outbound : .inbound,
          comments: comments.removeValue(forKey: number).map { [$0] } ?? []
        )
      )
    }
    do throws(SystemError) {
      if failure == nil { try FileIO.writeAll(bytes, to: output) }
    } catch {
      failure = error
    }
  }

  /// Fails with what went wrong when frames were written.
  func check() throws(SystemError) {
    if let failure { throw failure }
  }
}
