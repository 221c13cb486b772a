internal import Timeline

/// How long the kernel asks for a neighbour's hardware address before it gives up (`neigh_timer_handler` in
/// `net/core/neighbour.c`).
struct NeighbourResolution {
  /// How many requests are sent.
  let requests: Int
  /// Jiffies between them.
  let interval: Int64
  /// Whether its failure takes back one doubling of the retransmission timeout: ARP's does.
  var revertsBackoff = true

  init(kernel: Kernel) {
    requests = kernel[.multicastSolicitations]
    interval = max(
      kernel.wheel.jiffies(milliseconds: Int64(kernel[.solicitationInterval])),
      Int64(kernel.rate.rawValue) / 100
    )
  }

  /// When a resolution fails that a timer's handler has just caused.
  func failure(after clock: inout Clock) -> Int64 {
    let first = clock.fire(interval)
    return rest(of: &clock, from: first)
  }

  /// When a resolution fails that began at the start.
  func failure(afterStart clock: inout Clock) -> Int64 {
    let first = clock.fireFromStart(interval)
    return rest(of: &clock, from: first)
  }

  private func rest(of clock: inout Clock, from first: Int64) -> Int64 {
    var jiffies = first
    for _ in 1..<max(1, requests) { jiffies = clock.fire(interval, armedAt: jiffies) }
    return jiffies
  }
}

/// The neighbour's timer after `connect` to an address of the own network that nobody has.
struct ResolvingProcess: TimerProcess {
  typealias Condition = Never

  let resolution: NeighbourResolution
  private var requests = 1

  init(resolution: NeighbourResolution) {
    self.resolution = resolution
  }

  var firstTimeout: Int64 { resolution.interval }

  mutating func expire(_ clock: inout Clock) -> Step {
    if requests >= resolution.requests {
      clock.record(.end, check: RecordedCheck(measure: .count(requests, limit: resolution.requests), reached: true))
      return .end(Ending(errno: "EHOSTUNREACH", limit: .arpFailure))
    }
    requests += 1
    clock.record(.arpRequest(requests))
    return clock.arm(resolution.interval)
  }
}

/// The life of a neighbour entry that was good when its host went away.
struct NeighbourEntry {
  /// How long it is trusted after the last sign of life, in nanoseconds: random from 0.5 to 1.5 times the base.
  let reachable: ClosedRange<Int64>
  /// From the first use of the stale entry to the first request, in nanoseconds.
  let delay: Int64
  /// How long it is asked, unicast, before it is given up.
  let probing: Int64

  /// The entry of a neighbour that was last confirmed so long before the start; anything is possible if unknown.
  init(kernel: Kernel, confirmedBefore: Duration?) {
    let base = Int64(kernel[.baseReachable]) * 1_000_000
    let age = confirmedBefore?.nanoseconds ?? base / 2
    reachable = max(0, base / 2 - age)...max(0, base * 3 / 2 - (confirmedBefore == nil ? 0 : age))
    delay = Int64(kernel[.delayFirstProbe]) * 1_000_000_000
    probing = Int64(kernel[.unicastSolicitations]) * Int64(kernel[.solicitationInterval]) * 1_024_000
  }

  /// Which of these transmissions may be the first that finds the entry gone.
  ///
  /// As long as the entry is trusted nothing notices its use. The first transmission after that starts the delay, and
  /// the requests after it; all go to the old address, and get lost.
  ///
  /// The likeliest comes first.
  func firstUnresolved(transmissions: [Int64]) -> [Int] {
    var weights = [Int](repeating: 0, count: transmissions.count)
    let step = max(1_000_000, (reachable.upperBound - reachable.lowerBound) / 500)
    for trusted in stride(from: reachable.lowerBound, through: reachable.upperBound, by: Int64.Stride(step)) {
      guard let use = transmissions.first(where: { $0 >= trusted }) else { continue }
      let gone = use + delay + probing
      if let number = transmissions.firstIndex(where: { $0 > gone }) { weights[number] += 1 }
    }
    return weights.indices.filter { weights[$0] > 0 }.sorted { (weights[$1], $0) < (weights[$0], $1) }
  }
}
