import Sockets
import Testing

@testable import VirtualTime

/// Kernels of the user's own, outside the cache.
@Suite struct KernelAtPathTests {
  private static let release = "6.1.0-99-cloud-amd64"
  private static let kernel = Made.elf(
    sections: [(".text", [UInt8](repeating: 0x90, count: 3000))],
    note: Made.entryNote
  )

  /// What a package unpacks to, below `directory`.
  private static func unpackedPackage(in directory: String) throws {
    try Made.write(kernel, to: directory + "/kernel")
    let packed = try Command(["gzip", "-nc", directory + "/kernel"], package: "").output()
    // The length that follows the other ways of packing is gzip's own last field.
    let image = Made.bzImage(payload: packed.dropLast(4), unpackedSize: kernel.count)
    try Made.write(image, to: directory + "/boot/vmlinuz-\(release)")
    try Made.write(Array("CONFIG_HZ=250\n".utf8), to: directory + "/boot/config-\(release)")
    try Made.write([], to: directory + "/lib/modules/\(release)/modules.builtin")
  }

  private static func find(_ path: String, in directory: String) throws(KernelError) -> GuestKernel {
    try KernelStore(environment: ["XDG_CACHE_HOME=\(directory)/cache"]).find(path)
  }

  @Test(arguments: ["", "/boot", "/boot/vmlinuz-6.1.0-99-cloud-amd64"])
  func aPackageIsFoundWithItsModules(path: String) throws {
    try Made.directory { directory in
      try Self.unpackedPackage(in: directory)
      let kernel = try Self.find(directory + path, in: directory)
      #expect(kernel.release == Self.release && kernel.hz == 250)
      #expect(try FileIO.contents(of: kernel.image) == Self.kernel)
      #expect(kernel.modulesDirectory.hasSuffix("/lib/modules/" + Self.release))
    }
  }

  @Test(arguments: ["cut", "other contents", "gone"])
  func aDamagedUnpackedKernelIsUnpackedAgain(damage: String) throws {
    try Made.directory { directory in
      try Self.unpackedPackage(in: directory)
      let image = try Self.find(directory + "/boot", in: directory).image
      let before = FileIO.status(of: image)?.identity
      #expect(try FileIO.status(of: Self.find(directory + "/boot", in: directory).image)?.identity == before)
      switch damage {
      case "cut": try Made.write(Array(Self.kernel.dropLast()), to: image)
      case "other contents": try Made.write(Self.kernel.reversed(), to: image)
      default: try FileIO.remove(image)
      }
      #expect(try FileIO.contents(of: Self.find(directory + "/boot", in: directory).image) == Self.kernel)
    }
  }

  @Test(arguments: [
    ("/lib", "", "there are no modules of 6.1.0-99-cloud-amd64: none of "),
    ("/boot/config-6.1.0-99-cloud-amd64", "", "no configuration of 6.1.0-99-cloud-amd64 says CONFIG_HZ: none of "),
    ("/boot/vmlinuz-6.1.0-99-cloud-amd64", "", "there is no kernel in '"),
    ("/kernel", "/vmlinuz", "there is no kernel '"),
  ])
  func whatIsMissingIsSaid(missing: String, path: String, message: String) throws {
    try Made.directory { directory in
      try Self.unpackedPackage(in: directory)
      try FileIO.remove(directory + missing)
      let error = #expect(throws: KernelError.self) { try Self.find(directory + path, in: directory) }
      #expect(error?.message.hasPrefix(message) == true, "\(error?.message ?? "")")
    }
  }
}
