internal import Sockets

/// The files of a guest, each under the very path that it has on this machine, symbolic links included: so every
/// program finds there what it finds here.
struct GuestTree {
  /// What is at a path.
  enum Node: Hashable {
    case directory
    case link(to: String)
    /// A copy of this machine's file of that path.
    case copy(permissions: UInt32, identity: String)
    /// A file of our own.
    case text([UInt8], permissions: UInt32)
    case device(major: UInt32, minor: UInt32)
  }

  /// The nodes by their absolute paths.
  private(set) var nodes: [String: Node] = [:]

  /// Adds what is at `path` on this machine, and everything below it if it is a directory; the links on the way to it
  /// too.
  ///
  /// Returns the path without links; `nil` if there is nothing there.
  @discardableResult
  mutating func mirror(_ path: String) -> String? {
    guard let real = mirrorWay(to: path), let status = FileStatus(real, followingLinks: false) else { return nil }
    if status.kind == .directory {
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
      guard let status = FileStatus(next, followingLinks: false) else { return nil }
      switch status.kind {
      case .directory:
        nodes[next] = .directory
        here = next
      case .link:
        guard linksLeft > 0, let target = FileStatus.target(ofLink: next) else { return nil }
        linksLeft -= 1
        nodes[next] = .link(to: target)
        rest = (target.split(separator: "/").map(String.init) + rest)[...]
        if target.hasPrefix("/") { here = "" }
      case .file:
        nodes[next] = .copy(permissions: status.permissions, identity: status.identity)
        here = next
      case .other: return nil
      }
    }
    return here
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

  /// A text that is another one whenever anything in the tree is: what the cache knows an image by.
  var identity: String {
    nodes.sorted { $0.key < $1.key }.map { path, node in
      switch node {
      case .directory: "\(path) directory"
      case .link(let target): "\(path) link \(target)"
      case .copy(let permissions, let identity): "\(path) file \(permissions) \(identity)"
      case .text(let bytes, let permissions): "\(path) text \(permissions) \(SHA256.hash(bytes))"
      case .device(let major, let minor): "\(path) device \(major) \(minor)"
      }
    }.joined(separator: "\n")
  }

  /// The tree as an archive that the kernel unpacks.
  func archive() throws(SystemError) -> [UInt8] {
    var archive = ArchiveWriter()
    for (path, node) in nodes.sorted(by: { $0.key < $1.key }) {
      let name = String(path.dropFirst())
      switch node {
      case .directory: archive.addDirectory(name)
      case .link(let target): archive.addLink(name, to: target)
      case .copy(let permissions, _):
        archive.addFile(name, permissions: permissions, try FileIO.contents(of: path))
      case .text(let bytes, let permissions): archive.addFile(name, permissions: permissions, bytes)
      case .device(let major, let minor): archive.addDevice(name, permissions: 0o600, major: major, minor: minor)
      }
    }
    archive.finish()
    return archive.bytes
  }
}
