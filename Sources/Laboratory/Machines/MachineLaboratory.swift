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
      let script = try setup.readScript()
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
  static func check(_ script: Script) throws(LaboratoryError) {
    func refuse(_ what: String) -> LaboratoryError {
      LaboratoryError("\(what): machines cannot do that, run the lab in namespaces or in virtual time")
    }
    if script.family == .ipv6 { throw refuse("the lab is to run over IPv6") }
    if script.middlebox != nil { throw refuse("the lab has a middle box that keeps a table of connections") }
    if let file = script.files.first { throw refuse("'\(file.name)' is to be a file on a host's disk") }
    if let preparation = script.preparations.first { throw refuse("the disk of \(preparation.host) is to be prepared") }
    if let peer = script.peers.first(where: \.isUnprivileged) {
      throw refuse("peer '\(peer.name)' is to run as an ordinary user")
    }
    for step in script.steps {
      switch step.action {
      case .firewall, .clearFirewall, .forgetFlows:
        throw refuse(
          "line \(step.line), '\(step.text)', asks for a firewall, and between machines there are only wires"
        )
      default: break
      }
    }
  }
}
