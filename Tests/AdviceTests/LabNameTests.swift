import Advice
import Glibc
import Testing
import Timeline
import TimerModel

@Suite struct LabNameTests {
  @Test func everyLabThatACauseNamesIsThere() throws {
    var symptoms = try ["ETIMEDOUT", "ECONNRESET", "EPIPE", "EHOSTUNREACH", "ENETUNREACH", "ECONNREFUSED"].map {
      try Symptom(text: $0)
    }
    symptoms += try [
      "timer:(on,200ms,1)", "timer:(keepalive,1sec,0)", "timer:(persist,1sec,0)", "timer:(timewait,1sec,0)",
    ].map { try Symptom(text: $0) }
    let names = Set(symptoms.flatMap { explain($0, kernel: Kernel()) }.compactMap(\.lab))
    #expect(names.count > 10)
    let labs = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined() + "/labs"
    let folders = [
      "", "/connecting", "/sending", "/idle", "/window", "/closing", "/misleading", "/peers", "/middlebox",
    ]
    for name in names {
      let isThere = folders.contains { folder in unsafe access("\(labs)\(folder)/\(name).lab", R_OK) == 0 }
      #expect(isThere, "there is no lab \(name)")
    }
  }
}
