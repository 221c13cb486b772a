/// A packet that a host sent or got, and what became of it.
public struct PacketSample: Hashable, Sendable {
  /// Which way it went, seen from the event's host.
  public enum Direction: String, Hashable, Sendable {
    /// The host sent it: it left by the host's own interface.
    case out
    /// The host got it, and no host of the lab had sent it: something between them made it.
    case `in`
  }

  /// What became of a packet.
  public enum Fate: String, Hashable, Sendable {
    /// It reached the host that it was for.
    case arrived
    /// It died on its way.
    case lost
  }

  /// What the laboratory's note says when the capture missed packets: then a missing packet proves nothing.
  public static let missedNote = "frames came too fast for the capture and are not shown"

  /// Which way it went.
  public var direction: Direction
  /// From whom: an address, with the port if there is one (`10.88.1.10:33226`), or an Ethernet address.
  public var source: String
  /// To whom, likewise.
  public var destination: String
  /// What it carries, such as `TCP`, `ARP` or `ICMP`.
  public var carried: String
  /// The TCP flags that are set: `SYN ACK`.
  public var flags: String?
  /// The sequence number, counted from the sender's SYN.
  public var sequence: Int64?
  /// The acknowledgment number, counted from the receiver's SYN.
  public var acknowledgment: Int64?
  /// How many bytes of data it carries.
  public var length: Int64
  /// The window in bytes, scaled if the scale is known.
  public var window: Int64?
  /// What it says, where flags and numbers do not: `who has 10.88.88.140?`.
  public var text: String?
  /// What it is in the course of its connection: `retransmission 9`.
  public var meaning: String?
  /// The interfaces that saw it, in the order of its way: `kang:eth0`, `switch:kang`, `switch:kodos`, `kodos:eth0`.
  public var seen: [String]
  /// What became of it; `nil` if that is not known.
  public var fate: Fate?
  /// How long it was on its way, if it arrived.
  public var took: Int64?
  /// Where and why it died, if it did: `on kodos's wire: cut kodos`.
  public var cause: String?
  /// The line of the statement that it died of, if a statement of the lab explains its death.
  public var line: Int?

  /// A packet.
  public init(
    direction: Direction,
    source: String,
    destination: String,
    carried: String,
    flags: String? = nil,
    sequence: Int64? = nil,
    acknowledgment: Int64? = nil,
    length: Int64 = 0,
    window: Int64? = nil,
    text: String? = nil,
    meaning: String? = nil,
    seen: [String] = [],
    fate: Fate? = nil,
    took: Int64? = nil,
    cause: String? = nil,
    line: Int? = nil
  ) {
    self.direction = direction
    self.source = source
    self.destination = destination
    self.carried = carried
    self.flags = flags
    self.sequence = sequence
    self.acknowledgment = acknowledgment
    self.length = length
    self.window = window
    self.text = text
    self.meaning = meaning
    self.seen = seen
    self.fate = fate
    self.took = took
    self.cause = cause
    self.line = line
  }
}

// The members of a `packet` event, see docs/timeline-format.md.

extension PacketSample {
  var json: JSONObject {
    var object: JSONObject = [
      "direction": .string(direction.rawValue), "from": .string(source), "to": .string(destination),
      "carries": .string(carried),
    ]
    object.append("flags", flags.map { .string($0) })
    object.append("seq", sequence.map { .integer($0) })
    object.append("ack", acknowledgment.map { .integer($0) })
    object.append("len", .integer(length))
    object.append("win", window.map { .integer($0) })
    object.append("text", text.map { .string($0) })
    object.append("is", meaning.map { .string($0) })
    object.append("seen", .array(seen.map { .string($0) }))
    object.append("fate", fate.map { .string($0.rawValue) })
    object.append("took", took.map { .integer($0) })
    object.append("cause", cause.map { .string($0) })
    object.append("line", line.map { .integer(Int64($0)) })
    return object
  }

  /// Takes the members out of `object`; `nil` if the direction, an address or what it carries is missing.
  init?(taking object: inout JSONObject) {
    guard let direction = object.take("direction", { $0.string.flatMap(Direction.init) }),
      let source = object.take(string: "from"), let destination = object.take(string: "to"),
      let carried = object.take(string: "carries")
    else { return nil }
    self.init(direction: direction, source: source, destination: destination, carried: carried)
    flags = object.take(string: "flags")
    sequence = object.take(integer: "seq")
    acknowledgment = object.take(integer: "ack")
    length = object.take(integer: "len") ?? 0
    window = object.take(integer: "win")
    text = object.take(string: "text")
    meaning = object.take(string: "is")
    seen = object.take(strings: "seen") ?? []
    fate = object.take("fate") { $0.string.flatMap(Fate.init) }
    took = object.take(integer: "took")
    cause = object.take(string: "cause")
    line = object.take(count: "line")
  }
}
