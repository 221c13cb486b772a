public import Laboratory
public import LabScript
public import Sockets

/// A lab's hosts as QEMU guests in real time, and the switch between them, which is this process.
public final class QEMUHouse: MachineHouse {
  private let kernel: GuestKernel
  private let archive: String
  private let memory: Int
  private let program: String
  private let wires: [MachineWire]
  private var network: EthernetSwitch
  private var machines: [String: Machine] = [:]
  private var died: [String: String] = [:]

  /// Hosts at `wires` that boot `kernel` with the first file system in `archive`.
  init(kernel: GuestKernel, archive: String, memory: Int, program: String, wires: [MachineWire]) {
    self.kernel = kernel
    self.archive = archive
    self.memory = memory
    self.program = program
    self.wires = wires
    network = EthernetSwitch(wires)
  }

  /// What `uname -r` says in the machines.
  public var release: String { kernel.release }

  /// Timer interrupts a second of their kernel.
  public var hz: Int { kernel.hz }

  /// Switches a host's machine on.
  public func powerOn(_ host: String) throws(LaboratoryError) -> SharedDescriptor {
    guard let wire = wires.first(where: { $0.host == host }) else {
      throw LaboratoryError("there is no host '\(host)'")
    }
    let command = MachineCommand(
      program: program,
      host: host,
      hardwareAddress: wire.hardwareAddress,
      memory: memory,
      kernel: kernel.image,
      archive: archive
    )
    do {
      let machine = try Machine(command)
      machines[host] = machine
      network.switchPower(of: host, on: true)
      return machine.agent
    } catch {
      throw LaboratoryError("switching on \(host): \(error.description)")
    }
  }

  /// Cuts a machine's power: the wire first, so that nothing leaves it any more.
  public func powerOff(_ host: String) {
    network.switchPower(of: host, on: false)
    machines.removeValue(forKey: host)?.kill()
  }

  /// Changes the state of a host's wire.
  public func change(_ host: String, _ fault: WireFault) throws(LaboratoryError) {
    network.change(host, fault)
    guard fault == .unplug || fault == .plug else { return }
    do {
      try machines[host]?.setCarrier(fault == .plug)
    } catch {
      throw LaboratoryError("the plug of \(host): \(error.description)")
    }
  }

  /// What to poll for the network.
  public var interests: [PollEntry] { machines.values.map { PollEntry($0.wire.rawValue, .readable) } }

  /// Passes on the frames that have come.
  public func passOn(_ ready: Set<Int32>) {
    for (host, machine) in machines.sorted(by: { $0.key < $1.key }) where ready.contains(machine.wire.rawValue) {
      while case .bytes(let frame) = try? FileIO.read(machine.wire.rawValue, upTo: QEMUHouse.longestFrame) {
        for (target, frame) in network.passOn(frame, from: host) {
          // A full queue drops, as a switch does.
          if let wire = machines[target]?.wire { _ = Transfer.sendWithoutWaiting(frame[...], to: wire.rawValue) }
        }
      }
    }
  }

  private static let longestFrame = 65536

  /// What a machine's console and QEMU said last.
  public func lastWords(of host: String) -> String { machines[host]?.lastWords ?? "" }
}
