import Glibc
import LabScript
import Sockets
import Testing
import Timeline

/// The puzzlers between machines with kernels of their own: they must say what they say between namespaces.
@Suite(.enabled(if: GuestKernels.haveOne, "needs QEMU and a kernel: make deps-virtual kernels"))
struct MachineTests {
  /// Each puzzler, and what makes it short.
  static let puzzlers: [(lab: String, settings: [String])] = [
    ("warmup", []), ("reboot", []), ("powercycle", ["idle=3s"]), ("poweroff", ["tcp_retries2=5"]), ("halfopen", []),
  ]

  /// Starts a lab whose events go to a file.
  private func start(_ lab: String, _ settings: [String], world: String) throws -> (Program.Started, file: String) {
    let file = "\(Program.folder)/\(lab)-\(world).jsonl"
    let options = ["--world", world, "--format", "jsonl"] + settings.flatMap { ["--set", $0] }
    let command = [Program.halfopen, "run"] + options + ["\(Program.repository)/labs/\(lab).lab"]
    let program = try Program.Started(
      ["sh", "-c", "exec \"$@\" > \(file)", "sh"] + command,
      environment: ["XDG_CACHE_HOME=" + GuestKernels.cache]
    )
    return (program, file)
  }

  /// What became of a lab's expectations: its statements and whether they held.
  private func verdicts(in file: String) throws -> [String] {
    String(decoding: try FileIO.contents(of: file), as: UTF8.self).split(separator: "\n").compactMap { line in
      guard case .verdict(let verdict) = try? Event(line: line).body else { return nil }
      return "\(verdict.line) \(verdict.text): \(verdict.outcome.rawValue)"
    }
  }

  @Test(arguments: puzzlers.indices)
  func aPuzzlerSaysTheSameBetweenMachinesAndBetweenNamespaces(index: Int) throws {
    let (lab, settings) = MachineTests.puzzlers[index]
    let machines = try start(lab, settings, world: "machines")
    let namespaces = try start(lab, settings, world: "namespaces")
    let outcome = try machines.0.finish()
    _ = try namespaces.0.finish()
    let said = try verdicts(in: machines.file)
    #expect(outcome.status == .exited(0), "\(outcome.errors)\n\(said.joined(separator: "\n"))")
    #expect(try said == verdicts(in: namespaces.file) && said.count > 5)
  }

  @Test func whatMachinesDoNotHaveIsRefusedBeforeAnythingStarts() throws {
    let outcome = try Program.run(
      [Program.halfopen, "run", "--world", "machines", "\(Program.repository)/labs/retransmit.lab"],
      environment: ["XDG_CACHE_HOME=" + GuestKernels.cache]
    )
    #expect(outcome.status == .exited(3))
    #expect(outcome.errors.contains("between machines there are only wires: machines cannot do that"))
  }

  @Test func anEndByCtrlCLeavesNoMachine() throws {
    let started = try Program.Started(
      [Program.halfopen, "run", "--world", "machines", "\(Program.repository)/labs/poweroff.lab"],
      environment: ["XDG_CACHE_HOME=" + GuestKernels.cache]
    )
    #expect(try started.wait(for: "=== power off kodos"))
    let machines = try MachineTests.descendants(of: started.process)
    #expect(!machines.isEmpty)
    Signal.interrupt.send(to: started.process)
    #expect(try started.finish().status == .exited(128 + SIGINT))
    for process in machines { try MachineTests.waitForEnd(of: process) }
  }

  /// The QEMU processes below a process.
  private static func descendants(of process: Int32) throws -> [Int32] {
    var found: [Int32] = []
    for name in try FileIO.names(in: "/proc") {
      guard let number = Int32(name), let text = try? FileIO.contents(of: "/proc/\(number)/stat") else { continue }
      // pid (comm) state ppid …
      let fields = String(decoding: text, as: UTF8.self).split(separator: ")").last?.split(separator: " ") ?? []
      guard fields.count > 1, Int32(fields[1]) == process else { continue }
      if String(decoding: text, as: UTF8.self).contains("(qemu-system") { found.append(number) }
      found += try descendants(of: number)
    }
    return found
  }

  /// Waits until a process is no more, or a zombie that nobody has buried.
  private static func waitForEnd(of process: Int32) throws {
    while let text = try? FileIO.contents(of: "/proc/\(process)/stat") {
      if String(decoding: text, as: UTF8.self).contains(") Z ") { return }
      var none: [PollEntry] = []
      _ = try poll(&none, timeout: .milliseconds(5))
    }
  }
}
