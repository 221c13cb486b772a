/// Finds out which packets sent at one end of a wire arrived at the other, and which were lost.
///
/// One matcher serves one direction. Feed it what left the near end and what reached the far end, in whatever order the
/// two captures are read, and call ``settle(at:)`` as time passes. Both captures must be stamped by one clock, as they
/// are on one kernel. Nothing is kept longer than the grace time.
///
/// Packets are paired by content. What routers change is left out: the Ethernet header, the IPv4 header's time to live
/// and checksum, the IPv6 hop limit; and a transport checksum, which a virtual wire may or may not have completed.
/// Limits: a packet that is cut into fragments or segments, or, unless that is said, whose addresses are translated, on
/// the way between the two ends is reported as lost there and as strange here. Packets with the very same content (an ARP request repeated)
/// are told apart by time alone: an arrival is paired with the one whose delay is closest to that of the last pair.
public struct WireMatcher: Sendable {
  /// The number by which the caller knows a capture.
  public typealias ID = Int

  /// What became of a packet.
  public enum Fate: Hashable, Sendable {
    /// It was sent and arrived, after so many nanoseconds.
    case arrived(sent: ID, received: ID, delay: Int64)
    /// It was sent, and did not arrive within the grace time.
    case lost(sent: ID)
    /// It arrived, and nothing like it had been sent: something between the ends made it.
    case strange(received: ID)
  }

  private struct Waiting: Sendable {
    var id: ID
    var time: Int64
  }

  /// What is kept of a packet's content to compare by.
  private struct Content: Hashable {
    var bytes: [UInt8]
    var length: Int
  }

  /// How long a packet may be under way, in nanoseconds.
  public let grace: Int64
  /// Whether addresses and ports may be others at the far end, as behind a NAT.
  public let isTranslated: Bool
  private var sent: [Content: [Waiting]] = [:]
  private var received: [Content: [Waiting]] = [:]
  private var usualDelay: Int64 = 0

  /// A matcher for a wire on which a packet is under way for at most `grace` nanoseconds.
  public init(grace: Int64, isTranslated: Bool = false) {
    self.grace = grace
    self.isTranslated = isTranslated
  }

  /// A packet left the near end at `time`; `length` is its length if not all of it was captured.
  public mutating func sent(_ bytes: [UInt8], length: Int? = nil, at time: Int64, id: ID) -> Fate? {
    let content = content(bytes, length)
    let candidates = received[content] ?? []
    let index = candidates.indices.filter { canPair(time, candidates[$0].time) }.min {
      distance(time, candidates[$0].time) < distance(time, candidates[$1].time)
    }
    guard let index else {
      sent[content, default: []].append(Waiting(id: id, time: time))
      return nil
    }
    let arrival = candidates[index]
    WireMatcher.remove(index, of: content, from: &received)
    return pair(Waiting(id: id, time: time), with: arrival)
  }

  /// A packet reached the far end at `time`.
  public mutating func received(_ bytes: [UInt8], length: Int? = nil, at time: Int64, id: ID) -> Fate? {
    let content = content(bytes, length)
    let candidates = sent[content] ?? []
    let index = candidates.indices.filter { canPair(candidates[$0].time, time) }.min {
      distance(candidates[$0].time, time) < distance(candidates[$1].time, time)
    }
    guard let index else {
      received[content, default: []].append(Waiting(id: id, time: time))
      return nil
    }
    let departure = candidates[index]
    WireMatcher.remove(index, of: content, from: &sent)
    return pair(departure, with: Waiting(id: id, time: time))
  }

  /// Gives up the packets that at `now` have waited for their other half for longer than the grace time, older first.
  ///
  /// Both captures must have been fed up to `now`.
  public mutating func settle(at now: Int64) -> [Fate] {
    let lost = WireMatcher.expire(&sent, before: now - grace)
    let strange = WireMatcher.expire(&received, before: now - grace)
    let fates =
      lost.map { ($0.time, Fate.lost(sent: $0.id)) } + strange.map { ($0.time, Fate.strange(received: $0.id)) }
    return fates.sorted { $0.0 < $1.0 }.map(\.1)
  }

  /// The time at which the next packet is settled unless its other half comes; `nil` if none waits.
  public var nextSettlement: Int64? {
    let waiting = sent.values.joined().map(\.time) + received.values.joined().map(\.time)
    return waiting.min().map { $0 + grace + 1 }
  }

  // MARK: Pairing

  private func canPair(_ sent: Int64, _ received: Int64) -> Bool {
    received >= sent && received - sent <= grace
  }

  private func distance(_ sent: Int64, _ received: Int64) -> Int64 { abs(received - sent - usualDelay) }

  private mutating func pair(_ departure: Waiting, with arrival: Waiting) -> Fate {
    usualDelay = arrival.time - departure.time
    return .arrived(sent: departure.id, received: arrival.id, delay: usualDelay)
  }

  private static func remove(_ index: Int, of content: Content, from table: inout [Content: [Waiting]]) {
    table[content]?.remove(at: index)
    if table[content]?.isEmpty == true { table[content] = nil }
  }

  private static func expire(_ table: inout [Content: [Waiting]], before limit: Int64) -> [Waiting] {
    var expired: [Waiting] = []
    for (content, waiting) in table where waiting.contains(where: { $0.time < limit }) {
      expired += waiting.filter { $0.time < limit }
      let rest = waiting.filter { $0.time >= limit }
      table[content] = rest.isEmpty ? nil : rest
    }
    return expired
  }

  // MARK: Content

  private func content(_ bytes: [UInt8], _ length: Int?) -> Content {
    let frame = WireBytes(bytes)
    guard let ethernet = EthernetHeader(EthernetView(frame)) else {
      return Content(bytes: bytes, length: length ?? bytes.count)
    }
    var rest = frame.dropping(12).array
    let start = ethernet.length - 12
    let view = frame.dropping(ethernet.length)
    if ethernet.type == .ipv4, let header = IPv4Header(IPv4View(view)) {
      blank(&rest, start + 8, 1)
      blank(&rest, start + 10, 2)
      if isTranslated { blank(&rest, start + 12, 8) }
      blankTransport(&rest, start + header.length, .v4(header))
    } else if ethernet.type == .ipv6, let header = IPv6Header(IPv6View(view)) {
      blank(&rest, start + 7, 1)
      if isTranslated { blank(&rest, start + 8, 32) }
      blankTransport(&rest, start + header.length, .v6(header))
    }
    return Content(bytes: rest, length: length ?? bytes.count)
  }

  private func blankTransport(_ bytes: inout [UInt8], _ start: Int, _ ip: IPHeader) {
    guard (ip.fragment?.offset ?? 0) == 0 else { return }
    if isTranslated, ip.carried == .tcp || ip.carried == .udp { blank(&bytes, start, 4) }
    switch ip.carried {
    case .tcp: blank(&bytes, start + TCPView.checksumOffset, 2)
    case .udp: blank(&bytes, start + 6, 2)
    default: break
    }
  }

  private func blank(_ bytes: inout [UInt8], _ start: Int, _ count: Int) {
    for index in start..<start + count where index < bytes.count { bytes[index] = 0 }
  }
}
