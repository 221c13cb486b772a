import Sockets
import Testing

@testable import VirtualTime

@Suite struct KernelPayloadTests {
  private static let payload = Packing.lz4.magic + [1, 2, 3, 4, 5, 6, 7, 8]

  @Test func thePackedKernelIsFoundByTheSetupHeader() throws {
    let bytes = Made.bzImage(payload: KernelPayloadTests.payload, unpackedSize: 70_000_000)
    let payload = try KernelPayload(bzImage: bytes)
    #expect(Array(bytes[payload.range]) == KernelPayloadTests.payload)
    #expect(payload.packing == .lz4 && payload.unpackedSize == 70_000_000)
    #expect(payload.release == "6.1.0-99-cloud-amd64")
  }

  @Test(arguments: [
    (0x202, [UInt8](repeating: 0, count: 4), "it is neither an uncompressed kernel (ELF) nor a bzImage"),
    (0x206, Made.number(0x0207, 2), "its boot protocol is older than 2.08 (Linux 2.6.26)"),
    (0x248, Made.number(5000, 4), "its packed part lies outside the file: it is cut off"),
    (0x24C, Made.number(0x7FFF_FFFF, 4), "its packed part lies outside the file: it is cut off"),
    (0x24C, Made.number(3, 4), "its packed part lies outside the file: it is cut off"),
    (1024 + 16, [0x42, 0x5A], "it is packed in none of the ways that can be unpacked here (xz, zstd, gzip, lz4)"),
  ])
  func whatIsWrongIsSaid(offset: Int, bytes: [UInt8], message: String) {
    var image = Made.bzImage(payload: KernelPayloadTests.payload, unpackedSize: 1)
    image.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    #expect(throws: KernelError(message)) { try KernelPayload(bzImage: image) }
  }

  @Test func damagedImagesNeverCrash() {
    let image = Made.bzImage(payload: KernelPayloadTests.payload, unpackedSize: 1)
    for length in 0..<image.count - 2 {
      #expect(throws: KernelError.self) { try KernelPayload(bzImage: Array(image.prefix(length))) }
    }
    var dice = Dice(seed: 2)
    var good = 0
    for _ in 0..<3000 where (try? KernelPayload(bzImage: dice.damage(image))) != nil { good += 1 }
    #expect(good > 0)
  }
}

@Suite struct KernelImageTests {
  /// Packs `kernel` by the tool and makes a bzImage of it.
  private static func image(of kernel: [UInt8], by words: [String], in directory: String) throws -> String {
    try Made.write(kernel, to: directory + "/kernel")
    let packed = try Command(words + [directory + "/kernel"], package: "").output()
    try Made.write(Made.bzImage(payload: packed, unpackedSize: kernel.count), to: directory + "/vmlinuz")
    return directory + "/vmlinuz"
  }

  private static let kernel = Made.elf(
    sections: [(".text", [UInt8](repeating: 0x90, count: 3000))],
    note: Made.entryNote
  )

  @Test(arguments: [["lz4", "-l", "-c"], ["xz", "-c", "--check=crc32"], ["zstd", "-q", "-c"]])
  func everyPackingIsUnpacked(words: [String]) throws {
    try Made.directory { directory in
      let path = try KernelImageTests.image(of: KernelImageTests.kernel, by: words, in: directory)
      let image = directory + "/vmlinux"
      #expect(try KernelImage.unpack(path, into: image, interruptedBy: nil) == "6.1.0-99-cloud-amd64")
      #expect(try FileIO.contents(of: image) == KernelImageTests.kernel)
      #expect(try FileIO.names(in: directory) == ["kernel", "vmlinux", "vmlinuz"])
    }
  }

  @Test func aKernelThatCannotBeEnteredIsRefused() throws {
    try Made.directory { directory in
      let kernel = Made.elf(sections: [(".text", [UInt8](repeating: 0x90, count: 300))])
      let path = try KernelImageTests.image(of: kernel, by: ["xz", "-c"], in: directory)
      let error = #expect(throws: KernelError.self) {
        try KernelImage.unpack(path, into: directory + "/vmlinux", interruptedBy: nil)
      }
      #expect(error?.message.hasSuffix("cannot be entered directly: it was built without CONFIG_PVH") == true)
    }
  }

  @Test func aDamagedKernelIsRefused() throws {
    try Made.directory { directory in
      let path = try KernelImageTests.image(of: KernelImageTests.kernel, by: ["xz", "-c"], in: directory)
      var bytes = try FileIO.contents(of: path)
      bytes[1024 + 16 + 30] ^= 0xFF
      try Made.write(bytes, to: path)
      let error = #expect(throws: KernelError.self) {
        try KernelImage.unpack(path, into: directory + "/vmlinux", interruptedBy: nil)
      }
      #expect(error?.message.hasPrefix("'xz' failed: ") == true)
    }
  }

  @Test(arguments: [
    ("CONFIG_HZ_250=y\nCONFIG_HZ=250\n", 250 as Int?), ("CONFIG_HZ=1000", 1000), ("# CONFIG_HZ is not set\n", nil),
    ("CONFIG_HZ=\n", nil), ("CONFIG_HZ=0\n", nil), ("", nil),
  ])
  func theTimerFrequencyIsRead(text: String, hz: Int?) {
    #expect(KernelConfiguration.hz(in: Array(text.utf8)) == hz)
  }
}
