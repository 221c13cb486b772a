internal import LabScript
internal import Timeline

/// The runs as a JUnit report: a suite for each lab, a case for each expectation and one for the run itself.
///
/// The document fits Jenkins' schema (`junit-10.xsd` of its xUnit plugin) and the stricter one of Apache Ant's task
/// (`JUnit.xsd` of Windy Road). An expectation that did not hold is a failure, one that was not reached an error.
public func junit(_ runs: [LabRun]) -> String {
  var out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
  for (index, run) in runs.enumerated() { out += suite(run, index) }
  return out + "</testsuites>\n"
}

private func suite(_ run: LabRun, _ index: Int) -> String {
  let verdicts = run.judgement.verdicts
  let failures = verdicts.filter { $0.outcome == .failed }.count
  let errors = verdicts.filter { $0.outcome == .notReached }.count + (run.judgement.problems.isEmpty ? 0 : 1)
  let name = run.script.name.isEmpty ? "lab" : run.script.name
  let start = timestamp(run.beginning?.wallClockAtStart ?? 0)
  var out = "  <testsuite id=\"\(index)\" package=\"halfopen\" name=\(quoted(name)) hostname=\"localhost\""
  out += " timestamp=\"\(start)\" tests=\"\(verdicts.count + 1)\" failures=\"\(failures)\" errors=\"\(errors)\""
  out += " skipped=\"0\" time=\"\(seconds(run.length))\">\n    <properties>\n"
  for (name, value) in properties(of: run) {
    out += "      <property name=\(quoted(name)) value=\(quoted(value))/>\n"
  }
  out += "    </properties>\n"
  for verdict in verdicts {
    out += testcase("line \(verdict.line): \(verdict.text)", in: name, time: verdict.after ?? .zero, fault(verdict))
  }
  let problems = run.judgement.problems
  let problem = problems.first.map { ("error", "problem", $0, problems.joined(separator: "\n")) }
  out += testcase("the lab ran to its end", in: name, time: run.length, problem)
  out += "    <system-out>\(content(run.text(TextOptions(width: 120))))</system-out>\n    <system-err/>\n"
  return out + "  </testsuite>\n"
}

private typealias Fault = (element: String, type: String, message: String, text: String)

private func fault(_ verdict: Verdict) -> Fault? {
  guard verdict.outcome != .held else { return nil }
  var lines = [verdict.reason]
  if let measured = verdict.measured { lines.append("measured: \(measured)") }
  if let predicted = verdict.predicted { lines.append("predicted: \(predicted.words)") }
  lines += verdict.published.map { "published: \($0)" }
  let element = verdict.outcome == .failed ? "failure" : "error"
  return (element, verdict.outcome.rawValue, verdict.reason, lines.map(\.printable).joined(separator: "\n"))
}

private func testcase(_ name: String, in lab: String, time: Duration, _ fault: Fault?) -> String {
  let head = "    <testcase classname=\(quoted("halfopen." + lab)) name=\(quoted(name)) time=\"\(seconds(time))\""
  guard let fault else { return head + "/>\n" }
  return head + ">\n      <\(fault.element) type=\"\(fault.type)\" message=\(quoted(fault.message))>"
    + content(fault.text) + "</\(fault.element)>\n    </testcase>\n"
}

private func properties(of run: LabRun) -> [(String, String)] {
  guard let beginning = run.beginning else { return [] }
  return [
    ("kernel", beginning.kernel), ("hz", String(beginning.hz)), ("clock", beginning.clock), ("path", beginning.path),
  ] + beginning.parameters.map { ("parameter.\($0.name)", $0.value) }
}

/// Seconds with milliseconds; the schemas allow no sign.
private func seconds(_ duration: Duration) -> String { max(.zero, duration).seconds(digits: 3) }

/// An attribute's value with its quotes.
private func quoted(_ text: String) -> String { "\"" + escaped(text.printable) + "\"" }

/// An element's text; line ends stay, every other control character is written out, as XML 1.0 (2.2) demands.
private func content(_ text: String) -> String {
  escaped(
    text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).printable }.joined(separator: "\n")
  )
}

private func escaped(_ text: String) -> String {
  var out = ""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "&": out += "&amp;"
    case "<": out += "&lt;"
    case ">": out += "&gt;"
    case "\"": out += "&quot;"
    default: out.unicodeScalars.append(scalar)
    }
  }
  return out
}

/// The second of UTC that is `nanoseconds` after 1970, as `2016-05-27T21:43:19`.
///
/// Days become a date by the arithmetic of the Gregorian calendar with years that begin in March, so that the leap day
/// is a year's last (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `civil_from_days`).
func timestamp(_ nanoseconds: Int64) -> String {
  func quotient(_ value: Int64, _ divisor: Int64) -> Int64 { (value - (value % divisor + divisor) % divisor) / divisor }
  func digits(_ value: Int64, _ count: Int) -> String {
    let text = String(value)
    return String(repeating: "0", count: max(0, count - text.count)) + text
  }
  let total = quotient(max(nanoseconds, .min + 1_000_000_000), 1_000_000_000)
  let days = quotient(total, 86_400)
  let second = total - days * 86_400
  let shifted = days + 719_468
  let era = quotient(shifted, 146_097)
  let day = shifted - era * 146_097
  let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
  let dayOfYear = day - (365 * year + year / 4 - year / 100)
  let month = (5 * dayOfYear + 2) / 153
  let date = [
    digits(year + era * 400 + (month < 10 ? 0 : 1), 4), digits(month < 10 ? month + 3 : month - 9, 2),
    digits(dayOfYear - (153 * month + 2) / 5 + 1, 2),
  ]
  let time = [digits(second / 3600, 2), digits(second / 60 % 60, 2), digits(second % 60, 2)]
  return date.joined(separator: "-") + "T" + time.joined(separator: ":")
}
