/// What a guest is to do: one lab, and when.
struct GuestJob: Hashable {
  /// When the lab begins, in nanoseconds since the guest's start: what fixes the phase of the kernel's timers.
  var start: Int64
  /// How long the lab may take by the guest's clock, in nanoseconds.
  var limit: Int64
  /// Whether the guest is to wait for another job afterwards; otherwise it ends.
  var isFollowed: Bool
  /// Which of the networks that the guest booted with it is for, by its number; `nil` if the guest is to build it one.
  var network: Int?
  /// The laboratory's setup, a ``LaboratorySetup`` as text, for the laboratory to read.
  var setup: String

  /// The job as text: four numbers, the last -1 for no network, and on a line of its own the setup.
  var text: String { "\(start) \(limit) \(isFollowed ? 1 : 0) \(network ?? -1)\n\(setup)" }

  /// A job.
  init(start: Int64, limit: Int64, isFollowed: Bool = false, network: Int? = nil, setup: String) {
    self.start = start
    self.limit = limit
    self.isFollowed = isFollowed
    self.network = network
    self.setup = setup
  }

  /// Reads the text of a job; `nil` if it is none.
  init?(text: [UInt8]) {
    guard let end = text.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let numbers = text[..<end].split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard numbers.count == 4, let start = Int64(String(decoding: numbers[0], as: UTF8.self)),
      let limit = Int64(String(decoding: numbers[1], as: UTF8.self)),
      let isFollowed = ["0": false, "1": true][String(decoding: numbers[2], as: UTF8.self)],
      let network = Int(String(decoding: numbers[3], as: UTF8.self)), network >= -1
    else { return nil }
    let setup = String(decoding: text[(end + 1)...], as: UTF8.self)
    self.init(
      start: start,
      limit: limit,
      isFollowed: isFollowed,
      network: network < 0 ? nil : network,
      setup: setup
    )
  }
}
