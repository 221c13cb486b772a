internal import LabScript
internal import Packets
internal import Sockets
internal import Timeline

/// Captures the packets at both ends of every wire, and tells each as one event when its fate is known.
final class Capture {
  private let sink: EventSink
  private let taps = WireTaps()
  private var journeys: Journeys
  private(set) var faults: FaultHistory
  private var trackers: [String: FlowTracker] = [:]
  /// What the packets that are on their way look like, by the number of their capture at their host's own interface.
  private var observations: [Int: Observation] = [:]
  private var forgotten = 0
  private var file: CaptureFile?
  /// Until when the rings are left alone: frames come so fast that each reading finds many.
  private var restingUntil: Int64 = 0
  /// Between when and when frames were missed.
  private var blind: ClosedRange<Int64>?
  private var lastReading = Clock.monotonic
  /// When the oldest frame of the last reading passed; `nil` if there was none.
  private(set) var oldestOfLastReading: Int64?
  private var (missed, firstMissed): (Int, Moment?) = (0, nil)

  /// A virtual wire takes microseconds; on a busy machine the receiving side may have to wait for a processor, 100 ms where a
  /// hypervisor takes one away.
  ///
  /// It is less than the shortest retransmission timeout, after which the same packet comes again.
  static let grace: Int64 = 150_000_000
  /// From so many frames a reading on the rings are given a rest.
  private static let lively = 64
  private static let rest: Int64 = 2_000_000

  init(script: Script, places: [Place], sink: EventSink, file: CaptureFile?) {
    self.sink = sink
    self.file = file
    let addresses = places.compactMap { place in IPAddress(place.address).map { ($0, place.host) } }
    let aliases = Capture.aliases(in: script, places)
    journeys = Journeys(
      hosts: Dictionary(addresses) { first, _ in first },
      aliases: aliases,
      isTranslated: script.middlebox.map { $0.kind != .firewall } ?? false,
      grace: Capture.grace
    )
    let all = addresses + aliases.map { ($0.key, $0.value) }
    faults = FaultHistory(
      kind: script.network,
      addresses: Dictionary(grouping: all) { $0.1 }.mapValues { Set($0.map(\.0)) },
      middlebox: script.middlebox
    )
  }

  /// The addresses by which a middle box makes a host known to others, with the host.
  private static func aliases(in script: Script, _ places: [Place]) -> [IPAddress: String] {
    guard let box = script.middlebox, let host = box.host else { return [:] }
    let own: [String] =
      switch box.kind {
      case .firewall: []
      // Towards every other segment the router's own address there stands for the hidden host.
      case .nat: places.filter { $0.host != host }.compactMap(\.gateway)
      case .balancer: [ConnectionTracker.balancerAddress(over: script.family)]
      }
    return Dictionary(own.compactMap { IPAddress($0).map { ($0, host) } }) { first, _ in first }
  }

  // MARK: What the lab does

  /// A host was switched on.
  func open(_ place: Place, network: Network) throws(LaboratoryError) {
    try taps.open(place, network: network)
    trackers[place.host] = FlowTracker()
    do throws(SystemError) {
      try file?.add(place)
    } catch {
      throw LaboratoryError("the capture file", error)
    }
  }

  /// Saves the packets from now on; hosts that are on already are told to the file first.
  func save(to file: CaptureFile, places: [Place]) throws(SystemError) {
    self.file = file
    for place in places { try file.add(place) }
  }

  /// A host is being switched off: what it has sent until now is taken in.
  func close(_ host: String) {
    takeIn()
    taps.close(host)
  }

  /// A statement begins to be put in force.
  func begin(_ step: Step) { faults.begin(step, at: Clock.monotonic) }

  /// The statement is in force.
  func finish(_ step: Step) { faults.finish(step, at: Clock.monotonic) }

  // MARK: The loop

  /// What to poll now.
  var descriptors: [CInt] { Clock.monotonic < restingUntil ? [] : taps.descriptors }

  /// When there is something to do although nothing is readable.
  var due: Int64? {
    let rested = Clock.monotonic < restingUntil ? restingUntil : nil
    return [rested, journeys.oldest.map { $0 + Capture.grace + 1_000_000 }].compactMap { $0 }.min()
  }

  /// Whether the fate of a packet is open.
  var isExpecting: Bool { journeys.oldest != nil }

  /// Whether the rings have had their rest.
  var isRested: Bool { restingUntil != 0 && Clock.monotonic >= restingUntil }

  /// Reads the rings and tells the packets whose fate is known; returns the hosts on whose links something passed.
  @discardableResult
  func takeIn() -> Set<String> {
    let now = Clock.monotonic
    let harvest = taps.read()
    oldestOfLastReading = harvest.sightings.map(\.time).min()
    restingUntil = harvest.count >= Capture.lively ? now + Capture.rest : 0
    note(missing: harvest.lost + harvest.passedOver, at: now)
    lastReading = now
    for sighting in harvest.sightings { take(sighting) }
    for journey in journeys.settle(at: now) { tell(journey) }
    let oldest = journeys.oldest
    sink.heldFrom = oldest.map { Moment(nanoseconds: $0 - sink.origin) }
    file?.release(before: min(oldest ?? .max, now - Capture.grace))
    return harvest.hosts
  }

  /// The run is over: tells the packets that are still on their way, and what was missed.
  func finish() throws(LaboratoryError) {
    takeIn()
    for journey in journeys.finish() { tell(journey, isOver: true) }
    sink.heldFrom = nil
    if let firstMissed {
      let first = (firstMissed - .zero).text
      sink.note(.note("\(missed) \(PacketSample.missedNote), the first after \(first)"))
    }
    file?.release(before: .max)
    try checkFile()
  }

  private func checkFile() throws(LaboratoryError) {
    do throws(SystemError) {
      try file?.check()
    } catch {
      throw LaboratoryError("the capture file", error)
    }
  }

  private func take(_ sighting: Sighting) {
    let number = journeys.take(sighting)
    file?.take(sighting, number: number)
    forgetOldObservations()
    guard sighting.end == .host else { return }
    observations[number] = trackers[sighting.host]?.observe(sighting.packet, at: sighting.time)
  }

  /// Forgets what the frames looked like that were for others than the host which saw them.
  private func forgetOldObservations() {
    while forgotten < journeys.oldestMark {
      forgotten += 1
      observations[forgotten] = nil
    }
  }

  private func note(missing count: Int, at now: Int64) {
    guard count > 0 else { return }
    let start = blind.map { lastReading - $0.upperBound < Capture.grace ? $0.lowerBound : lastReading } ?? lastReading
    blind = min(start, now)...now
    missed += count
    if firstMissed == nil { firstMissed = Moment(nanoseconds: lastReading - sink.origin) }
  }

  // MARK: Telling

  private func tell(_ journey: Journeys.Journey, isOver: Bool = false) {
    let host = journey.isSent ? journey.marks.first : journey.marks.last
    let observation = journey.marks.compactMap { observations.removeValue(forKey: $0.number) }
    guard let own = journey.isSent ? observation.first : observation.last, let host else { return }
    var sample = PacketSample(own, direction: journey.isSent ? .out : .in)
    sample.seen = journey.marks.map(\.interface)
    decide(journey, &sample, isOver: isOver)
    if sample.fate == .lost, let cause = sample.cause { file?.comment("lost \(cause)", on: journey.start) }
    let time = Moment(nanoseconds: host.time - sink.origin)
    sink.notePacket(Event(time: time, host: journey.host, body: .packet(sample)))
  }

  private func decide(_ journey: Journeys.Journey, _ sample: inout PacketSample, isOver: Bool) {
    guard journey.isSent else { return }
    if journey.isWhole, let destination = journey.destination, let last = journey.marks.last {
      if let reason = faults.door(of: destination, for: journey.packet, at: last.time) {
        (sample.fate, sample.cause, sample.line) = (.lost, reason.text, reason.line)
      } else {
        (sample.fate, sample.took) = (.arrived, last.time - journey.time)
      }
      return
    }
    let wasBlind = blind.map { $0.contains(journey.time) || abs(journey.time - $0.lowerBound) < Capture.grace } ?? false
    guard !wasBlind, !isOver else { return }
    let reason = faults.reason(
      forLossOf: journey.packet,
      from: journey.host,
      to: journey.destination,
      passed: journey.marks.count,
      at: journey.time
    )
    // What is for no host of the lab is out of sight behind its sender's wire.
    guard reason != nil || journey.destination != nil else { return }
    (sample.fate, sample.line) = (.lost, reason?.line)
    sample.cause = reason?.text ?? "behind \(journey.marks.last?.interface ?? journey.host)"
  }
}

extension PacketSample {
  /// A packet as its host saw it.
  fileprivate init(_ observation: Observation, direction: Direction) {
    let packet = observation.packet
    var (source, destination, carried) = ("", "", "")
    var length = packet.length
    if let ip = packet.ip {
      (source, destination, carried) = (ip.source.description, ip.destination.description, ip.carried.description)
      length -= (packet.ethernet?.length ?? 0) + ip.length
    } else if case .arp(let message) = packet.content {
      (source, destination, carried) = (message.senderAddress.description, message.targetAddress.description, "ARP")
    } else if let ethernet = packet.ethernet {
      (source, destination) = (ethernet.source.description, ethernet.destination.description)
      carried = ethernet.type.description
    }
    self.init(direction: direction, source: source, destination: destination, carried: carried)
    self.length = Int64(max(0, length))
    let text = observation.saying()
    if !text.isEmpty { self.text = text }
    if !observation.phrase.isEmpty { meaning = observation.phrase }
    guard let segment = packet.tcp, let ip = packet.ip else { return }
    self.source = Endpoint(ip.source, segment.sourcePort).description
    self.destination = Endpoint(ip.destination, segment.destinationPort).description
    self.length = Int64(segment.length)
    flags = segment.flags.description
    sequence = observation.sequence.map { Int64($0) }
    acknowledgment = observation.acknowledgment.map { Int64($0) }
    if !segment.flags.contains(.rst) { window = observation.window.map { Int64($0) } }
  }
}
