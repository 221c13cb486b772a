internal import LabScript

/// The guests that do several labs of one call, one after the other.
///
/// Such a guest has its kernel's and its programs' code translated once for all its labs, which is most of what a lab costs.
/// It has the programs of all of them, and boots with as many networks of each kind as one seat's labs need. Each seat has a
/// guest of its own, which stands still between two of its labs: so it is fixed beforehand which labs a lab comes after, and
/// the same call gives the same timelines.
struct GuestSharing {
  /// From so many labs on they share guests.
  static let fewestLabs = 6
  /// The most networks that a guest boots with, since each takes time to build, and memory.
  ///
  /// A lab for which there is none builds its own.
  private static let mostNetworks = 48

  /// What the guests are made of.
  let plan: GuestWorld.Plan
  /// The programs of the labs that they do.
  let programs: Set<String>
  private var halted: [Int: Guest] = [:]

  init(plan: GuestWorld.Plan, programs: Set<String>) {
    self.plan = plan
    self.programs = programs
  }

  /// The seat of each lab, of so many, that gives each about as much to do.
  static func seats(for scripts: [Script], count: Int) -> [Int] {
    let weights = scripts.map(weight)
    var loads = [Int](repeating: 0, count: count)
    var seats = [Int](repeating: 0, count: scripts.count)
    // The heavy ones first, so that the light ones can make up for the difference.
    for lab in scripts.indices.sorted(by: { (weights[$1], $0) < (weights[$0], $1) }) {
      let seat = loads.indices.min { loads[$0] < loads[$1] } ?? 0
      seats[lab] = seat
      loads[seat] += weights[lab]
    }
    return seats
  }

  /// How much a guest has to compute for a lab: a server of many files, such as a database that is set up first, takes ten
  /// times as much as two netcats and the laboratory around them.
  private static func weight(_ script: Script) -> Int {
    script.packages.allSatisfy(GuestContents.smallPackages.contains) ? 1 : 10
  }

  /// The networks that a guest is to boot with to do the labs of any one seat, given the network of each.
  static func networks(for labs: [PreparedNetwork], seats: [Int]) -> [PreparedNetwork] {
    var counts: [String: [Int: Int]] = [:]
    var networks: [PreparedNetwork] = []
    for (network, seat) in zip(labs, seats) {
      if counts[network.groundwork] == nil { networks.append(network) }
      counts[network.groundwork, default: [:]][seat, default: 0] += 1
    }
    for index in networks.indices { networks[index].count = counts[networks[index].groundwork]?.values.max() ?? 0 }
    // What takes longest to prepare first, and then what most labs need.
    networks.sort { left, right in
      left.hasPreparedDisks == right.hasPreparedDisks
        ? (right.count, left.groundwork) < (left.count, right.groundwork) : left.hasPreparedDisks
    }
    var left = mostNetworks
    for index in networks.indices {
      networks[index].count = min(networks[index].count, left)
      left -= networks[index].count
    }
    return networks.filter { $0.count > 0 }
  }

  /// Takes the guest of a seat, if it is there; one that has used up all its networks ends, since a new one has them again.
  mutating func take(seat: Int) -> Guest? {
    guard let guest = halted.removeValue(forKey: seat), guest.isAlive else { return nil }
    return guest.networksLeft.contains { $0 > 0 } ? guest : nil
  }

  /// Keeps a guest that stands still until the next lab of its seat.
  mutating func keep(_ guest: Guest, seat: Int) { halted[seat] = guest }
}
