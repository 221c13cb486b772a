/// The command line of a guest in virtual time.
///
/// Why each word of it is there: docs/virtual-time.md.
struct QEMUCommand: Hashable {
  /// QEMU's program.
  var program: String
  /// The guest's memory in MiB.
  var memory: Int
  /// The file that is the guest's memory.
  var memoryFile: String
  /// Whether what the guest writes to its memory goes into the file.
  var keepsMemory: Bool
  /// The kernel, the first file system and the kernel's own command line, for a guest that boots; `nil` for one that
  /// goes on from a snapshot.
  var boot: Boot?

  struct Boot: Hashable {
    var kernel: String
    var archive: String
  }

  // The descriptors that QEMU inherits.
  static let mailboxDescriptor: Int32 = 3
  static let bellDescriptor: Int32 = 4
  static let consoleDescriptor: Int32 = 5
  /// The guest's memory, while a snapshot is made.
  static let memoryDescriptor: Int32 = 6
  /// The setup of the lab that a booting guest prepares for.
  static let networksDescriptor: Int32 = 7
  /// The devices' state, where a guest goes on from a snapshot.
  static let stateDescriptor: Int32 = 6

  /// The file of an inherited descriptor.
  static func path(of descriptor: Int32) -> String { "/proc/self/fd/\(descriptor)" }

  /// What the guest's kernel is told: nothing that changes TCP, only what makes it boot and idle without busy waiting.
  static let kernelCommandLine = [
    "console=ttyS0", "quiet", "panic=-1", "tsc=reliable", "no_timer_check", "nolapic_timer", "cryptomgr.notests",
    "mitigations=off", "init_on_alloc=0", "psi=0", "nowatchdog", "cgroup_disable=memory",
    "initcall_blacklist=hpet_late_init,virtio_pci_driver_init",
    "nokaslr", "norandmaps", "thash_entries=16", "SWIFT_ROOT=/",
  ].joined(separator: " ")

  /// What every guest has in common: a snapshot belongs to exactly this.
  private static let machine = [
    "-no-user-config", "-nodefaults", "-display", "none", "-no-reboot",
    "-accel", "tcg", "-icount", "shift=0,sleep=off", "-cpu", "qemu64,+rdrand", "-smp", "1", "-bios", "qboot.rom",
    "-seed", "1", "-rtc", "base=2026-01-01T00:00:00,clock=vm",
    "-device", "isa-debug-exit,iobase=0x501,iosize=4",
    "-chardev", "file,id=bell,path=/proc/self/fd/\(bellDescriptor)",
    "-serial", "file:/proc/self/fd/\(consoleDescriptor)",
    "-object",
    "memory-backend-file,id=mailbox,size=\(Mailbox.size),mem-path=/proc/self/fd/\(mailboxDescriptor),share=on",
    "-device", "ivshmem-plain,memdev=mailbox,master=on",
    "-qmp", "stdio",
  ]

  /// The whole command.
  var words: [String] {
    var words = [program, "-M", "pc,hpet=on,memory-backend=ram", "-m", "\(memory)"]
    words += [
      "-object",
      "memory-backend-file,id=ram,size=\(memory)M,mem-path=\(escaped(memoryFile)),share=\(keepsMemory ? "on" : "off")",
    ]
    words += QEMUCommand.machine
    let answer = boot == nil ? Ports.jobIsThere : Ports.jobIsToCome
    words += ["-device", "isa-debugcon,iobase=0xe9,chardev=bell,readback=\(answer)"]
    if let boot {
      words += ["-kernel", boot.kernel, "-initrd", boot.archive, "-append", QEMUCommand.kernelCommandLine]
      let networks = QEMUCommand.path(of: QEMUCommand.networksDescriptor)
      words += ["-fw_cfg", "name=\(FirmwareConfiguration.networksName),file=\(networks)"]
    } else {
      words += ["-incoming", "defer"]
    }
    return words
  }

  /// In QEMU's options a comma ends a value unless it stands twice.
  private func escaped(_ path: String) -> String { path.replacing(",", with: ",,") }
}

/// What is said to QEMU over its monitor.
enum QMP {
  static let hello = #"{"execute":"qmp_capabilities"}"#

  /// Memory that is a file stays where it is: only the devices' state goes through a migration.
  static let ignoreSharedMemory =
    #"{"execute":"migrate-set-capabilities","arguments":{"capabilities":["#
    + #"{"capability":"x-ignore-shared","state":true},{"capability":"events","state":true}]}}"#

  /// Saves the devices' state into the file behind a descriptor of the process `process`.
  static func save(to descriptor: CInt, of process: Int32) -> String {
    #"{"execute":"migrate","arguments":{"uri":"exec:cat > /proc/\#(process)/fd/\#(descriptor)"}}"#
  }

  /// Loads the devices' state from an inherited descriptor, and goes on.
  static func load(from descriptor: Int32) -> String {
    #"{"execute":"migrate-incoming","arguments":{"uri":"fd:\#(descriptor)"}}"#
  }

  static let quit = #"{"execute":"quit"}"#
}
