internal import Digests
internal import Laboratory
internal import Sockets

/// The files of a guest, each under the very path that it has on this machine, symbolic links included: so every
/// program finds there what it finds here.
struct GuestTree {
  /// What is at a path.
  enum Node: Hashable {
    case directory
    case link(to: String)
    /// A copy of this machine's file of that path, which was written to last so many nanoseconds after 1970.
    case copy(permissions: UInt32, size: Int, modified: Int64, identity: String)
    /// What the kernel loads of this machine's program of that path: no symbols, which may be more than half of it.
    case program(permissions: UInt32, size: Int, identity: String)
    /// A file of our own.
    case text([UInt8], permissions: UInt32)
    case device(major: UInt32, minor: UInt32)
    /// A module of the guest's kernel.
    case module(KernelModule, identity: String)
  }

  /// The nodes by their absolute paths.
  private(set) var nodes: [String: Node] = [:]

  /// Adds what is at `path` on this machine, and everything below it if it is a directory; the links on the way to it
  /// too.
  ///
  /// Returns the path without links; `nil` if there is nothing there.
  @discardableResult
  mutating func mirror(_ path: String) -> String? {
    guard let real = mirrorWay(to: path), let status = FileIO.status(of: real, followingLinks: false) else {
      return nil
    }
    if status.isDirectory {
      for name in (try? FileIO.names(in: real)) ?? [] { mirror(real + "/" + name) }
    }
    return real
  }

  /// Adds the directories and links on the way to `path`, and what is there itself, but nothing below it.
  @discardableResult
  mutating func mirrorWay(to path: String) -> String? {
    var rest = path.split(separator: "/").map(String.init)[...]
    var here = ""
    var linksLeft = 40
    while let name = rest.popFirst() {
      if name == "." { continue }
      if name == ".." {
        here = here.lastIndex(of: "/").map { String(here[..<$0]) } ?? ""
        continue
      }
      let next = here + "/" + name
      guard let status = FileIO.status(of: next, followingLinks: false) else { return nil }
      if status.isDirectory {
        nodes[next] = .directory
        here = next
      } else if status.isFile {
        nodes[next] = .copy(
          permissions: status.permissions,
          size: status.size,
          modified: status.modified,
          identity: status.identity
        )
        here = next
      } else {
        guard status.isLink, linksLeft > 0, let target = FileIO.target(ofLink: next) else { return nil }
        linksLeft -= 1
        nodes[next] = .link(to: target)
        rest = (target.split(separator: "/").map(String.init) + rest)[...]
        if target.hasPrefix("/") { here = "" }
      }
    }
    return here
  }

  /// Leaves out of the program at `path`, which was added as it is, what only debuggers read.
  mutating func leaveOutSymbols(of path: String) {
    guard case .copy(let permissions, let size, _, let identity) = nodes[path],
      let file = try? FileIO.open(path),
      let elf = ElfFile(FileIO.bytes(file.rawValue, at: 0, count: 4096)), let length = elf.loadedLength, length < size
    else { return }
    nodes[path] = .program(permissions: permissions, size: length, identity: identity)
  }

  /// Adds a directory that need not be there on this machine.
  mutating func addDirectory(_ path: String) {
    guard path != "/", !path.isEmpty, nodes[path] == nil else { return }
    if let slash = path.lastIndex(of: "/") { addDirectory(String(path[..<slash])) }
    nodes[path] = .directory
  }

  /// Adds a file of our own.
  mutating func addFile(_ path: String, _ text: String, permissions: UInt32 = 0o644) {
    if let slash = path.lastIndex(of: "/") { addDirectory(String(path[..<slash])) }
    nodes[path] = .text(Array(text.utf8), permissions: permissions)
  }

  /// Adds a symbolic link.
  mutating func addLink(_ path: String, to target: String) { nodes[path] = .link(to: target) }

  /// Adds a character device.
  mutating func addDevice(_ path: String, major: UInt32, minor: UInt32) {
    nodes[path] = .device(major: major, minor: minor)
  }

  /// Adds a module of the guest's kernel, unpacked.
  mutating func addModule(_ path: String, _ module: KernelModule) {
    nodes[path] = .module(module, identity: FileIO.status(of: module.path)?.identity ?? "")
  }

  /// A text that is another one whenever anything in the tree is.
  var identity: String {
    nodes.sorted { $0.key < $1.key }.map { path, node in
      switch node {
      case .directory: "\(path) directory"
      case .link(let target): "\(path) link \(target)"
      case .copy(let permissions, _, _, let identity): "\(path) file \(permissions) \(identity)"
      case .program(let permissions, let size, let identity): "\(path) program \(permissions) \(size) \(identity)"
      case .text(let bytes, let permissions): "\(path) text \(permissions) \(SHA256.hexadecimal(bytes))"
      case .device(let major, let minor): "\(path) device \(major) \(minor)"
      case .module(_, let identity): "\(path) module \(identity)"
      }
    }.joined(separator: "\n")
  }

  /// What the cache knows its image by.
  var key: String { SHA256.hexadecimal(identity) }

  /// How many bytes the files of this machine in it take in memory, where each begins on a page of its own.
  var size: Int {
    nodes.values.reduce(0) { sum, node in
      switch node {
      case .copy(_, let size, _, _), .program(_, let size, _): sum + (size + 4095) / 4096 * 4096
      default: sum
      }
    }
  }

  /// The tree as an archive that the kernel unpacks.
  func archive() throws(LaboratoryError) -> [UInt8] {
    var archive = ArchiveWriter()
    for (path, node) in nodes.sorted(by: { $0.key < $1.key }) {
      let name = String(path.dropFirst())
      switch node {
      case .directory: archive.addDirectory(name)
      case .link(let target): archive.addLink(name, to: target)
      case .copy(let permissions, _, let modified, _):
        let contents = try contents(of: path)
        archive.addFile(name, permissions: permissions, modified: modified / 1_000_000_000, contents)
      case .program(let permissions, _, _):
        let bytes = try contents(of: path)
        archive.addFile(name, permissions: permissions, ElfFile(bytes)?.loaded ?? bytes)
      case .text(let bytes, let permissions): archive.addFile(name, permissions: permissions, bytes)
      case .device(let major, let minor): archive.addDevice(name, permissions: 0o600, major: major, minor: minor)
      case .module(let module, _):
        do throws(KernelError) {
          archive.addFile(name, permissions: 0o644, try module.contents())
        } catch {
          throw LaboratoryError(error.message)
        }
      }
    }
    archive.finish()
    return archive.bytes
  }

  private func contents(of path: String) throws(LaboratoryError) -> [UInt8] {
    do throws(SystemError) {
      return try FileIO.contents(of: path)
    } catch {
      throw LaboratoryError("what goes into the guest: \(error.description)")
    }
  }
}
