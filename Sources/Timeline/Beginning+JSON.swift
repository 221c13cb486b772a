// The members of a `begin` event, see docs/timeline-format.md.

extension Beginning {
  var json: JSONObject {
    var object: JSONObject = [
      "version": .integer(version), "lab": .string(lab), "path": .string(path), "script": .string(script),
      "parameters": .object(JSONObject(parameters.map { ($0.name, .string($0.value)) })), "clock": .string(clock),
      "clockAtStart": .integer(clockAtStart), "wallClockAtStart": .integer(wallClockAtStart),
      "kernel": .string(kernel), "hz": .integer(hz),
    ]
    if let variant { object.append("variant", .string(variant)) }
    if family != Beginning.usualFamily { object.append("family", .string(family)) }
    object.append("jiffies", jiffies.map { .integer($0) })
    return object
  }

  /// Takes the members out of `object`; `nil` if the lab, the clock, the kernel or its frequency is missing.
  init?(taking object: inout JSONObject) {
    guard let version = object.take(integer: "version"), let lab = object.take(string: "lab"),
      let clock = object.take(string: "clock"), let kernel = object.take(string: "kernel"),
      let hz = object.take(integer: "hz")
    else { return nil }
    let parameters = object.take("parameters") { $0.object?.members } ?? []
    self.init(
      lab: lab,
      path: object.take(string: "path") ?? "",
      script: object.take(string: "script") ?? "",
      variant: object.take(string: "variant"),
      family: object.take(string: "family") ?? Beginning.usualFamily,
      parameters: parameters.map { ($0.name, $0.value.string ?? $0.value.text) },
      clock: clock,
      clockAtStart: object.take(integer: "clockAtStart") ?? 0,
      wallClockAtStart: object.take(integer: "wallClockAtStart") ?? 0,
      kernel: kernel,
      hz: hz,
      jiffies: object.take(integer: "jiffies")
    )
    self.version = version
  }
}
