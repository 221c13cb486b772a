public import Sockets

/// Takes a kernel out of the distribution's package into the cache, as an ordinary user and without installing it.
public struct KernelInstaller {
  /// What the work has come to, for a person who waits.
  public enum Progress: Hashable, Sendable {
    /// The package of this release is being downloaded.
    case downloading(KernelRelease)
    /// The package, of this many bytes, is being taken apart.
    case unpacking(bytes: Int)
    /// The kernel's files are being listed in its manifest.
    case listing
    /// The kernel is in the cache already, whole.
    case thereAlready(KernelRelease)
    /// The kernel in the cache is damaged, in these words, and is taken anew.
    case replacing(KernelRelease, damage: String)
  }

  private let store: KernelStore
  private let packages: KernelPackages
  private let signals: SignalQueue?
  private let tell: (Progress) -> Void

  /// An installer for `store` that says what it does to `tell`; a signal in `signals` ends its work.
  public init(
    _ store: KernelStore,
    interruptedBy signals: SignalQueue? = nil,
    tell: @escaping (Progress) -> Void
  ) {
    self.store = store
    self.signals = signals
    self.tell = tell
    packages = KernelPackages(interruptedBy: signals)
  }

  /// Gets the kernel that `version` means, the distribution's own if it is `nil`, and makes that one the default.
  ///
  /// A kernel that is in the cache already and whole is left as it is. If anything fails, the cache is as it was.
  public func get(_ version: String?) throws(KernelError) -> GuestKernel {
    let release: KernelRelease
    if let version { release = try packages.release(version) } else { release = try packages.defaultRelease() }
    let entry = try store.entries(thoroughly: true).first { $0.release == release }
    if let damage = entry?.damage {
      tell(.replacing(release, damage: damage))
    } else if entry != nil {
      tell(.thereAlready(release))
    }
    if entry?.kernel == nil { try install(release) }
    if version == nil { try store.makeDefault(release) }
    return try store.find(release.description)
  }

  private func install(_ release: KernelRelease) throws(KernelError) {
    let workspace = try Workspace(in: store.directory)
    defer { workspace.remove() }
    tell(.downloading(release))
    let package = try packages.download(release, into: workspace.path)
    tell(.unpacking(bytes: FileIO.status(of: package.path)?.size ?? 0))
    let tree = workspace.path + "/package"
    try run(["dpkg-deb", "-x", package.path, tree], package: "dpkg")
    let home = workspace.path + "/kernel"
    try KernelError.naming("the kernel's directory", try FileIO.makeDirectories(home))
    let hz = try furnish(home, from: tree, release)
    tell(.listing)
    let manifest = KernelManifest(
      release: release.description,
      version: package.version,
      hz: hz,
      files: try KernelManifest.files(in: home)
    )
    try KernelError.naming(
      "the manifest",
      try FileIO.write(manifest.text, toNew: home + "/" + KernelManifest.name)
    )
    try put(home, release, workspace)
  }

  /// Moves what is needed of the package's tree into the kernel's directory, and returns its timer interrupts a second.
  private func furnish(_ home: String, from tree: String, _ release: KernelRelease) throws(KernelError) -> Int {
    let name = try KernelImage.unpack(
      "\(tree)/boot/vmlinuz-\(release)",
      into: home + "/" + GuestKernel.FileName.image,
      interruptedBy: signals
    )
    if let name, name != release.description {
      throw KernelError("the package of \(release) holds the kernel \(name)")
    }
    let configuration = home + "/" + GuestKernel.FileName.configuration
    try KernelError.naming(
      "the kernel's configuration",
      try FileIO.rename("\(tree)/boot/config-\(release)", to: configuration)
    )
    let text = try KernelError.naming("the kernel's configuration", try FileIO.contents(of: configuration))
    guard let hz = KernelConfiguration.hz(in: text) else {
      throw KernelError("the configuration of \(release) does not say CONFIG_HZ")
    }
    let libraries = FileIO.isDirectory(tree + "/usr/lib/modules") ? tree + "/usr/lib" : tree + "/lib"
    let modules = ModuleTree(of: "\(libraries)/modules/\(release)")
    try modules.move(to: home + "/" + GuestKernel.FileName.modules, interruptedBy: signals)
    return hz
  }

  /// Puts the finished kernel in its place, at once; a damaged one that was there goes.
  private func put(_ home: String, _ release: KernelRelease, _ workspace: Workspace) throws(KernelError) {
    let place = store.directory + "/" + release.description
    if FileIO.isDirectory(place) {
      try KernelError.naming("the damaged kernel", try FileIO.rename(place, to: workspace.path + "/damaged"))
    }
    try KernelError.naming("the kernel's place", try FileIO.rename(home, to: place))
  }

  private func run(_ words: [String], package: String) throws(KernelError) {
    _ = try Command(words, package: package, interruptedBy: signals).output()
  }
}
