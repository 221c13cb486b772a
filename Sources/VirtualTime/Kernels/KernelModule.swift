/// A module of a guest's kernel, as a file.
public struct KernelModule: Hashable, Sendable {
  /// How the file is packed; the guest loads only plain ones.
  public enum Packing: String, Hashable, Sendable, CaseIterable {
    /// The ELF file as it is.
    case plain = ".ko"
    /// Packed by xz(1).
    case xz = ".ko.xz"
    /// Packed by zstd(1).
    case zstd = ".ko.zst"
    /// Packed by gzip(1).
    case gzip = ".ko.gz"
  }

  /// The name as lsmod(8) shows it, with underscores: `virtio_net`.
  public var name: String
  /// The file's path.
  public var path: String
  /// How the file is packed.
  public var packing: Packing
}
