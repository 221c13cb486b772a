/// Which labs of one call share guests, and the guests that stand still until the next of them.
///
/// A guest that does several labs has its kernel's and its programs' code translated once for all of them, which is most of
/// what a lab costs; but it takes longer to boot, since it builds a network for each.
struct GuestSharing {
  /// From so many labs on that need the same guest they share some.
  static let fewestLabs = 6
  /// How many labs a shared guest does: more where there are so many that the longer boot is soon made good.
  private static func laboratories(forLabs count: Int) -> Int { count >= 200 ? 16 : 8 }
  /// How many guests may stand still at a time: each keeps the memory that its labs have written to.
  private static let mostHalted = 4

  /// How many labs of each kind are still to begin.
  private var awaited: [String: Int] = [:]
  /// The kinds of lab whose guests are shared, and how many labs such a guest does.
  private var shared: [String: Int] = [:]
  /// The guests that stand still, the one that was halted last at the end.
  private var halted: [Guest] = []

  /// Labs of these kinds are to come; a kind is what labs have in common that can share a guest.
  mutating func expect(_ kinds: [String]) {
    awaited = Dictionary(grouping: kinds) { $0 }.mapValues(\.count)
    shared = awaited.filter { $0.value >= GuestSharing.fewestLabs }.mapValues(GuestSharing.laboratories(forLabs:))
  }

  /// How many laboratories a guest for labs of this kind has.
  func laboratories(for kind: String) -> Int { shared[kind] ?? 1 }

  /// A lab begins: returns whether others of its kind will.
  mutating func begin(_ kind: String) -> Bool {
    guard let count = awaited[kind] else { return false }
    awaited[kind] = count - 1
    return count > 1
  }

  /// Takes a guest that can do another lab, and goes on from this snapshot.
  mutating func take(_ snapshot: String) -> Guest? {
    halted.removeAll { !$0.isAlive }
    guard let index = halted.lastIndex(where: { $0.snapshot == snapshot }) else { return nil }
    return halted.remove(at: index)
  }

  /// Keeps a guest that stands still; those that nobody will take end.
  mutating func keep(_ guest: Guest) {
    halted.append(guest)
    if halted.count > GuestSharing.mostHalted { halted.removeFirst() }
  }

  /// No lab is left that could go on in a guest of this snapshot.
  mutating func end(_ snapshot: String) { halted.removeAll { $0.snapshot == snapshot } }
}
