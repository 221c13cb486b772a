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
    return GuestSharing.networks(for: labs.map { network(of: $0) }, seats: seats).map(\.count)
  }

  private static func network(of lab: (setup: LaboratorySetup, script: Script)) -> PreparedNetwork {
    network(of: lab, environment: ["PATH=/bin", "SHELL=/bin/sh"])
  }

  private static func network(of lab: (setup: LaboratorySetup, script: Script), environment: [String])
    -> PreparedNetwork
  {
    let surroundings = LaboratorySetup.Surroundings(environment: environment, directory: "/home")
    return PreparedNetwork(of: lab.script, lab.setup, surroundings: surroundings)
  }

  @Test func preparedDisksComeFirstAndDependOnPathAlone() throws {
    var labs = GuestSharingTests.labs([NetworkKind](repeating: .lan, count: 70))
    labs[69].script.preparations = [Preparation(host: "kodos", command: ["initdb"], line: 7)]
    let seats = [Int](repeating: 0, count: 70)
    let networks = GuestSharing.networks(for: labs.map { GuestSharingTests.network(of: $0) }, seats: seats)
    #expect(networks.map(\.count) == [1, 63])
    #expect(networks.map(\.hasPreparedDisks) == [true, false])
    let prototype = try #require(LaboratorySetup(text: networks[0].setup))
    #expect(prototype.surroundings?.environment == ["PATH=/bin"])
    #expect(prototype.diskStore == GuestFiles.diskStore)
    for (lab, isOfPath) in [(labs[69], true), (labs[0], false)] {
      let one = GuestSharingTests.network(of: lab, environment: ["PATH=/bin", "SHELL=/bin/zsh"])
      let other = GuestSharingTests.network(of: lab, environment: ["PATH=/usr/bin", "SHELL=/bin/zsh"])
      #expect(one == GuestSharingTests.network(of: lab))
      #expect((one == other) == !isOfPath)
    }
    // Whatever else differs, the same line of another file makes the same disk.
    var other = labs[69].script
    other.preparations[0].line = 9
    #expect("\(other.groundwork)" == "\(labs[69].script.groundwork)")
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
    // Two of a server fit into the half of one seat.
    #expect(seats[..<3] == [0, 0, 1])
    #expect(seats.count { $0 == 1 } == 10)
    var other = Script(name: "another heavy one")
    other.needs = ["redis-server"]
    let lights = [Script](repeating: light, count: 30)
    let mixed = GuestSharing.seats(for: [heavy, other, heavy, other, heavy] + lights, count: 2)
    #expect(mixed[..<5] == [0, 1, 0, 1, 0])
    let alone = GuestSharing.seats(for: [Script](repeating: heavy, count: 100), count: 4)
    #expect((0..<4).map { seat in alone.count { $0 == seat } } == [25, 25, 25, 25])
    #expect(GuestSharing.seats(for: [light], count: 4) == [0])
    #expect(GuestSharing.seats(for: [], count: 4) == [])
  }

  @Test func thereIsALimitToTheNetworksOfAGuest() {
    #expect(GuestSharingTests.counts([NetworkKind](repeating: .lan, count: 1000), seats: 2) == [64])
    let many = [NetworkKind](repeating: .lan, count: 63) + [.routed, .routed]
    #expect(GuestSharingTests.counts(many, seats: 1) == [63, 1])
    #expect(GuestSharingTests.counts([NetworkKind](repeating: .routed, count: 64) + [.lan], seats: 1) == [64])
  }

  @Test func aGuestReadsWhatItIsToPrepare() throws {
    let networks = GuestSharing.networks(
      for: GuestSharingTests.labs([.lan, .routed, .lan]).map { GuestSharingTests.network(of: $0) },
      seats: [0, 0, 0]
    )
    let read = try #require(PreparedNetwork.reading(Array(networks.map(\.line).joined().utf8)))
    #expect(read.map(\.count) == [2, 1])
    #expect(read.map(\.setup) == networks.map(\.setup))
    #expect(PreparedNetwork.reading([])?.isEmpty == true)
    for text in ["1", "x {}", "\n\n1{}"] { #expect(PreparedNetwork.reading(Array(text.utf8)) == nil, "\(text)") }
  }
}
