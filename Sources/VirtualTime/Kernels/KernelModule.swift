internal import Sockets

/// A module of a guest's kernel, as a file.
public struct KernelModule: Hashable, Sendable {
  /// The name as lsmod(8) shows it, with underscores: `virtio_net`.
  public var name: String
  /// The file's path.
  public var path: String
  /// How the file is packed; the guest loads only plain ones.
  public var packing: Packing?

  /// The module whose file is at `path`; `nil` if the path does not end as a module's does.
  init?(path: String) {
    let file = path.split(separator: "/").last ?? ""
    let endings = [(nil, ".ko")] + Packing.allCases.map { ($0 as Packing?, ".ko" + $0.ending) }
    guard let (packing, ending) = endings.first(where: { file.hasSuffix($0.1) }) else { return nil }
    name = ModuleName.canonical(String(file.dropLast(ending.count)))
    self.path = path
    self.packing = packing
  }

  /// The plain module, unpacked by the system's tool if the file is packed.
  public func contents() throws(KernelError) -> [UInt8] {
    guard let packing else {
      do {
        return try FileIO.contents(of: path)
      } catch {
        throw KernelError("the module '\(name)'", error)
      }
    }
    return try packing.unpacked(path)
  }
}
