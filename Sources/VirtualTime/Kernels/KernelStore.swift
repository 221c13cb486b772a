internal import Sockets

/// The kernels at hand, in the user's cache: each one unpacked in a directory of its own, with a manifest.
public struct KernelStore: Hashable, Sendable {
  /// The directory of the kernels.
  public var directory: String

  /// The store below the cache directory of this environment; throws if there is none.
  public init(environment: [String]) throws(KernelError) {
    guard let cache = CacheDirectory.path(environment: environment) else {
      throw KernelError("there is no place for kernels: neither HOME nor XDG_CACHE_HOME is set to an absolute path")
    }
    directory = cache + "/kernels"
  }

  /// A kernel in the cache, whole or damaged.
  public struct Entry: Hashable, Sendable {
    /// What `uname -r` says in a guest.
    public var release: KernelRelease
    /// The kernel's own directory.
    public var directory: String
    /// The bytes of its files, as the manifest says.
    public var size: Int
    /// Whether it is what is meant where nothing is said.
    public var isDefault: Bool
    /// The kernel; `nil` if it is damaged.
    public var kernel: GuestKernel?
    /// What is damaged, in words; `nil` if nothing is.
    public var damage: String?
  }

  /// The kernels in the cache, the oldest first.
  ///
  /// `thoroughly` reads every byte of them; otherwise only files whose time of modification has changed.
  public func entries(thoroughly: Bool = false) throws(KernelError) -> [Entry] {
    guard FileIO.isDirectory(directory) else { return [] }
    let names = try KernelError.naming("the kernels at hand", try FileIO.names(in: directory))
    let releases = names.filter { !$0.hasPrefix(".") && FileIO.isDirectory(directory + "/" + $0) }
      .map { KernelRelease($0) }.sorted()
    let chosen = defaultRelease(of: releases)
    var entries: [Entry] = []
    for release in releases {
      entries.append(try entry(release, isDefault: release == chosen, thoroughly: thoroughly))
    }
    return entries
  }

  /// The whole kernels in the cache, the oldest first: what `--kernel all` means.
  public func all() throws(KernelError) -> [GuestKernel] {
    let kernels = try entries().compactMap(\.kernel)
    if kernels.isEmpty { throw .noKernel }
    return kernels
  }

  /// The kernel that `wanted` means: a version or release in the cache, or the path of a kernel of the user's own, which
  /// is what a word with a slash is; `nil` means the default.
  ///
  /// A path is a kernel, uncompressed or a bzImage, with `config-RELEASE` and modules beside it, or such a directory.
  public func find(_ wanted: String? = nil) throws(KernelError) -> GuestKernel {
    if let wanted, wanted.contains("/") {
      return try KernelAtPath(wanted, unpackedIn: directory + "/.unpacked").kernel()
    }
    let entries = try entries()
    guard !entries.isEmpty else { throw .noKernel }
    guard let entry = entries.last(where: { wanted.map($0.release.matches) ?? $0.isDefault }) else {
      let list = entries.map(\.release.description).joined(separator: ", ")
      throw KernelError(
        "there is no kernel '\(wanted ?? "")' at hand, only \(list); get it: halfopen kernel get \(wanted ?? "")"
      )
    }
    guard let kernel = entry.kernel else {
      throw KernelError(
        "the kernel \(entry.release) in the cache is damaged (\(entry.damage ?? "unreadable")); "
          + "mend it: halfopen kernel get \(entry.release)"
      )
    }
    return kernel
  }

  /// Removes the kernel of that exact release from the cache; throws if there is none.
  public func remove(_ release: String) throws(KernelError) {
    guard let entry = try entries().first(where: { $0.release.description == release }) else {
      throw KernelError("there is no kernel '\(release)' at hand")
    }
    try KernelError.naming("removing the kernel", try FileIO.remove(entry.directory))
  }

  private func entry(_ release: KernelRelease, isDefault: Bool, thoroughly: Bool) throws(KernelError) -> Entry {
    let home = directory + "/" + release.description
    var entry = Entry(release: release, directory: home, size: 0, isDefault: isDefault)
    let text = (try? FileIO.contents(of: home + "/" + KernelManifest.name)).map { String(decoding: $0, as: UTF8.self) }
    guard let manifest = text.flatMap({ KernelManifest(text: $0) }), manifest.release == release.description else {
      entry.damage = text == nil ? "\(KernelManifest.name) is missing" : "\(KernelManifest.name) is unreadable"
      return entry
    }
    entry.size = manifest.size
    entry.damage = try manifest.damage(in: home, thoroughly: thoroughly)
    if entry.damage == nil { entry.kernel = GuestKernel(manifest, in: home) }
    return entry
  }
}

extension KernelStore {
  /// The file that names the default kernel, the one that `halfopen kernel get` took without being told a version.
  private var defaultFile: String { directory + "/default" }

  private func defaultRelease(of releases: [KernelRelease]) -> KernelRelease? {
    let text = (try? FileIO.contents(of: defaultFile)).map { String(decoding: $0, as: UTF8.self) }
    let name = text.map { String($0.prefix { $0 != "\n" }) }
    return releases.first { $0.description == name } ?? releases.last
  }

  /// Makes the kernel of that release the one that is meant where nothing is said.
  func makeDefault(_ release: KernelRelease) throws(KernelError) {
    let new = directory + "/.default"
    try KernelError.naming("the default kernel's name", try FileIO.write("\(release)\n", toNew: new))
    try KernelError.naming("the default kernel's name", try FileIO.rename(new, to: defaultFile))
  }
}

extension GuestKernel {
  /// The names of a kernel's files in its own directory in the cache.
  enum FileName {
    static let image = "vmlinux"
    static let configuration = "config"
    static let modules = "modules"
  }

  fileprivate init(_ manifest: KernelManifest, in home: String) {
    let hash = manifest.files.first { $0.path == FileName.image }?.hash ?? ""
    self.init(
      release: manifest.release,
      image: home + "/" + FileName.image,
      modulesDirectory: home + "/" + FileName.modules,
      hz: manifest.hz,
      identity: "\(manifest.release) \(manifest.version) \(hash)"
    )
  }
}

extension KernelError {
  /// The cache is empty.
  static let noKernel = KernelError("there is no kernel for a guest yet: halfopen kernel get")
}
