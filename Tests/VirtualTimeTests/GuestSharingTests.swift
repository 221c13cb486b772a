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
    let labs = labs(networks)
    let seats = GuestSharing.seats(for: labs.map(\.script), count: seats)
    return GuestSharing.networks(for: labs, seats: seats).map(\.count)
  }

  @Test func aGuestHasTheNetworksOfOneSeatsLabs() {
    #expect(GuestSharingTests.counts([.lan, .lan, .lan, .lan, .lan], seats: 1) == [5])
    #expect(GuestSharingTests.counts([.lan, .lan, .lan, .lan, .lan], seats: 2) == [3])
    // One seat has all that are routed.
    #expect(GuestSharingTests.counts([.lan, .routed, .lan, .routed, .lan], seats: 2) == [3, 2])
    #expect(GuestSharingTests.counts([.lan, .routed], seats: 8) == [1, 1])
    #expect(GuestSharingTests.counts([], seats: 2) == [])
  }

  @Test func eachSeatHasAboutAsMuchToDo() {
    var light = Script(name: "light")
    light.needs = ["strace", "netcat-openbsd"]
    var heavy = Script(name: "heavy")
    heavy.needs = ["postgresql"]
    #expect(GuestSharing.seats(for: [light, light, light, light], count: 2) == [0, 1, 0, 1])
    #expect(GuestSharing.seats(for: [light, heavy, light, heavy], count: 2) == [0, 0, 1, 1])
    let many = [heavy, heavy, heavy] + [Script](repeating: light, count: 12)
    let seats = GuestSharing.seats(for: many, count: 2)
    #expect(seats[..<3] == [0, 1, 0])
    #expect(seats.count { $0 == 1 } == 12)
    #expect(GuestSharing.seats(for: [light], count: 4) == [0])
    #expect(GuestSharing.seats(for: [], count: 4) == [])
  }

  @Test func thereIsALimitToTheNetworksOfAGuest() {
    #expect(GuestSharingTests.counts([NetworkKind](repeating: .lan, count: 1000), seats: 2) == [48])
    let many = [NetworkKind](repeating: .lan, count: 47) + [.routed, .routed]
    #expect(GuestSharingTests.counts(many, seats: 1) == [47, 1])
    #expect(GuestSharingTests.counts([NetworkKind](repeating: .routed, count: 48) + [.lan], seats: 1) == [48])
  }

  @Test func aGuestReadsWhatItIsToPrepare() throws {
    let networks = GuestSharing.networks(for: GuestSharingTests.labs([.lan, .routed, .lan]), seats: [0, 0, 0])
    let read = try #require(PreparedNetwork.reading(Array(networks.map(\.line).joined().utf8)))
    #expect(read.map(\.count) == [2, 1])
    #expect(read.map(\.setup) == networks.map(\.setup))
    #expect(PreparedNetwork.reading([])?.isEmpty == true)
    for text in ["1", "x {}", "\n\n1{}"] { #expect(PreparedNetwork.reading(Array(text.utf8)) == nil, "\(text)") }
  }
}
