internal import Sockets

/// Making the kernel that QEMU enters directly out of the one that a distribution ships.
enum KernelImage {
  /// Unpacks the bzImage at `path` into a new file `image`, and returns the release that it names.
  ///
  /// QEMU would boot the bzImage as well, but then the guest unpacks it, which takes it seconds.
  static func unpack(_ path: String, into image: String, interruptedBy signals: SignalQueue?) throws(KernelError)
    -> String?
  {
    let bytes = try KernelError.naming("reading the kernel", try FileIO.contents(of: path))
    let payload: KernelPayload
    do {
      payload = try KernelPayload(bzImage: bytes)
    } catch {
      throw KernelError("the kernel in \(path) cannot be used: \(error.message)")
    }
    let packed = image + payload.packing.ending
    try KernelError.naming("the packed kernel", try FileIO.write(Array(bytes[payload.range]), toNew: packed))
    defer { try? FileIO.remove(packed) }
    try unpack(packed, payload.packing, into: image, interruptedBy: signals)
    let unpacked = try KernelError.naming("reading the kernel", try FileIO.contents(of: image))
    guard unpacked.count == payload.unpackedSize else {
      throw KernelError(
        "the kernel in \(path) unpacks to \(unpacked.count) bytes and should to \(payload.unpackedSize): it is damaged"
      )
    }
    try check(unpacked, of: path)
    return payload.release
  }

  /// Throws unless the bytes are those of a kernel that QEMU can enter directly.
  static func check(_ bytes: [UInt8], of path: String) throws(KernelError) {
    guard let file = ElfFile(bytes) else {
      throw KernelError("the kernel in \(path) is no 64-bit ELF file for x86")
    }
    guard file.hasDirectEntry else {
      throw KernelError("the kernel in \(path) cannot be entered directly: it was built without CONFIG_PVH")
    }
  }

  private static func unpack(
    _ packed: String,
    _ packing: Packing,
    into image: String,
    interruptedBy signals: SignalQueue?
  ) throws(KernelError) {
    var command = Command([packing.program, "-dc", packed], package: packing.package, interruptedBy: signals)
    command.redirection = SharedDescriptor(
      try KernelError.naming("the unpacked kernel", try FileIO.open(image, for: .replacing))
    )
    _ = try command.output()
  }
}
