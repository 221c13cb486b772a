/// What a guest is to do: one lab, and when.
struct GuestJob: Hashable {
  /// When the lab begins, in nanoseconds since the guest's start: what fixes the phase of the kernel's timers.
  var start: Int64
  /// How long the lab may take by the guest's clock, in nanoseconds.
  var limit: Int64
  /// The laboratory's setup, a ``LaboratorySetup`` as text, for the laboratory to read.
  var setup: String

  /// The job as text: two numbers, and on a line of its own the setup.
  var text: String { "\(start) \(limit)\n\(setup)" }

  /// A job.
  init(start: Int64, limit: Int64, setup: String) {
    self.start = start
    self.limit = limit
    self.setup = setup
  }

  /// Reads the text of a job; `nil` if it is none.
  init?(text: [UInt8]) {
    let lines = text.split(separator: UInt8(ascii: "\n"), maxSplits: 1)
    guard lines.count == 2 else { return nil }
    let numbers = lines[0].split(separator: UInt8(ascii: " ")).map { Int64(String(decoding: $0, as: UTF8.self)) }
    guard numbers.count == 2, let start = numbers[0], let limit = numbers[1] else { return nil }
    self.init(start: start, limit: limit, setup: String(decoding: lines[1], as: UTF8.self))
  }
}
