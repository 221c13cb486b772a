internal import Sockets

/// The mailbox as the guest has it: the memory of a PCI device.
struct GuestChannel {
  let mailbox: Mailbox

  private static let devices = "/sys/bus/pci/devices"
  // Inter-VM shared memory, see QEMU's docs/specs/ivshmem-spec.txt.
  private static let vendor = "0x1af4"
  private static let device = "0x1110"

  /// Finds the device and maps its memory.
  init() throws(GuestFailure) {
    do {
      let devices = try FileIO.names(in: GuestChannel.devices).map { GuestChannel.devices + "/" + $0 }
      guard
        let path = devices.first(where: {
          GuestChannel.line($0 + "/vendor") == GuestChannel.vendor
            && GuestChannel.line($0 + "/device") == GuestChannel.device
        })
      else { throw GuestFailure("the guest has no mailbox") }
      try FileIO.write("1", toExisting: path + "/enable")
      mailbox = Mailbox(memory: try SharedMemory(path: path + "/resource2", size: Mailbox.size))
    } catch let error as SystemError {
      throw GuestFailure("the guest's mailbox", error)
    } catch let error as GuestFailure {
      throw error
    } catch {
      throw GuestFailure("the guest's mailbox: \(error)")
    }
  }

  private static func line(_ path: String) -> String? {
    (try? FileIO.contents(of: path)).map { String(decoding: $0.prefix { $0 != 0x0A }, as: UTF8.self) }
  }

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
