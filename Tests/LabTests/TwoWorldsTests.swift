import Sockets
import Testing
import Timeline

extension LabRunTests {
  /// What became of a lab's expectations, with the errors in them, and every error that its programs were told.
  private struct Outcomes: Equatable, CustomStringConvertible {
    var verdicts: [String] = []
    var told: Set<String> = []

    init(_ events: [Event]) {
      for event in events {
        switch event.body {
        case .verdict(let verdict):
          let errors = (verdict.measured ?? "").split { !$0.isLetter && !$0.isNumber }.filter(Self.isErrorName)
          verdicts.append(
            "\(verdict.line) \(verdict.text): \(verdict.outcome.rawValue) \(errors.joined(separator: " "))"
          )
        case .call(let call):
          // That nothing is there yet is no outcome.
          guard let error = call.errorName, !["EAGAIN", "EINPROGRESS", "EINTR"].contains(error) else { continue }
          told.insert("\(event.peer ?? ""): \(call.name) \(error)")
        case .ended(let ending): told.insert("\(event.peer ?? ""): \(ending.text)")
        default: break
        }
      }
    }

    private static func isErrorName(_ word: Substring) -> Bool {
      word.count > 3 && word.first == "E" && word.allSatisfy { $0.isUppercase || $0.isNumber }
        && word != "ESTABLISHED"
    }

    var description: String { (verdicts + told.sorted()).joined(separator: "\n") }
  }

  /// The labs that are over within `seconds` in real time and need no programs of packages, each as a word for the
  /// command line.
  private static func labs(within seconds: Double) throws -> [String] {
    let list = try Program.run([Program.halfopen, "list", "--json", "\(Program.repository)/labs"])
    return try #require(JSON(text: String(list.output.dropLast())).array).compactMap { value -> String? in
      guard let lab = value.object, lab["needs"]?.array?.isEmpty == true, let name = lab["name"]?.string,
        let folder = lab["folder"]?.string
      else {
        return nil
      }
      func length(_ object: JSONObject) -> Double? {
        guard case .number(let length)? = object["length_s"] else { return nil }
        return length
      }
      let path = "\(folder)/\(name).lab"
      let short = lab["variants"]?.array?.compactMap(\.object).first { $0["name"]?.string == "short" }
      guard let length = length(short ?? lab), length <= seconds else { return nil }
      return short == nil ? path : path + ":short"
    }
  }

  /// Runs labs and returns what came out, each by its name.
  private static func outcomes(of labs: [String], _ options: [String]) throws -> [String: Outcomes] {
    let words = ["env", "XDG_CACHE_HOME=" + GuestKernels.cache, Program.halfopen, "run", "--format", "jsonl"]
    let outcome = try Program.run(words + options + labs)
    var found: [String: Outcomes] = [:]
    for run in SavedTimeline(bytes: outcome.output.utf8).runs {
      guard case .begin(let beginning)? = run.first?.body else { continue }
      found[beginning.lab] = Outcomes(run)
    }
    #expect(found.count == labs.count, "\(outcome.errors)")
    return found
  }

  /// What every program was told is the same in namespaces of this machine's kernel and in a guest whose clock leaps.
  @Test(.enabled(if: GuestKernels.haveOne, "needs QEMU and a kernel: make deps-virtual kernels"))
  func theTwoWorldsGiveTheSameOutcomes() throws {
    let labs = try Self.labs(within: 5)
    #expect(labs.count >= 20)
    let real = try Self.outcomes(of: labs, ["-j", "12"])
    let virtual = try Self.outcomes(of: labs, ["--virtual"])
    #expect(Set(real.keys) == Set(virtual.keys))
    for (name, outcomes) in real.sorted(by: { $0.key < $1.key }) where virtual[name] != outcomes {
      // A machine on which many labs run tells some program of its moment too late: alone it has to be the same.
      let base = name.prefix { $0 != ":" }
      let lab = try #require(labs.first { $0.contains("/\(base).lab") })
      let alone = try Self.outcomes(of: [lab], [])[name]
      #expect(alone == virtual[name], "\(name)")
    }
  }
}
