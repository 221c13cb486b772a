/// The modules to load so that some can be used, each after those it needs.
struct ModuleClosure {
  private let index: ModuleIndex
  private let kernel: String
  private var seen: Set<String> = []
  /// The modules in the order in which they are to be loaded.
  private(set) var modules: [KernelModule] = []

  /// An empty closure over the modules of `kernel`, which is named in errors.
  init(_ index: ModuleIndex, kernel: String) {
    self.index = index
    self.kernel = kernel
  }

  /// Adds the module called `name` and all that it needs; throws if one of them is missing.
  mutating func add(_ name: String) throws(KernelError) {
    guard try visit(ModuleName.canonical(name)) else {
      throw KernelError("the kernel \(kernel) has no module '\(name)', built in or as a file")
    }
  }

  /// Adds the module called `name` and all that it needs, if the kernel has it.
  mutating func addIfThere(_ name: String) throws(KernelError) {
    _ = try visit(ModuleName.canonical(name))
  }

  /// Whether the module is there.
  private mutating func visit(_ name: String) throws(KernelError) -> Bool {
    if seen.contains(name) || index.needsNoFile(name) { return true }
    guard let module = try index.file(name) else { return false }
    seen.insert(name)
    // A name may be an alias: the module must be loaded once only.
    guard name == module.name || !seen.contains(module.name) else { return true }
    seen.insert(module.name)
    let information = try index.information(of: module)
    for soft in information.softBefore { _ = try visit(soft) }
    for dependency in information.dependencies {
      guard try visit(dependency) else {
        throw KernelError("the module '\(module.name)' of the kernel \(kernel) needs '\(dependency)', which is missing")
      }
    }
    modules.append(module)
    for soft in information.softAfter { _ = try visit(soft) }
    return true
  }
}

extension GuestKernel {
  /// The module files to load, in this order, so that the modules called `names` can be used.
  ///
  /// Modules that are built in need no file. `optional` ones are passed over if the kernel does not have them; what a
  /// module names as a soft dependency is too. Throws if one of the others, or what it needs, is missing.
  public func modules(_ names: [String], optional: [String] = []) throws(KernelError) -> [KernelModule] {
    var closure = ModuleClosure(try ModuleIndex(modulesDirectory), kernel: release)
    for name in names { try closure.add(name) }
    for name in optional { try closure.addIfThere(name) }
    return closure.modules
  }
}
