public import LabScript
public import Laboratory

extension GuestWorld {
  /// The modules that a machine with a network card needs.
  private static let cardModules = ["virtio_pci", "virtio_net"]

  /// The machines of a lab's hosts, all of them off: in real time, each a QEMU guest of its own.
  public func machines(for script: Script, _ wires: [MachineWire]) throws(LaboratoryError) -> QEMUHouse {
    var contents = try GuestContents(
      kernel: kernel,
      modules: GuestWorld.cardModules,
      environment: environment,
      directory: directory
    )
    try contents.add(script)
    return QEMUHouse(
      kernel: kernel,
      archive: try image(contents.tree.key, contents.tree),
      memory: GuestWorld.memory(for: contents.tree.size),
      program: program,
      wires: wires
    )
  }
}
