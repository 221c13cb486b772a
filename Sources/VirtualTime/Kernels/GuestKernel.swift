/// A kernel that a guest can boot: an unmodified one of the distribution, unpacked.
public struct GuestKernel: Hashable, Sendable {
  /// What `uname -r` says in the guest, such as `6.1.0-56-cloud-amd64`.
  public var release: String
  /// The path of the uncompressed kernel, an ELF file that QEMU boots directly by its PVH note.
  public var image: String
  /// The directory with the modules, the one that holds `kernel/` and `modules.builtin`.
  public var modulesDirectory: String
  /// Timer interrupts a second, from the kernel's configuration (`CONFIG_HZ`).
  public var hz: Int
  /// A text that is another one whenever the contents of the kernel or of its modules are others.
  public var identity: String

  /// A kernel at these paths.
  public init(release: String, image: String, modulesDirectory: String, hz: Int, identity: String) {
    self.release = release
    self.image = image
    self.modulesDirectory = modulesDirectory
    self.hz = hz
    self.identity = identity
  }
}
