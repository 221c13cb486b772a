internal import Sockets

/// A way in which kernels and modules are packed, and the system's tool that unpacks it.
public enum Packing: Hashable, Sendable, CaseIterable {
  /// xz(1), the ways of Debian's modules and of its generic 6.1 kernels.
  case xz
  /// zstd(1), the way of kernels since 6.12.
  case zstd
  /// gzip(1).
  case gzip
  /// lz4(1) in its old format, the way of Debian's cloud kernel 6.1.
  case lz4

  /// The bytes at the beginning of what is packed in this way.
  var magic: [UInt8] {
    switch self {
    case .xz: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]
    case .zstd: [0x28, 0xB5, 0x2F, 0xFD]
    case .gzip: [0x1F, 0x8B]
    case .lz4: [0x02, 0x21, 0x4C, 0x18]
    }
  }

  /// What a file's name has at its end.
  var ending: String {
    switch self {
    case .xz: ".xz"
    case .zstd: ".zst"
    case .gzip: ".gz"
    case .lz4: ".lz4"
    }
  }

  /// The program that unpacks from its input to its output when it is called with `-dc`.
  var program: String {
    switch self {
    case .xz: "xz"
    case .zstd: "zstd"
    case .gzip: "gzip"
    case .lz4: "lz4"
    }
  }

  /// The Debian package that has the program.
  var package: String { self == .xz ? "xz-utils" : program }

  /// The way in which `bytes` are packed, by their beginning.
  init?(startOf bytes: ArraySlice<UInt8>) {
    guard let packing = Packing.allCases.first(where: { bytes.starts(with: $0.magic) }) else { return nil }
    self = packing
  }

  /// The contents of the packed file at `path`.
  func unpacked(_ path: String) throws(KernelError) -> [UInt8] {
    try Command([program, "-dc", path], package: package).output()
  }
}
