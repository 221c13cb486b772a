/// What a module says of itself in its `.modinfo` section: `name=value` texts, each ended by a zero byte.
struct ModuleInformation: Hashable, Sendable {
  /// Modules that must be loaded before, from `depends=`.
  var dependencies: [String] = []
  /// Modules that are to be loaded before if they are there, from `softdep=pre: …`.
  var softBefore: [String] = []
  /// Modules that are to be loaded after if they are there, from `softdep=post: …`.
  var softAfter: [String] = []
  /// Other names that the module answers to, from `alias=`.
  var aliases: [String] = []

  /// What the section's bytes say; what is not understood is passed over.
  init(section: ArraySlice<UInt8>) {
    for entry in section.split(separator: 0) { read(String(decoding: entry, as: UTF8.self)) }
  }

  /// What the plain module file's bytes say; `nil` if they are not those of a module.
  init?(module bytes: [UInt8]) {
    guard let section = ElfFile(bytes)?.section(".modinfo") else { return nil }
    self.init(section: section)
  }

  private mutating func read(_ entry: String) {
    guard let equals = entry.firstIndex(of: "=") else { return }
    let value = entry[entry.index(after: equals)...]
    switch entry[..<equals] {
    case "depends": dependencies += value.split(separator: ",").map { ModuleName.canonical(String($0)) }
    case "alias": aliases.append(ModuleName.canonical(String(value)))
    case "softdep": readSoft(value)
    default: break
    }
  }

  private mutating func readSoft(_ value: Substring) {
    var isAfter = false
    for word in value.split(separator: " ") {
      switch word {
      case "pre:": isAfter = false
      case "post:": isAfter = true
      default:
        let name = ModuleName.canonical(String(word))
        if isAfter { softAfter.append(name) } else { softBefore.append(name) }
      }
    }
  }
}

/// How modules are named: the kernel makes no difference between a dash and an underscore.
enum ModuleName {
  /// The name as lsmod(8) shows it.
  static func canonical(_ name: String) -> String {
    String(name.map { $0 == "-" ? "_" : $0 })
  }
}
