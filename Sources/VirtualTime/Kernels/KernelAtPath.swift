internal import Sockets

/// A kernel of the user's own, outside the cache: a file, or a directory with what a kernel's build or package leaves.
struct KernelAtPath {
  /// The kernel as it was built: an ELF file, or a bzImage.
  let file: String
  private let directory: String
  /// Where a bzImage is unpacked to.
  private let cache: String

  /// The kernel that `path` means: the file itself, or the one in the directory; a bzImage is unpacked below `cache`.
  init(_ path: String, unpackedIn cache: String) throws(KernelError) {
    self.cache = cache
    if FileIO.isDirectory(path) {
      // What a package unpacks to has its kernel in /boot.
      directory = FileIO.isDirectory(path + "/boot") ? path + "/boot" : path
      file = directory + "/" + (try KernelAtPath.kernelName(in: directory))
    } else {
      guard FileIO.status(of: path)?.isFile == true else { throw KernelError("there is no kernel '\(path)'") }
      directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
      file = path
    }
  }

  /// The kernel, ready to boot.
  func kernel(interruptedBy signals: SignalQueue? = nil) throws(KernelError) -> GuestKernel {
    let bytes = try KernelError.naming("the kernel", try FileIO.contents(of: file))
    let image: String
    let release: String?
    if ElfFile(bytes) != nil {
      try KernelImage.check(bytes, of: file)
      image = file
      release = KernelAtPath.release(in: bytes)
    } else {
      (image, release) = try unpacked(bytes, signals)
    }
    guard let release = release ?? KernelAtPath.release(inName: file) else {
      throw KernelError("the kernel in \(file) does not say its release; call the file vmlinux-RELEASE")
    }
    return GuestKernel(
      release: release,
      image: image,
      modulesDirectory: try modules(release),
      hz: try hz(release),
      identity: "\(file) \(KernelAtPath.stamp(of: file)) \(KernelAtPath.stamp(of: directory))"
    )
  }

  private static func kernelName(in directory: String) throws(KernelError) -> String {
    let names = try KernelError.naming("the kernel", try FileIO.names(in: directory))
    let fixed = ["vmlinux", "bzImage", "arch/x86/boot/bzImage"]
    if let name = fixed.first(where: { FileIO.status(of: directory + "/" + $0)?.isFile == true }) { return name }
    let versioned = names.filter { $0.hasPrefix("vmlinux-") || $0.hasPrefix("vmlinuz-") }.map { KernelRelease($0) }
      .max()
    guard let versioned else {
      throw KernelError("there is no kernel in '\(directory)': no vmlinux, no bzImage, no vmlinuz-RELEASE")
    }
    return versioned.description
  }

  /// Unpacks a bzImage, once for each file as it is.
  private func unpacked(_ bytes: [UInt8], _ signals: SignalQueue?) throws(KernelError) -> (String, String?) {
    let release: String?
    do {
      release = try KernelPayload(bzImage: bytes).release
    } catch {
      throw KernelError("the kernel in \(file) cannot be used: \(error.message)")
    }
    let image = "\(cache)/\(FNV.hash("\(file) \(KernelAtPath.stamp(of: file))"))-vmlinux"
    // One that was written to or replaced since it was unpacked is not believed.
    let note = image + ".identity"
    if let noted = try? FileIO.contents(of: note), let status = FileIO.status(of: image, followingLinks: false),
      noted == Array(status.identity.utf8)
    {
      return (image, release)
    }
    let workspace = try Workspace(in: cache)
    defer { workspace.remove() }
    let new = workspace.path + "/vmlinux"
    _ = try KernelImage.unpack(file, into: new, interruptedBy: signals)
    try KernelError.naming("the unpacked kernel", try FileIO.rename(new, to: image))
    let identity = FileIO.status(of: image, followingLinks: false)?.identity ?? ""
    try KernelError.naming("the unpacked kernel", try FileIO.write(identity, toNew: note))
    return (image, release)
  }

  private func modules(_ release: String) throws(KernelError) -> String {
    let places = [
      directory + "/modules", "\(directory)/lib/modules/\(release)", "\(directory)/modules/\(release)",
      "\(directory)/../lib/modules/\(release)", "/lib/modules/\(release)",
    ]
    if let place = places.first(where: { FileIO.status(of: $0 + "/modules.builtin") != nil }) { return place }
    throw KernelError(
      "there are no modules of \(release): none of \(places.joined(separator: ", ")) has modules.builtin; "
        + "put the package's lib/modules/\(release) beside the kernel, as modules"
    )
  }

  private func hz(_ release: String) throws(KernelError) -> Int {
    let places = ["\(directory)/config-\(release)", directory + "/config", directory + "/.config"]
    for place in places {
      if let text = try? FileIO.contents(of: place), let hz = KernelConfiguration.hz(in: text) { return hz }
    }
    throw KernelError(
      "no configuration of \(release) says CONFIG_HZ: none of \(places.joined(separator: ", ")); "
        + "put the package's boot/config-\(release) beside the kernel"
    )
  }

  /// The release in a file name such as `vmlinuz-6.1.0-56-amd64`.
  static func release(inName path: String) -> String? {
    let name = path.split(separator: "/").last ?? ""
    guard let dash = name.firstIndex(of: "-") else { return nil }
    let release = name[name.index(after: dash)...]
    return release.first?.isNumber == true ? String(release) : nil
  }

  /// The release in the kernel's banner, `Linux version 6.1.0-56-cloud-amd64 (…`.
  static func release(in kernel: [UInt8]) -> String? {
    guard let constants = ElfFile(kernel)?.section(".rodata") else { return nil }
    let banner = Array("Linux version ".utf8)
    var place = constants.startIndex
    while let start = constants[place...].firstIndex(of: banner[0]) {
      let rest = constants[start...]
      if rest.starts(with: banner), let first = rest.dropFirst(banner.count).first, (0x30...0x39).contains(first) {
        return String(decoding: rest.dropFirst(banner.count).prefix(64).prefix { $0 > 0x20 }, as: UTF8.self)
      }
      place = start + 1
    }
    return nil
  }

  private static func stamp(of path: String) -> String {
    FileIO.status(of: path).map { "\($0.size) \($0.modified)" } ?? ""
  }
}

/// A short name for a text, the same in every run.
enum FNV {
  /// The 64-bit FNV-1a hash in hexadecimal digits.
  ///
  /// See http://www.isthe.com/chongo/tech/comp/fnv/.
  static func hash(_ text: String) -> String {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    let digits = String(hash, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
