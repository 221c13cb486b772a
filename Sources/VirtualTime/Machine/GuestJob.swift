internal import Timeline

/// What a guest is to do: one lab, and when.
struct GuestJob: Hashable {
  /// The laboratory's setup, a ``LaboratorySetup`` as text.
  var setup: String
  /// When the lab begins, in nanoseconds since the guest's start: what fixes the phase of the kernel's timers.
  var start: Int64
  /// How long the lab may take by the guest's clock, in nanoseconds.
  var limit: Int64
  /// Whether packets are to be captured for a file.
  var captures: Bool

  /// The job as text.
  var text: String {
    let object: JSONObject = [
      "setup": .string(setup), "start": .integer(start), "limit": .integer(limit), "capture": .bool(captures),
    ]
    return JSON.object(object).text
  }

  /// A job.
  init(setup: String, start: Int64, limit: Int64, captures: Bool) {
    self.setup = setup
    self.start = start
    self.limit = limit
    self.captures = captures
  }

  /// Reads the text of a job; `nil` if it is none.
  init?(text: String) {
    guard let object = (try? JSON(text: text))?.object, let setup = object["setup"]?.string,
      let start = object["start"]?.integer,
      let limit = object["limit"]?.integer, let captures = object["capture"]?.bool
    else { return nil }
    self.init(
      setup: setup,
      start: start,
      limit: limit,
      captures: captures
    )
  }
}
