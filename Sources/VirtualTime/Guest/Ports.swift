internal import CLinux
internal import Glibc

/// The two ports by which the guest speaks to QEMU without a driver: a bell and an exit.
enum Ports {
  /// Where a byte rings: QEMU's debug console.
  static let bell: UInt16 = 0xE9
  /// Where a number ends QEMU: its debug exit device.
  static let exit: UInt16 = 0x501
  /// The number that means: everything was told.
  ///
  /// Only this one is a success: a kernel that panics ends QEMU with 0.
  static let completed: UInt32 = 16

  /// QEMU's exit status for a number written to ``exit``.
  static func status(of number: UInt32) -> Int32 { Int32(truncatingIfNeeded: number << 1 | 1) }

  /// Lets this process use the ports.
  ///
  /// See ioperm(2). Returns false in a process that may not, which no guest's process 1 is.
  static func open() -> Bool {
    ioperm(UInt(bell), 1, 1) == 0 && ioperm(UInt(exit), 4, 1) == 0
      && ioperm(UInt(FirmwareConfiguration.port), 2, 1) == 0
  }

  /// Rings: QEMU takes the byte before the next instruction.
  static func ring(_ signal: BellSignal) { outb(signal.rawValue, bell) }

  /// What the debug console gives to who reads it: a number on QEMU's command line.
  static var answer: UInt8 { inb(bell) }

  /// The answer that means: the job is in the mailbox.
  static let jobIsThere: UInt8 = 0x47
  /// The answer that means: wait.
  static let jobIsToCome: UInt8 = 0x53

  /// Ends QEMU.
  static func end(_ number: UInt32) { outl(number, exit) }
}

/// What a ring of the bell means.
enum BellSignal: UInt8 {
  /// The guest is up and waits for a job.
  case ready = 0x52
  /// There is something new in the stream.
  case told = 0x2E
}
