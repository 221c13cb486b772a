internal import LabScript
internal import Laboratory

/// A network that a guest boots with, ready for labs of one groundwork.
struct PreparedNetwork: Hashable {
  /// What the labs have in common (``LabScript/Script/groundwork``), as text.
  let groundwork: String
  /// The setup of one of these labs, as text.
  let setup: String
  /// What decides, besides, on what the programs find that make files on its hosts' disks, as text; `nil` if there are none.
  let surroundings: String?
  /// How many labs it is built for.
  var count: Int

  /// The network of a lab.
  ///
  /// Labs that prepare nothing share networks whatever `surroundings` they have.
  init(of script: Script, _ setup: LaboratorySetup, surroundings: LaboratorySetup.Surroundings) {
    groundwork = "\(script.groundwork)"
    count = 1
    var own = setup
    if script.preparations.isEmpty {
      self.surroundings = nil
    } else {
      let path = surroundings.environment.filter { $0.hasPrefix("PATH=") }
      own.surroundings = LaboratorySetup.Surroundings(environment: path, directory: surroundings.directory)
      own.diskStore = GuestFiles.diskStore
      self.surroundings = "\(path) \(surroundings.directory)"
    }
    self.setup = own.text
  }

  /// Whether programs make files on its hosts' disks.
  var hasPreparedDisks: Bool { surroundings != nil }

  /// How the guest is told of it: a line.
  var line: String { "\(count) \(setup)\n" }

  /// Reads such lines: how many laboratories, and for which setup.
  static func reading(_ text: [UInt8]) -> [(count: Int, setup: String)]? {
    var networks: [(Int, String)] = []
    for line in text.split(separator: UInt8(ascii: "\n")) {
      let parts = line.split(separator: UInt8(ascii: " "), maxSplits: 1)
      guard parts.count == 2, let count = Int(String(decoding: parts[0], as: UTF8.self)) else { return nil }
      networks.append((count, String(decoding: parts[1], as: UTF8.self)))
    }
    return networks
  }
}
