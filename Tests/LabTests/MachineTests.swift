import Glibc
import LabScript
import Sockets
import Testing
import Timeline

/// The puzzlers between machines with kernels of their own: they must say what they say between namespaces.
@Suite struct MachineTests {
  /// Each puzzler, and what makes it short.
  static let puzzlers: [(lab: String, settings: [String])] = [
    ("warmup", []), ("reboot", []), ("powercycle", ["idle=3s"]), ("poweroff", ["tcp_retries2=5"]), ("halfopen", []),
  ]

  /// What became of a lab's expectations: its statements and whether they held.
  private func verdicts(_ lab: String, _ settings: [String], world: String) throws -> (Program.Outcome, [String]) {
    let options = ["--world", world, "--format", "jsonl"] + settings.flatMap { ["--set", $0] }
    let outcome = try Program.run([Program.halfopen, "run"] + options + ["\(Program.repository)/labs/\(lab).lab"])
    let verdicts = outcome.output.split(separator: "\n").compactMap { line -> String? in
      guard case .verdict(let verdict) = try? Event(line: line).body else { return nil }
      return "\(verdict.line) \(verdict.text): \(verdict.outcome.rawValue)"
    }
    return (outcome, verdicts)
  }

  @Test(arguments: puzzlers.indices)
  func aPuzzlerSaysTheSameBetweenMachinesAndBetweenNamespaces(index: Int) throws {
    let (lab, settings) = MachineTests.puzzlers[index]
    let (outcome, machines) = try verdicts(lab, settings, world: "machines")
    let (_, namespaces) = try verdicts(lab, settings, world: "namespaces")
    #expect(outcome.status == .exited(0), "\(outcome.errors)\n\(outcome.output.suffix(4000))")
    #expect(machines == namespaces && machines.count > 5)
  }

  @Test func whatMachinesDoNotHaveIsRefusedBeforeAnythingStarts() throws {
    let outcome = try Program.run([
      Program.halfopen, "run", "--world", "machines", "\(Program.repository)/labs/retransmit.lab",
    ])
    #expect(outcome.status == .exited(3))
    #expect(outcome.errors.contains("between machines there are only wires: machines cannot do that"))
  }

  @Test func anEndByCtrlCLeavesNoMachine() throws {
    let started = try Program.Started([
      Program.halfopen, "run", "--world", "machines", "\(Program.repository)/labs/poweroff.lab",
    ])
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
