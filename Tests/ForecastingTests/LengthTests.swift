import Forecasting
import LabScript
import Testing

/// About how long a lab takes in real time.
@Suite struct LengthTests {
  private func seconds(_ steps: String) throws -> Double {
    guard case .script(let script) = Script.read(text: Array(lab(steps).utf8), path: "labs/test.lab", settings: [])
    else {
      Issue.record("the lab is broken")
      return -1
    }
    let forecaster = Forecaster(script: script, kernel: linux)
    return forecaster.length(by: forecaster.forecast()).inSeconds
  }

  @Test(arguments: [
    ("kill client\nexpect client ends by SIGKILL", 0.0),
    ("after 3s kill client\nafter 500ms start client", 3.5),
    // What lasts counts from the deed, so that two observations of the same time take it once.
    ("cut kodos\nexpect client is told nothing for 20s\nexpect kang connection stays ESTABLISHED for 20s", 20),
    ("cut kodos\nexpect client read returns between 7s and 9s\nafter 1s restore kodos", 8),
    ("cut kodos\nexpect client is told nothing for 20s\nrestore kodos\nexpect client is told nothing for 5s", 25),
  ])
  func isWhatTheScriptWaits(steps: String, expected: Double) throws {
    #expect(try seconds(steps) == expected)
  }

  @Test func isWhatTheModelPredicts() throws {
    // 924.6 s is the lower bound; the end is the first timer after it.
    let steps = "drop from kang\nclient types \"x\"\nexpect client read fails ETIMEDOUT as predicted"
    #expect((937.0..<940).contains(try seconds(steps)))
    #expect((942.0..<945).contains(try seconds(steps + "\nafter 5s allow everything")))
  }
}
