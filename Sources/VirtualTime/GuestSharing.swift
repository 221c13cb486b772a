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
  private static let mostNetworks = 64

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
  ///
  /// Labs of the same server sit together, as far as that goes: a guest that has run it once runs it in half the time.
  static func seats(for scripts: [Script], count: Int) -> [Int] {
    var loads = [Int](repeating: 0, count: count)
    var seats = [Int](repeating: 0, count: scripts.count)
    // The heavy ones first, so that the light ones can make up for the difference.
    for party in parties(of: scripts, count: count).sorted(by: { ($1.weight, $0.labs[0]) < ($0.weight, $1.labs[0]) }) {
      let seat = loads.indices.min { loads[$0] < loads[$1] } ?? 0
      for lab in party.labs { seats[lab] = seat }
      loads[seat] += party.weight
    }
    return seats
  }

  /// Labs that sit together, and how much a guest has to compute for all of them.
  private struct Party {
    var labs: [Int] = []
    var weight = 0
  }

  /// The parties of these labs: of one server, but no more than a seat's fair share; each light lab is one by itself.
  private static func parties(of scripts: [Script], count: Int) -> [Party] {
    let servers = scripts.map { script in script.packages.first { !GuestContents.smallPackages.contains($0) } }
    let weights = servers.map { $0 == nil ? 1 : serverWeight }
    let share = max(serverWeight, weights.reduce(0, +) / max(1, count))
    var parties: [Party] = []
    var open: [String: Int] = [:]
    for lab in scripts.indices {
      let party: Int
      if let server = servers[lab], let last = open[server], parties[last].weight + weights[lab] <= share {
        party = last
      } else {
        party = parties.count
        parties.append(Party())
      }
      if let server = servers[lab] { open[server] = party }
      parties[party].labs.append(lab)
      parties[party].weight += weights[lab]
    }
    return parties
  }

  /// How many times as much as for two netcats and the laboratory around them a guest has to compute for a lab with a server
  /// of many files, such as a database.
  private static let serverWeight = 6

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
