internal import Sockets

/// The modules as a package has them, of which a laboratory needs a part.
struct ModuleTree {
  private let directory: String

  /// The modules in `directory`, which holds `kernel/` and `modules.builtin`.
  init(of directory: String) {
    self.directory = directory
  }

  /// What is kept, all that is below: the network with what it computes with, and a virtual machine's devices.
  private static let kept = [
    "kernel/net", "kernel/lib", "kernel/crypto", "kernel/arch/x86/crypto", "kernel/drivers/virtio",
    "kernel/drivers/char/hw_random",
  ]
  /// Directories of which only the modules themselves are kept, and not the directories in them, which are for hardware.
  private static let shallow = ["kernel/drivers/net", "kernel/drivers/char"]
  private static let lists = ["modules.builtin", "modules.builtin.modinfo"]

  /// Moves what is kept to the new directory `target`, and unpacks the modules that are packed.
  func move(to target: String, interruptedBy signals: SignalQueue?) throws(KernelError) {
    do {
      for path in ModuleTree.lists where FileIO.status(of: directory + "/" + path) != nil {
        try move(path, to: target)
      }
      for path in ModuleTree.kept where FileIO.isDirectory(directory + "/" + path) { try move(path, to: target) }
      for path in ModuleTree.shallow where FileIO.isDirectory(directory + "/" + path) {
        for name in try FileIO.names(in: directory + "/" + path) where KernelModule(path: name) != nil {
          try move(path + "/" + name, to: target)
        }
      }
    } catch {
      throw KernelError("the kernel's modules", error)
    }
    try unpack(target, signals)
  }

  private func move(_ path: String, to target: String) throws(SystemError) {
    let place = target + "/" + path
    if let slash = place.lastIndex(of: "/") { try FileIO.makeDirectories(String(place[..<slash])) }
    try FileIO.rename(directory + "/" + path, to: place)
  }

  private func unpack(_ target: String, _ signals: SignalQueue?) throws(KernelError) {
    let modules = try KernelError.naming("the kernel's modules", try ModuleIndex.files(in: target + "/kernel"))
    for packing in Packing.allCases {
      let packed = modules.filter { $0.packing == packing }.map(\.path)
      guard !packed.isEmpty else { continue }
      let options = packing == .zstd || packing == .lz4 ? ["-d", "-q", "--rm"] : ["-d"]
      _ = try Command([packing.program] + options + packed, package: packing.package, interruptedBy: signals).output()
    }
  }
}
