internal import Packets

/// One stretch of every packet's way, between two interfaces: a matcher for each host that it leads from or to.
struct Stretch {
  /// What a host begins with.
  private let fresh: WireMatcher
  private var matchers: [String: WireMatcher] = [:]

  /// A stretch on which a packet is under way for at most `grace` nanoseconds.
  ///
  /// - Parameter isTranslated: Whether addresses and ports may be others at its end.
  init(grace: Int64, isTranslated: Bool = false) {
    fresh = WireMatcher(grace: grace, isTranslated: isTranslated)
  }

  /// A frame passed the beginning of a host's stretch.
  mutating func begin(_ sighting: Sighting, of host: String, number: Int) -> WireMatcher.Fate? {
    matchers[host, default: fresh].sent(sighting.bytes, length: sighting.length, at: sighting.time, id: number)
  }

  /// A frame passed its end.
  mutating func end(_ sighting: Sighting, of host: String, number: Int) -> WireMatcher.Fate? {
    matchers[host, default: fresh].received(sighting.bytes, length: sighting.length, at: sighting.time, id: number)
  }

  /// Gives up frames whose other half can no longer come.
  mutating func settle(at now: Int64) -> [WireMatcher.Fate] {
    // Of the names a copy, so that the matchers are changed in place.
    Array(matchers.keys).flatMap { matchers[$0]?.settle(at: now) ?? [] }
  }
}
