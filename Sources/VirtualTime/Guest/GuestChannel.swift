internal import Sockets

/// The mailbox's device, found, but not yet switched on.
///
/// QEMU does not take shared memory over into another process that the guest's processor could see before, so that
/// comes last.
struct GuestChannelDevice {
  private let memory: SharedDescriptor
  private let configuration: SharedDescriptor

  private static let devices = "/sys/bus/pci/devices"
  // Inter-VM shared memory, see QEMU's docs/specs/ivshmem-spec.txt.
  private static let vendor = "0x1af4"
  private static let device = "0x1110"

  /// Finds the device.
  init() throws(GuestFailure) {
    do throws(SystemError) {
      let all = GuestChannelDevice.devices
      let path = try FileIO.names(in: all).map { all + "/" + $0 }.first { path in
        GuestChannelDevice.line(path + "/vendor") == GuestChannelDevice.vendor
          && GuestChannelDevice.line(path + "/device") == GuestChannelDevice.device
      }
      guard let path else { throw SystemError(call: "open", subject: all, errno: .noSuchFile) }
      configuration = SharedDescriptor(try FileIO.open(path + "/config", for: .readingAndWriting))
      memory = SharedDescriptor(try FileIO.open(path + "/resource2", for: .readingAndWriting))
    } catch {
      throw GuestFailure("the guest's mailbox", error)
    }
  }

  private static func line(_ path: String) -> String? {
    (try? FileIO.contents(of: path)).map { String(decoding: $0.prefix { $0 != 0x0A }, as: UTF8.self) }
  }

  // The command register of a PCI device, and the bit with which it answers for its memory (`PCI_COMMAND_MEMORY`).
  private static let commandRegister = 4
  private static let answersForMemory: UInt8 = 1 << 1

  /// Switches the device on and maps its memory.
  func open() throws(GuestFailure) -> GuestChannel {
    do throws(SystemError) {
      let register = GuestChannelDevice.commandRegister
      var command = FileIO.bytes(configuration.rawValue, at: register, count: 1)
      guard !command.isEmpty else { throw SystemError(call: "pread", subject: "config", errno: .last) }
      command[0] |= GuestChannelDevice.answersForMemory
      try FileIO.write(command, to: configuration.rawValue, at: register)
      let mapped = try SharedMemory(mapping: memory, size: Mailbox.size, name: "the mailbox")
      return GuestChannel(mailbox: Mailbox(memory: mapped))
    } catch {
      throw GuestFailure("the guest's mailbox", error)
    }
  }
}

/// The mailbox as the guest has it: the memory of a PCI device.
struct GuestChannel {
  let mailbox: Mailbox

  /// Puts a frame into the stream and rings; spins while the stream is full.
  func tell(_ frame: Frame) {
    var rest = frame.encoded[...]
    while !rest.isEmpty {
      rest = rest.dropFirst(mailbox.write(rest))
      Ports.ring(.told)
    }
  }

  /// Puts bytes into the stream.
  func tell(_ kind: Frame.Kind, _ bytes: [UInt8]) {
    var rest = bytes[...]
    while !rest.isEmpty {
      tell(Frame(kind: kind, bytes: Array(rest.prefix(Frame.longest))))
      rest = rest.dropFirst(Frame.longest)
    }
  }
}
