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
    guard let end = text.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
    let first = text[..<end]
    guard let blank = first.firstIndex(of: UInt8(ascii: " ")),
      let start = Int64(String(decoding: first[..<blank], as: UTF8.self)),
      let limit = Int64(String(decoding: first[(blank + 1)...], as: UTF8.self))
    else { return nil }
    self.init(start: start, limit: limit, setup: String(decoding: text[(end + 1)...], as: UTF8.self))
  }
}
