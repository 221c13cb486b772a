import Sockets
import Testing

/// What is drawn for people: the ladder that grows in a terminal; the timeline, the matrix and the sweep in a browser.
///
/// The browser is Chromium without a window, driven by Tests/browser/check.py.
@Suite(.serialized) struct DrawnTests {
  private static let script = "\(Program.repository)/Tests/browser/check.py"

  /// The names of the checks: each is one of the script's functions.
  static let checks: [String] = {
    let listed = try? Program.run(["python3", script, Program.halfopen, "list"])
    return listed?.output.split(separator: "\n").map(String.init) ?? []
  }()

  @Test func theChecksAreThere() { #expect(DrawnTests.checks.count >= 15) }

  @Test(arguments: checks) func holdsInABrowser(check: String) throws {
    let outcome = try Program.run(["python3", DrawnTests.script, Program.halfopen, check])
    #expect(outcome.status == .exited(0), "\(check): \(outcome.output)\(outcome.errors)")
  }

  @Test func aLadderGrowsInATerminal() throws {
    let script = "\(Program.repository)/Tests/browser/terminal.py"
    let outcome = try Program.run(["env", "-C", Program.repository, "python3", script, Program.halfopen])
    #expect(outcome.status == .exited(0), "\(outcome.output)\(outcome.errors)")
  }
}
