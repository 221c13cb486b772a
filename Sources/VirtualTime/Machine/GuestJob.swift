internal import Timeline

/// What a guest is to do: one lab, and when.
struct GuestJob: Hashable {
  /// The laboratory's setup, a ``LaboratorySetup`` as text.
  var setup: String
  /// The environment of the laboratory and of its peers, `NAME=value` each.
  var environment: [String]
  /// The directory in which the peers start.
  var directory: String
  /// When the lab begins, in nanoseconds since the guest's start: what fixes the phase of the kernel's timers.
  var start: Int64
  /// How long the lab may take by the guest's clock, in nanoseconds.
  var limit: Int64
  /// Whether packets are to be captured for a file.
  var captures: Bool

  /// The job as text.
  var text: String {
    let object: JSONObject = [
      "setup": .string(setup), "environment": .array(environment.map { .string($0) }),
      "directory": .string(directory), "start": .integer(start), "limit": .integer(limit), "capture": .bool(captures),
    ]
    return JSON.object(object).text
  }

  /// A job.
  init(setup: String, environment: [String], directory: String, start: Int64, limit: Int64, captures: Bool) {
    self.setup = setup
    self.environment = environment
    self.directory = directory
    self.start = start
    self.limit = limit
    self.captures = captures
  }

  /// Reads the text of a job; `nil` if it is none.
  init?(text: String) {
    guard let object = (try? JSON(text: text))?.object, let setup = object["setup"]?.string,
      let directory = object["directory"]?.string, let start = object["start"]?.integer,
      let limit = object["limit"]?.integer, let captures = object["capture"]?.bool,
      case .array(let environment) = object["environment"]
    else { return nil }
    self.init(
      setup: setup,
      environment: environment.compactMap(\.string),
      directory: directory,
      start: start,
      limit: limit,
      captures: captures
    )
  }
}
