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

  /// Whether every captured packet goes to ``captureDescriptor``, as pcapng.
  public var capturesToFile = false

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
    let object: JSONObject = [
      "script": .string(script), "path": .string(path),
      "settings": .object(JSONObject(settings.map { ($0.name, .string($0.value)) })),
      "capture": .bool(capturesToFile), "variant": variant.map(JSON.string) ?? .null,
      "family": family.map(JSON.string) ?? .null,
      "limits": .object(JSONObject(limits.sorted { $0.key < $1.key }.map { (String($0.key), .integer($0.value)) })),
    ]
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
    variant = object["variant"]?.string
    family = object["family"]?.string
    self.limits = [:]
    for member in limits.members {
      if let line = Int(member.name), let limit = member.value.integer { self.limits[line] = limit }
    }
  }
}
