import LabScript
import Testing

/// Reads a lab that has to be right; its mistakes are the test's.
func script(
  _ text: String,
  settings: [(name: String, value: String)] = [],
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> Script {
  switch Script.read(text: Array(text.utf8), path: "labs/test.lab", settings: settings) {
  case .script(let script): return script
  case .mistakes(let mistakes):
    let rendered = mistakes.map(\.rendered).joined(separator: "\n")
    Issue.record("\(rendered)", sourceLocation: sourceLocation)
    throw mistakes[0]
  }
}

/// The mistakes of a lab, each as its place and sentence, without the line and the help.
func mistakes(_ text: String, settings: [(name: String, value: String)] = []) -> [String] {
  diagnostics(Array(text.utf8), settings: settings).map { "\($0.line):\($0.column): \($0.message)" }
}

/// The mistakes of a lab.
func diagnostics(_ bytes: [UInt8], settings: [(name: String, value: String)] = []) -> [Diagnostic] {
  switch Script.read(text: bytes, path: "labs/test.lab", settings: settings) {
  case .script: []
  case .mistakes(let mistakes): mistakes
  }
}

/// A lab around `lines`, which begin in its line 5: kang and kodos on `network`, a server and a client, both started.
func lab(_ lines: String, network: String = "lan", declarations: String = "") -> String {
  """
  title     Test
  network   \(network)
  peer      server on kodos: dnc -l -p 8080
  peer      client on kang: dnc kodos 8080
  \(declarations.isEmpty ? "" : declarations + "\n")start     server
  start     client
  \(lines)
  """
}
