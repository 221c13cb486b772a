import Forecasting
import Judge
import LabScript
import Testing
import Timeline
import TimerModel

/// What is forecast for one expectation of a lab.
struct Said {
  var prediction: Verdict.Prediction
  var count: Forecast.Count?

  /// Whether the window counts in tenths or hundredths of a second as a table has it: from the mark if there is one.
  func isBetween(_ earliest: Double, _ latest: Double, within tolerance: Double = 0.011) -> Bool {
    guard let first = count?.earliest ?? prediction.earliest, let last = count?.latest ?? prediction.latest else {
      return false
    }
    return abs(first.inSeconds - earliest) <= tolerance && abs(last.inSeconds - latest) <= tolerance
  }
}

extension Said: CustomTestStringConvertible {
  var testDescription: String {
    let window = count.map { "\($0.earliest.text) to \($0.latest.text) after \($0.mark)" } ?? "no mark"
    return "\(prediction); \(window)"
  }
}

extension Duration {
  var inSeconds: Double { Double(nanoseconds) / 1e9 }
}

/// The kernel of all expected figures: Linux 6.18, HZ 250, its default settings.
let linux = Kernel(version: KernelVersion(6, 18), rate: .hz250)

/// A lab with a server on kodos and a client on kang, which has connected unless `steps` begin with the start.
///
/// The steps begin in line 8, after the client has started in line 6, and `start client` stands in line 9 where
/// `connected` is false.
func lab(
  _ steps: String,
  client: String = "",
  server: String = "",
  network: String = "routed",
  sysctl: String = "tcp_retries1 = 3",
  connected: Bool = true
) -> String {
  """
  title     Test
  network   \(network)
  sysctl    \(sysctl)
  peer      server on kodos: dnc -l -p 8080 \(server)
  peer      client on kang: dnc \(client) kodos 8080
  start     server
  \(connected ? "start     client" : "wait      kodos listens on 8080")
  \(steps)
  """
}

/// The forecast for the last expectation of a lab; `nil` if nothing is said of it.
func said(_ text: String, kernel: Kernel = linux, sourceLocation: SourceLocation = #_sourceLocation) throws -> Said? {
  switch Script.read(text: Array(text.utf8), path: "labs/test.lab", settings: []) {
  case .mistakes(let mistakes):
    Issue.record("\(mistakes.map(\.rendered).joined(separator: "\n"))", sourceLocation: sourceLocation)
    throw mistakes[0]
  case .script(let script):
    let forecast = Forecaster(script: script, kernel: kernel).forecast()
    let last = try #require(script.steps.last { if case .expect = $0.action { true } else { false } })
    return forecast.predictions[last.line].map { Said(prediction: $0, count: forecast.counts[last.line]) }
  }
}
