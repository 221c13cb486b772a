/// Tells what each packet at one interface is in the course of its connection: a retransmission, a probe, an answer.
///
/// Feed it the packets of one interface in order, both directions. What it says of packets that this interface's own
/// host has sent follows ``FlowRules``; of packets from elsewhere it knows only what arrived here.
public struct FlowTracker: Sendable {
  private var flows: [FlowKey: TCPFlow] = [:]
  private var requests: [Question: (count: Int, time: Int64)] = [:]
  private let rules: FlowRules

  /// Who asks for whose link address.
  private struct Question: Hashable {
    var asker: IPAddress
    var target: IPAddress
  }

  /// The most connections that are remembered; a packet of one more makes it begin anew.
  public static let mostFlows = 20_000
  /// Requests for the same address further apart than this belong to different attempts: Linux repeats them after a
  /// second (`retrans_time_ms` of the neighbour table).
  private static let requestGap: Int64 = 2_500_000_000

  /// A tracker that has seen nothing.
  public init(rules: FlowRules = FlowRules()) {
    self.rules = rules
  }

  /// Takes in a packet that passed at `time` (nanoseconds of any clock), and tells what it is.
  public mutating func observe(_ packet: Packet, at time: Int64) -> Observation {
    switch packet.content {
    case .tcp(let segment):
      guard let ip = packet.ip else { break }
      return observe(segment, of: packet, ip, at: time)
    case .arp(let message):
      return Observation(packet: packet, kind: kind(of: message, at: time))
    case .icmp(let message):
      return observe(message, of: packet, at: time)
    default: break
    }
    return Observation(packet: packet, kind: .other)
  }

  private mutating func observe(
    _ segment: TCPSegment,
    of packet: Packet,
    _ ip: IPHeader,
    at time: Int64
  ) -> Observation {
    let source = Endpoint(ip.source, segment.sourcePort)
    let key = FlowKey(source, Endpoint(ip.destination, segment.destinationPort))
    if flows.count >= FlowTracker.mostFlows, flows[key] == nil { flows = [:] }
    // The flow is taken out and put back, so that it is changed in place.
    var flow = flows.removeValue(forKey: key) ?? TCPFlow(rules: rules)
    let (kind, numbers) = flow.observe(segment, fromFirst: source == key.first, at: time)
    flows[key] = flow
    var observation = Observation(packet: packet, kind: kind)
    observation.connection = key
    observation.sequence = numbers.sequence
    observation.acknowledgment = numbers.acknowledgment
    observation.window = numbers.window
    observation.windowIsScaled = numbers.windowIsScaled
    observation.sackBlocks = numbers.sackBlocks
    return observation
  }

  // MARK: Addresses

  private mutating func kind(of message: ARPMessage, at time: Int64) -> PacketKind {
    if message.isAnnouncement { return .addressAnnouncement }
    switch message.operation {
    case ARPMessage.request:
      return .addressRequest(countRequest(message.senderAddress, for: message.targetAddress, at: time))
    case ARPMessage.reply:
      requests[Question(asker: message.targetAddress, target: message.senderAddress)] = nil
      return .addressReply
    default: return .other
    }
  }

  private mutating func countRequest(_ asker: IPAddress, for target: IPAddress, at time: Int64) -> Int {
    if requests.count >= FlowTracker.mostFlows { requests = [:] }
    let question = Question(asker: asker, target: target)
    var count = 1
    if let before = requests[question], time - before.time < FlowTracker.requestGap { count = before.count + 1 }
    requests[question] = (count, time)
    return count
  }

  // MARK: ICMP

  private mutating func observe(_ message: ICMPMessage, of packet: Packet, at time: Int64) -> Observation {
    switch message.meaning {
    case .neighborSolicitation(let target?, _):
      let asker = packet.ip?.source ?? target
      return Observation(packet: packet, kind: .addressRequest(countRequest(asker, for: target, at: time)))
    case .neighborAdvertisement(let target?, _, let solicited):
      guard solicited, let asker = packet.ip?.destination else {
        return Observation(packet: packet, kind: .addressAnnouncement)
      }
      requests[Question(asker: asker, target: target)] = nil
      return Observation(packet: packet, kind: .addressReply)
    default: break
    }
    guard let quoted = message.quoted else { return Observation(packet: packet, kind: .other) }
    var observation = Observation(packet: packet, kind: .icmpError)
    guard quoted.carried == .tcp, let ports = quoted.ports else { return observation }
    let source = Endpoint(quoted.source, ports.source)
    let key = FlowKey(source, Endpoint(quoted.destination, ports.destination))
    observation.connection = key
    if let flow = flows[key], let place = quoted.sequence {
      let sender = source == key.first ? flow.first : flow.second
      observation.sequence = sender.base.map { place - $0 }
    }
    return observation
  }
}
