internal import Timeline

/// What the front tells the laboratory's process before it starts: one JSON object on its standard input.
public struct LaboratorySetup: Sendable {
  /// The lab file's text.
  public var script: String
  /// Its path, for messages.
  public var path: String
  /// The parameters' values that differ from the file's own.
  public var settings: [(name: String, value: String)]
  /// How long to wait for the statement at a line, in nanoseconds, where the script leaves that to the timer model.
  public var limits: [Int: Int64]
  /// The lab's variant that is meant; `nil` for the lab as it stands in the file.
  public var variant: String?
  /// What the hosts are to speak, by its name, whatever the lab says; `nil` for what it says.
  public var family: String?

  /// In virtual time: how many ticks of the kernel later than usual the lab begins.
  public var phase = 0
  /// When a prepared laboratory begins the lab, by the monotonic clock in nanoseconds: what fixes the phase of the kernel's
  /// timers; `nil` for as soon as it can.
  public var start: Int64?
  /// How the timeline's clock is called.
  public var clock = Beginning.realClock
  /// The peers' environment, `NAME=value` each, and the directory in which they start; `nil` for the laboratory's own.
  public var surroundings: Surroundings?
  /// The directory in which prepared disks are kept for the laboratories that come later; `nil` for nowhere.
  public var diskStore: String?

  /// Where peers live.
  public struct Surroundings: Sendable {
    /// Their environment, `NAME=value` each.
    public var environment: [String]
    /// The directory in which they start.
    public var directory: String

    /// Surroundings.
    public init(environment: [String], directory: String) {
      self.environment = environment
      self.directory = directory
    }
  }

  /// Whether every captured packet goes to ``captureDescriptor``, as pcapng.
  public var capturesToFile = false

  /// Whether packets and tracepoints are watched, which a benchmark leaves out to see what it costs.
  public var isWatched = true

  /// The descriptor on which the laboratory's process finds the file for captured packets.
  public static let captureDescriptor: Int32 = 3

  /// A setup.
  public init(script: String, path: String, settings: [(name: String, value: String)], limits: [Int: Int64]) {
    self.script = script
    self.path = path
    self.settings = settings
    self.limits = limits
  }

  /// The setup as the text that goes through the pipe.
  public var text: String {
    var object: JSONObject = [
      "script": .string(script), "path": .string(path),
      "settings": .object(JSONObject(settings.map { ($0.name, .string($0.value)) })),
      "capture": .bool(capturesToFile), "watched": .bool(isWatched), "clock": .string(clock),
      "variant": variant.map(JSON.string) ?? .null,
      "family": family.map(JSON.string) ?? .null,
      "limits": .object(JSONObject(limits.sorted { $0.key < $1.key }.map { (String($0.key), .integer($0.value)) })),
    ]
    if let start { object["start"] = .integer(start) }
    if let diskStore { object["diskStore"] = .string(diskStore) }
    if let surroundings {
      object["environment"] = .array(surroundings.environment.map { .string($0) })
      object["directory"] = .string(surroundings.directory)
    }
    return JSON.object(object).text
  }

  /// Reads the text of a setup; `nil` if it is none.
  public init?(text: String) {
    guard let object = (try? JSON(text: text))?.object, let script = object["script"]?.string,
      let path = object["path"]?.string, let settings = object["settings"]?.object,
      let limits = object["limits"]?.object
    else { return nil }
    self.script = script
    self.path = path
    self.settings = settings.members.compactMap { member in member.value.string.map { (member.name, $0) } }
    capturesToFile = object["capture"]?.bool ?? false
    clock = object["clock"]?.string ?? Beginning.realClock
    if let directory = object["directory"]?.string, case .array(let environment) = object["environment"] {
      surroundings = Surroundings(environment: environment.compactMap(\.string), directory: directory)
    }
    start = object["start"]?.integer
    diskStore = object["diskStore"]?.string
    isWatched = object["watched"]?.bool ?? true
    variant = object["variant"]?.string
    family = object["family"]?.string
    self.limits = [:]
    for member in limits.members {
      if let line = Int(member.name), let limit = member.value.integer { self.limits[line] = limit }
    }
  }
}
