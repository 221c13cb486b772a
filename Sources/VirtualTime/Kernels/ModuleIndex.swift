internal import Sockets

/// The modules of a kernel by name, the built-in ones included.
///
/// A Debian package has no `modules.dep`, which depmod(8) makes only when the package is installed; so what needs what
/// is read from the modules themselves.
final class ModuleIndex {
  private let directory: String
  private let files: [String: KernelModule]
  private let builtIn: Set<String>
  /// What the built-in modules answer to besides their names.
  private let builtInAliases: Set<String>
  /// The module files by what they answer to besides their names; read from all of them when first asked for.
  private var aliases: [String: KernelModule]?

  /// The modules in `directory`, which holds `kernel/` and `modules.builtin`.
  init(_ directory: String) throws(KernelError) {
    self.directory = directory
    do {
      let modules = try ModuleIndex.files(in: directory + "/kernel")
      files = Dictionary(modules.map { ($0.name, $0) }) { first, _ in first }
      let list = try FileIO.contents(of: directory + "/modules.builtin")
      builtIn = Set(
        list.split(separator: UInt8(ascii: "\n")).compactMap {
          KernelModule(path: String(decoding: $0, as: UTF8.self))?.name
        }
      )
    } catch {
      throw KernelError("the modules in \(directory)", error)
    }
    let information = (try? FileIO.contents(of: directory + "/modules.builtin.modinfo")) ?? []
    builtInAliases = ModuleIndex.aliases(builtIn: information)
  }

  /// The module files in a directory and the directories below it, in the order of their paths.
  static func files(in directory: String) throws(SystemError) -> [KernelModule] {
    var modules: [KernelModule] = []
    for name in try FileIO.names(in: directory) {
      let path = directory + "/" + name
      if let module = KernelModule(path: path) {
        modules.append(module)
      } else if FileIO.isDirectory(path) {
        modules += try files(in: path)
      }
    }
    return modules
  }

  /// The aliases in `modules.builtin.modinfo`, whose entries are `module.name=value`.
  static func aliases(builtIn information: [UInt8]) -> Set<String> {
    var aliases: Set<String> = []
    for entry in information.split(separator: 0) {
      let text = String(decoding: entry, as: UTF8.self)
      guard let dot = text.firstIndex(of: ".") else { continue }
      let rest = text[text.index(after: dot)...]
      if rest.hasPrefix("alias=") { aliases.insert(ModuleName.canonical(String(rest.dropFirst(6)))) }
    }
    return aliases
  }

  /// The module file called `name`, by name or by alias; `nil` if there is none.
  func file(_ name: String) throws(KernelError) -> KernelModule? {
    if let module = files[name] { return module }
    if let aliases { return aliases[name] }
    var found: [String: KernelModule] = [:]
    for module in files.values.sorted(by: { $0.path < $1.path }) {
      for alias in try information(of: module).aliases where found[alias] == nil { found[alias] = module }
    }
    aliases = found
    return found[name]
  }

  /// Whether nothing is to be loaded for `name`, since it is built in under that name or alias.
  func needsNoFile(_ name: String) -> Bool {
    builtIn.contains(name) || builtInAliases.contains(name)
  }

  /// What a module's file says of itself.
  func information(of module: KernelModule) throws(KernelError) -> ModuleInformation {
    guard let information = ModuleInformation(module: try module.contents()) else {
      throw KernelError("\(module.path) is not a kernel module: get the kernel again ('halfopen kernel get')")
    }
    return information
  }
}
