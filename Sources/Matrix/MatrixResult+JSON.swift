internal import Timeline

// The matrix as one JSON object; docs/matrix.md describes its members.

extension MatrixResult {
  /// What the member `format` says.
  static let format = "halfopen matrix 1"

  /// The matrix as a JSON text of one line, with a line's end.
  public var json: String {
    let object: JSONObject = [
      "format": .string(MatrixResult.format),
      "world": .string(world),
      "kernel": .string(kernel),
      "hz": .integer(Int64(hz)),
      "watch_s": .number(watch.inSeconds),
      "failures": .array(
        rows.map { .object(["name": .string($0.name), "group": .string($0.group), "title": .string($0.title)]) }
      ),
      "settings": .array(
        columns.map {
          .object([
            "name": .string($0.name),
            "set": .array($0.settings.map { .string($0) }),
            "remarks": .array($0.remarks.map { .string($0) }),
          ])
        }
      ),
      "cells": .array(cells.map(\.json)),
    ]
    return JSON.object(object).text + "\n"
  }
}

extension CellResult {
  var json: JSON {
    var object: JSONObject = [
      "failure": .string(failure), "settings": .string(tuning), "predicted": predicted.json,
      "measured": measured?.json ?? .null,
    ]
    if let inRun {
      var window: JSONObject = ["earliest_s": .number(inRun.earliest.inSeconds)]
      window["latest_s"] = inRun.latest.map { .number($0.inSeconds) }
      object["predicted_in_run"] = .object(window)
    }
    object["agrees"] = agrees.map { .bool($0) }
    if attempts > 1 { object["attempts"] = .integer(Int64(attempts)) }
    if !remark.isEmpty { object["remark"] = .string(remark) }
    return .object(object)
  }
}

extension Predicted {
  var json: JSON {
    switch self {
    case .never(let reason): return .object(["outcome": "never", "reason": .string(reason)])
    case .unknown: return .object(["outcome": "unknown"])
    case .ends(let end):
      var object: JSONObject = ["outcome": "told", "earliest_s": .number(end.earliest.inSeconds)]
      object["latest_s"] = end.latest.map { .number($0.inSeconds) }
      object["errno"] = end.errorName.map { .string($0) }
      object["limit"] = .string(end.limit)
      if !end.explanation.isEmpty { object["explanation"] = .string(end.explanation) }
      return .object(object)
    }
  }
}

extension Measured {
  var json: JSON {
    switch self {
    case .told(let told): .object(told.json("told"))
    case .before(let told): .object(told.json("before"))
    case .nothing(let watched): .object(["outcome": "never", "watched_s": .number(watched.inSeconds)])
    case .broken(let reason): .object(["outcome": "broken", "reason": .string(reason)])
    }
  }
}

extension Measured.Told {
  func json(_ outcome: String) -> JSONObject {
    var object: JSONObject = [
      "outcome": .string(outcome), "after_s": .number(after.inSeconds), "call": .string(call),
    ]
    object["errno"] = errorName.map { .string($0) }
    return object
  }
}
