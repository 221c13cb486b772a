/// The command line of a machine that is a lab's host in real time.
struct MachineCommand: Hashable {
  /// QEMU's program.
  var program: String
  /// The host's name.
  var host: String
  /// The host's Ethernet address.
  var hardwareAddress: String
  /// The machine's memory in MiB.
  var memory: Int
  /// The kernel and the first file system.
  var kernel: String
  var archive: String

  // The descriptors that QEMU inherits.
  static let wireDescriptor: Int32 = 3
  static let agentDescriptor: Int32 = 4
  static let monitorDescriptor: Int32 = 5
  static let consoleDescriptor: Int32 = 6

  /// The variable in process 1's environment that makes it the agent of the host that it names.
  static let hostVariable = "HALFOPEN_MACHINE"
  /// The device by which the agent and the runner talk.
  static let agentDevice = "/dev/ttyS1"
  /// The name of the network card's other end in QEMU's monitor.
  static let wireName = "wire"

  /// What the kernel is told: nothing that changes TCP.
  ///
  /// Its clock is the HPET, which QEMU drives by this machine's clock; the time stamp counter would have to be measured
  /// first, on a busy machine not well enough.
  private var kernelCommandLine: String {
    [
      "console=ttyS0", "quiet", "panic=-1", "clocksource=hpet", "no_timer_check", "nolapic_timer",
      "cryptomgr.notests", "mitigations=off", "psi=0", "nowatchdog", "cgroup_disable=memory",
      "initcall_blacklist=hpet_late_init", "SWIFT_ROOT=/", "\(MachineCommand.hostVariable)=\(host)",
    ].joined(separator: " ")
  }

  /// The whole command.
  var words: [String] {
    [
      program, "-no-user-config", "-nodefaults", "-display", "none", "-no-reboot",
      "-M", "pc,hpet=on", "-accel", "tcg", "-cpu", "qemu64,+rdrand", "-smp", "1", "-m", "\(memory)",
      "-bios", "qboot.rom",
      "-serial", "file:/proc/self/fd/\(MachineCommand.consoleDescriptor)",
      "-chardev", "socket,id=agent,fd=\(MachineCommand.agentDescriptor)", "-serial", "chardev:agent",
      "-chardev", "socket,id=monitor,fd=\(MachineCommand.monitorDescriptor)", "-mon", "chardev=monitor,mode=control",
      "-netdev", "dgram,id=\(MachineCommand.wireName),local.type=fd,local.str=\(MachineCommand.wireDescriptor)",
      "-device", "virtio-net-pci,netdev=\(MachineCommand.wireName),romfile=,mac=\(hardwareAddress)",
      "-kernel", kernel, "-initrd", archive, "-append", kernelCommandLine,
    ]
  }
}
