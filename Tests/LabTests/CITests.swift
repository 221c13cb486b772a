import Glibc
import Sockets
import Testing

/// The job of docs/ci.md, taken out of the document and run as it stands.
@Suite struct CITests {
  /// The document's files by name: a fenced block with a name behind its language.
  private static func files() throws -> [String: String] {
    let text = String(decoding: try FileIO.contents(of: "\(Program.repository)/docs/ci.md"), as: UTF8.self)
    var files: [String: String] = [:]
    var current: String?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        let words = line.dropFirst(3).split(separator: " ")
        current = current == nil && words.count == 2 ? String(words[1]) : nil
        if let current { files[current] = "" }
      } else if let name = current {
        files[name, default: ""] += line + "\n"
      }
    }
    return files
  }

  /// The commands of the steps called `name`, one for each job.
  private static func commands(of name: String, in workflow: String) -> [String] {
    workflow.split(separator: "- name: \(name)\n").dropFirst().map { rest in
      rest.split(separator: "\n").dropFirst().prefix { $0.hasPrefix("          ") }
        .map { $0.drop { $0 == " " } }.joined(separator: "\n")
    }
  }

  /// A folder with the document's files, in which this user may write.
  private static func folder(_ name: String) throws -> String {
    let folder = "\(Program.folder)/ci-\(name)"
    try FileIO.makeDirectory(folder, mode: 0o777)
    for (name, text) in try files() where !name.contains("/") {
      try FileIO.write(text, toNew: "\(folder)/\(name)")
      _ = chmod("\(folder)/\(name)", 0o755)
    }
    return folder
  }

  private static func run(_ job: String, in folder: String, as user: Program.User) throws -> Program.Outcome {
    try Program.run(["sh", "-ec", "cd \(folder); PATH=\(Program.folder):$PATH\n\(job)"], as: user)
  }

  @Test(arguments: Program.User.possible)
  func theJobPassesWithAClientThatNoticesAndFailsWithOneThatDoesNot(user: Program.User) throws {
    let workflow = try #require(try Self.files()[".github/workflows/tcp-failures.yml"])
    let jobs = Self.commands(of: "The client notices three failures within 10 s", in: workflow)
    #expect(jobs.count == 2)
    let job = try #require(jobs.first)
    #expect(jobs.allSatisfy { $0 == job } && job.contains("notice.sh 10 ./my-client"))
    let folder = try Self.folder("\(user)")
    defer { _ = try? Program.run(["rm", "-r", folder]) }

    let outcome = try Self.run(job, in: folder, as: user)
    #expect(outcome.status == .exited(0), "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.contains("3 of 3 labs passed"))
    let report = String(decoding: try FileIO.contents(of: "\(folder)/notice.xml"), as: UTF8.self)
    #expect(report.contains("<testsuites") && !report.contains("<failure"))

    // dnc says nothing by itself, so it never hears of anything: the job has to fail, by each of the three.
    let deaf = job.replacing("notice.sh 10 ./my-client", with: "notice.sh 3 dnc")
    let failing = try Self.run(deaf, in: folder, as: user)
    #expect(failing.status == .exited(1))
    #expect(failing.output.contains("0 of 3 labs passed"), "\(failing.output)\(failing.errors)")
  }

  @Test(.enabled(if: GuestKernels.haveOne, "needs QEMU and a kernel: make deps-virtual kernels"))
  func theQuarterOfAnHourIsAssertedInVirtualTime() throws {
    let workflow = try #require(try Self.files()[".github/workflows/quarter-hour.yml"])
    let job = try #require(
      Self.commands(of: "ETIMEDOUT after a quarter of an hour, within a minute", in: workflow).first
    )
    #expect(job.contains("run --virtual"))
    let folder = try Self.folder("quarter-hour")
    defer { _ = try? Program.run(["rm", "-r", folder]) }
    let outcome = try Self.run(job, in: folder, as: .root)
    #expect(outcome.status == .exited(0), "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.contains("in virtual time"))
  }
}
