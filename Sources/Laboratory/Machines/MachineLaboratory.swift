internal import Glibc
public import LabScript
internal import Sockets
internal import Timeline

/// The process that runs a lab whose hosts are machines with kernels of their own.
///
/// It talks with the front as ``LaboratoryProcess`` does, and enters no namespace.
public enum MachineLaboratory {
  /// The first argument that makes the program such a laboratory; what follows is for the one who makes the machines.
  public static let commandName = "internal:machines"

  /// Reads the setup from standard input, builds the machines' house, runs the lab, and exits.
  public static func main(
    _ build: (Script, [MachineWire], LaboratorySetup.Surroundings) throws(LaboratoryError) -> any MachineHouse
  ) -> Never {
    Signal.ignoreBrokenPipes()
    Signal.sendWhenParentEnds(.kill)
    let sink = EventSink(output: 1)
    do {
      var setup = try LaboratorySetup.reading(try LaboratoryProcess.readLine())
      let script = try LaboratoryProcess.script(of: setup)
      try check(script)
      let surroundings = LaboratorySetup.Surroundings(
        environment: LaboratoryProcess.environment(),
        directory: LaboratoryProcess.currentDirectory()
      )
      setup.surroundings = surroundings
      try PeerPrograms(environment: surroundings.environment, directory: surroundings.directory).check(script)
      let house = try build(script, Place.all(in: script).map { MachineWire($0) }, surroundings)
      try run(MachineRunner(script: script, setup: setup, sink: sink, house: house))
      _exit(0)
    } catch {
      LaboratoryProcess.finish(sink, reason: error.message)
      _exit(LaboratoryProcess.cannotRun)
    }
  }

  private static func run(_ runner: MachineRunner) throws(LaboratoryError) {
    var reason: String?
    do throws(RunStop) {
      try runner.run()
    } catch {
      switch error {
      case .frontGone: return
      case .inVain(let line, let text): reason = "line \(line), '\(text)', did not come about"
      case .broken(let error): throw error
      }
    }
    LaboratoryProcess.finish(runner.sink, reason: reason)
  }

  /// Throws what the lab asks for and machines on a plain switch do not have, before anything is started.
  public static func check(_ script: Script) throws(LaboratoryError) {
    let firewall = script.steps.filter {
      switch $0.action {
      case .firewall, .clearFirewall: true
      default: false
      }
    }
    if let step = firewall.first {
      throw LaboratoryError(
        "line \(step.line), '\(step.text)': between machines there is no firewall, only wires: use cut, or namespaces"
      )
    }
  }
}
