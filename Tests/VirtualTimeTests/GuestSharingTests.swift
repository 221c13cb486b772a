import LabScript
import Laboratory
import Testing

@testable import VirtualTime

/// Which networks a guest boots with that several labs share.
@Suite struct GuestSharingTests {
  /// Labs on these networks.
  private static func labs(_ networks: [NetworkKind]) -> [(setup: LaboratorySetup, script: Script)] {
    networks.enumerated().map { number, kind in
      var script = Script(name: "lab \(number)")
      script.network = kind
      return (LaboratorySetup(script: "network \(kind)", path: "x.lab", settings: [], limits: [:]), script)
    }
  }

  private static func counts(_ networks: [NetworkKind], seats: Int) -> [Int] {
    GuestSharing.networks(for: labs(networks), seats: seats).map(\.count)
  }

  @Test func aGuestHasTheNetworksOfOneSeatsLabs() {
    #expect(GuestSharingTests.counts([.lan, .lan, .lan, .lan, .lan], seats: 1) == [5])
    #expect(GuestSharingTests.counts([.lan, .lan, .lan, .lan, .lan], seats: 2) == [3])
    // One seat has all that are routed.
    #expect(GuestSharingTests.counts([.lan, .routed, .lan, .routed, .lan], seats: 2) == [3, 2])
    #expect(GuestSharingTests.counts([.lan, .routed], seats: 8) == [1, 1])
    #expect(GuestSharingTests.counts([], seats: 2) == [])
  }

  @Test func thereIsALimitToTheNetworksOfAGuest() {
    #expect(GuestSharingTests.counts([NetworkKind](repeating: .lan, count: 1000), seats: 2) == [48])
    let many = [NetworkKind](repeating: .lan, count: 47) + [.routed, .routed]
    #expect(GuestSharingTests.counts(many, seats: 1) == [47, 1])
    #expect(GuestSharingTests.counts([NetworkKind](repeating: .routed, count: 48) + [.lan], seats: 1) == [48])
  }

  @Test func aGuestReadsWhatItIsToPrepare() throws {
    let networks = GuestSharing.networks(for: GuestSharingTests.labs([.lan, .routed, .lan]), seats: 1)
    let read = try #require(PreparedNetwork.reading(Array(networks.map(\.line).joined().utf8)))
    #expect(read.map(\.count) == [2, 1])
    #expect(read.map(\.setup) == networks.map(\.setup))
    #expect(PreparedNetwork.reading([])?.isEmpty == true)
    for text in ["1", "x {}", "\n\n1{}"] { #expect(PreparedNetwork.reading(Array(text.utf8)) == nil, "\(text)") }
  }
}
