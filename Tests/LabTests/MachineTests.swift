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
    let machines = try Descendants.guests(of: started.process)
    #expect(!machines.isEmpty)
    Signal.interrupt.send(to: started.process)
    #expect(try started.finish().status == .exited(128 + SIGINT))
    for process in machines { try Descendants.waitForEnd(of: process) }
  }
}
