internal import Timeline
public import TimerModel

/// What somebody wants: to know of a dead connection within a time.
public struct Wish: Hashable, Sendable {
  /// The latest time after which the program should be told.
  public var detectWithin: Duration
  /// Whether only idle connections matter, so that no user timeout is wanted.
  public var idleOnly: Bool
  /// What forgets idle connections on the way, and after how long: `("nat", 350 s)`.
  public var middleBox: (name: String, idle: Duration)?
  /// The round-trip time.
  public var roundTrip: Duration
  /// The machine.
  public var kernel: Kernel

  /// A wish.
  public init(
    detectWithin: Duration,
    idleOnly: Bool = false,
    middleBox: (name: String, idle: Duration)? = nil,
    roundTrip: Duration = .microseconds(50),
    kernel: Kernel = Kernel()
  ) {
    self.detectWithin = detectWithin
    self.idleOnly = idleOnly
    self.middleBox = middleBox
    self.roundTrip = roundTrip
    self.kernel = kernel
  }

  /// Whether both wish for the same.
  public static func == (left: Wish, right: Wish) -> Bool {
    left.detectWithin == right.detectWithin && left.idleOnly == right.idleOnly && left.roundTrip == right.roundTrip
      && left.kernel == right.kernel && left.middleBox?.name == right.middleBox?.name
      && left.middleBox?.idle == right.middleBox?.idle
  }

  /// Feeds the parts into `hasher`.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(detectWithin)
    hasher.combine(idleOnly)
    hasher.combine(middleBox?.name)
    hasher.combine(middleBox?.idle)
    hasher.combine(roundTrip)
    hasher.combine(kernel)
  }
}

/// Values that fulfil a wish, and what the timer model says of them.
public struct Proposal: Hashable, Sendable {
  /// Seconds of silence before the first probe.
  public var idle: Int
  /// Seconds between probes.
  public var interval: Int
  /// How many unanswered probes end an idle connection; with a user timeout too, which is chosen for that.
  public var count: Int
  /// `TCP_USER_TIMEOUT` in milliseconds; 0 if none is set.
  public var userTimeout: Int
  /// What becomes of a connection with these values in each failure.
  public var checks: [Check]

  /// One failure, and when it is noticed.
  public struct Check: Hashable, Sendable {
    /// The failure, in words.
    public var failure: String
    /// When the program is told; `nil` if never.
    public var window: Window?
    /// The errno that it is told.
    public var errno: String?
    /// Whether that is within the wish; `nil` for what the wish does not cover.
    public var fulfils: Bool?
  }

  /// The options, for the timer model.
  public var options: SocketOptions {
    SocketOptions(keepalive: .init(idle: idle, interval: interval, count: count), userTimeout: userTimeout)
  }
}

/// Why no proposal can be made, and what is possible.
public struct Impossible: Error, Hashable, Sendable, CustomStringConvertible {
  /// The sentence.
  public let description: String
}

extension Wish {
  /// The fewest probes that have to be lost before a connection is given up.
  static var fewestProbes: Int { 3 }

  /// Values that fulfil the wish, checked with the timer model.
  public func proposal() throws(Impossible) -> Proposal {
    let limit = Int(detectWithin.nanoseconds / 1_000_000_000)
    guard limit >= 1, limit <= 1_000_000 else {
      throw Impossible(
        description: "--detect-within takes 1s to 1000000s; TCP's timers know nothing shorter than a second"
      )
    }
    var longest = min(32767, max(1, limit / 2))
    if let box = middleBox {
      let idle = Int(box.idle.nanoseconds / 1_000_000_000)
      guard idle >= 2 else {
        throw Impossible(
          description: "a middle box that forgets after \(box.idle.text) cannot be kept awake: "
            + "keepalive sends at most one probe a second"
        )
      }
      // Two probes fit into the box's time, so that one may be lost.
      longest = min(longest, idle / 2)
    }
    let count = Wish.fewestProbes
    for idle in stride(from: longest, through: 1, by: -max(1, longest / 64)) {
      let most = min(32767, max(0, (limit - idle) / count))
      for interval in stride(from: most, through: 1, by: -max(1, most / 64)) {
        if let proposal = complete(idle: idle, interval: interval, count: count) { return proposal }
      }
    }
    let shortest =
      (try? kernel.predict(
        .idle(.init()),
        options: SocketOptions(keepalive: .init(idle: 1, interval: 1, count: Wish.fewestProbes))
      ))?
      .end?.latest
    throw Impossible(
      description:
        "no keepalive is that fast without ending healthy connections: with 1s,1s,\(Wish.fewestProbes) an idle "
        + "connection is given up after up to \(shortest.map { $0.text } ?? "5s"); a heartbeat in the program's own protocol is faster"
    )
  }

  /// Adds probes while there is time, chooses the user timeout, and checks the whole; `nil` if it does not fulfil.
  private func complete(idle: Int, interval: Int, count: Int) -> Proposal? {
    // What a probe more costs is clear beforehand; only the user timeout needs the whole model.
    let affordable = max(count, min(9, (Int(detectWithin.nanoseconds / 1_000_000_000) - idle) / interval))
    for count in stride(from: affordable, through: count, by: -1) {
      guard var proposal = timed(idle: idle, interval: interval, count: count) else { continue }
      proposal.checks = checks(proposal)
      return proposal
    }
    return nil
  }

  private func timed(idle: Int, interval: Int, count: Int) -> Proposal? {
    var proposal = Proposal(idle: idle, interval: interval, count: count, userTimeout: 0, checks: [])
    guard let byCount = try? kernel.predict(.idle(.init()), options: proposal.options),
      let end = byCount.end, end.latest <= detectWithin
    else { return nil }
    if !idleOnly {
      // After the last probe but before the timer that follows it: then as many probes decide as without it.
      let lastProbe = byCount.schedule.last { if case .keepaliveProbe = $0.kind { true } else { false } }
      guard let lastProbe else { return nil }
      let least = Int(lastProbe.at.latest.nanoseconds / 1_000_000) + 1
      let most = Int(end.earliest.nanoseconds / 1_000_000)
      // A round number in the middle, or lower if data would take too long.
      let wanted = [(least + most) / 2, (3 * least + most) / 4, least].map { ($0 + 99) / 100 * 100 }
      guard let value = wanted.first(where: { $0 >= least && $0 <= most && dataEnds(within: $0) }) else { return nil }
      proposal.userTimeout = value
    }
    return essentialChecks(proposal).allSatisfy { $0.fulfils == true } ? proposal : nil
  }

  private func dataEnds(within milliseconds: Int) -> Bool {
    let options = SocketOptions(userTimeout: milliseconds)
    let end = try? kernel.predict(.sending(.init()), options: options, path: Path(roundTrip: roundTrip)).end
    return (end?.latest ?? .seconds(Int64.max / 1_000_000_000)) <= detectWithin
  }

  /// The failures that the wish covers.
  private func essentialChecks(_ proposal: Proposal) -> [Proposal.Check] {
    let idle = [
      check(proposal, "idle; the other end or the way to it goes silent", .idle(.init()), .silence),
      check(proposal, "idle; the other end is switched off and on", .idle(.init()), .powerCycled),
    ]
    return idleOnly ? idle : idle + busyChecks(proposal, counts: true)
  }

  private func busyChecks(_ proposal: Proposal, counts: Bool) -> [Proposal.Check] {
    [
      check(proposal, "data unacknowledged; silence", .sending(.init()), .silence, counts: counts),
      check(
        proposal,
        "data unacknowledged; the other end was switched off and on",
        .sending(.init()),
        .powerCycled,
        counts: counts
      ),
      check(proposal, "full window; then silence", .zeroWindow(.init()), .silence, counts: counts),
      check(proposal, "connect; silence", .connecting, .silence, counts: counts),
    ]
  }

  /// Every failure, with what the timer model says of it.
  private func checks(_ proposal: Proposal) -> [Proposal.Check] {
    let alive = check(
      proposal,
      Proposal.Check.liveFullWindow,
      .zeroWindow(.init(answered: true)),
      .silence,
      counts: false
    )
    let delayed = [
      check(
        proposal,
        "data unacknowledged; a neighbour on the own network vanished",
        .sending(.init()),
        .neighbourGone(known: true),
        counts: false
      ),
      check(
        proposal,
        "data unacknowledged; ICMP host unreachable",
        .sending(.init()),
        .icmp(.hostUnreachable),
        counts: false
      ),
    ]
    return essentialChecks(proposal) + (idleOnly ? busyChecks(proposal, counts: false) : []) + delayed + [alive]
  }

  private func check(
    _ proposal: Proposal,
    _ failure: String,
    _ situation: Situation,
    _ path: Path.Failure,
    counts: Bool = true
  ) -> Proposal.Check {
    let path = Path(roundTrip: roundTrip, failure: path)
    let end = (try? kernel.predict(situation, options: proposal.options, path: path))?.end
    let fulfils = counts ? (end.map { $0.latest <= detectWithin } ?? false) : nil
    return Proposal.Check(failure: failure, window: end?.window, errno: end?.errno, fulfils: fulfils)
  }
}

extension Proposal.Check {
  /// The case that is no failure, and that a user timeout ends all the same.
  static let liveFullWindow = "full window; the other end is ALIVE and does not read"
}
