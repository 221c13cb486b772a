internal import Timeline

extension Sweep {
  /// The sweep as CSV (RFC 4180), a line a point.
  public var csv: String {
    let head =
      axes.map(\.name) + [
        "outcome", "measured", "after_s", "predicted_earliest_s", "predicted_latest_s", "limit", "reason", "lab",
        "line",
        "world", "kernel", "hz",
      ]
    let lines = points.map { point in
      point.values + [
        point.outcome.rawValue, point.measured, point.after?.seconds(digits: 6) ?? "",
        point.window?.earliest.seconds(digits: 6) ?? "", point.window?.latest?.seconds(digits: 6) ?? "",
        point.limit ?? "", point.reason, lab, "\(line)", world, kernel, "\(hz)",
      ]
    }
    return ([head] + lines).map { $0.map(csvField).joined(separator: ",") + "\r\n" }.joined()
  }

  /// The sweep as a JSON text of one line; docs/matrix.md describes its members.
  public var json: String {
    let points = points.map { point -> JSON in
      var object: JSONObject = [
        "values": .array(point.values.map { .string($0) }), "outcome": .string(point.outcome.rawValue),
        "measured": .string(point.measured),
      ]
      object["after_s"] = point.after.map { .number($0.inSeconds) }
      object["predicted_earliest_s"] = point.window.map { .number($0.earliest.inSeconds) }
      object["predicted_latest_s"] = point.window?.latest.map { .number($0.inSeconds) }
      object["limit"] = point.limit.map { .string($0) }
      if point.attempts > 1 { object["attempts"] = .integer(Int64(point.attempts)) }
      if !point.reason.isEmpty { object["reason"] = .string(point.reason) }
      return .object(object)
    }
    let object: JSONObject = [
      "format": "halfopen sweep 1", "lab": .string(lab), "line": .integer(Int64(line)),
      "statement": .string(statement), "world": .string(world), "kernel": .string(kernel), "hz": .integer(Int64(hz)),
      "parameters": .array(axes.map { .string($0.name) }), "points": .array(points),
    ]
    return JSON.object(object).text + "\n"
  }
}
