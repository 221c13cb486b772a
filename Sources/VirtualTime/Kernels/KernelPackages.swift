public import Sockets

/// The kernels that the distribution's packages offer, asked of apt as any user may.
public struct KernelPackages {
  private let signals: SignalQueue?

  /// The packages that this machine's apt knows.
  ///
  /// A signal in `signals` ends what is being done.
  public init(interruptedBy signals: SignalQueue? = nil) {
    self.signals = signals
  }

  /// The cloud kernels that can be had, the oldest first.
  public func available() throws(KernelError) -> [KernelRelease] {
    let pattern = "^" + KernelPackages.prefix + "[0-9].*-cloud-amd64$"
    let lines = try apt(["apt-cache", "search", "--names-only", pattern]).outputLines()
    let names = lines.compactMap { $0.split(separator: " ").first.map(String.init) }
    return KernelPackages.releases(in: names)
  }

  /// The releases among package names; packages that only depend on a kernel, such as
  /// `linux-image-6.12-cloud-amd64`, are left out.
  static func releases(in names: [String]) -> [KernelRelease] {
    names.filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count) }
      .filter { $0.prefix { $0.isNumber || $0 == "." }.split(separator: ".").count >= 3 }
      .map { KernelRelease(String($0)) }.sorted()
  }

  /// The newest kernel of the distribution's own series.
  public func defaultRelease() throws(KernelError) -> KernelRelease {
    let lines = (try? apt(["apt-cache", "depends", KernelPackages.metapackage]).outputLines()) ?? []
    let names = lines.compactMap { line in line.split(separator: " ").last.map(String.init) }
    guard let release = KernelPackages.releases(in: names).last else { throw nothingKnown() }
    return release
  }

  /// The release that `wanted` means: the newest cloud kernel whose version begins so, or the exact name of any.
  public func release(_ wanted: String) throws(KernelError) -> KernelRelease {
    let name = wanted.hasPrefix(KernelPackages.prefix) ? String(wanted.dropFirst(KernelPackages.prefix.count)) : wanted
    let available = try available()
    if let release = available.last(where: { $0.matches(name) }) { return release }
    if KernelPackages.releases(in: [KernelPackages.prefix + name]).count == 1, try isKnown(name) {
      return KernelRelease(name)
    }
    guard !available.isEmpty else { throw nothingKnown() }
    let list = available.map(\.description).joined(separator: ", ")
    throw KernelError("there is no kernel '\(wanted)' to be had; apt knows \(list)")
  }

  /// Downloads the package of `release` into `directory`, and returns its path and version.
  func download(_ release: KernelRelease, into directory: String) throws(KernelError) -> (path: String, version: String)
  {
    let package = KernelPackages.prefix + release.description
    // The sandbox's user may not write into a directory of this user's own.
    var command = apt(["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", package])
    command.directory = directory
    let result = try command.run()
    let names = try KernelError.naming("the package", try FileIO.names(in: directory))
    guard result.ending == .exited(0), let file = names.first(where: { $0.hasSuffix(".deb") }) else {
      let complaints = String(decoding: result.complaint, as: UTF8.self).split(separator: "\n")
      let text = complaints.map { $0.hasPrefix("E: ") ? $0.dropFirst(3) : $0 }.joined(separator: "; ")
      throw KernelError("\(package) cannot be downloaded: \(text.isEmpty ? "apt-get says nothing" : text)")
    }
    // NAME_VERSION_ARCHITECTURE.deb, an epoch's colon written %3a.
    let parts = file.split(separator: "_")
    return (directory + "/" + file, parts.count == 3 ? String(parts[1]) : "")
  }

  private static let prefix = "linux-image-"
  private static let metapackage = "linux-image-cloud-amd64"

  private func apt(_ words: [String]) -> Command {
    Command(words, package: "apt", interruptedBy: signals)
  }

  private func isKnown(_ name: String) throws(KernelError) -> Bool {
    let result = try apt(["apt-cache", "show", "--no-all-versions", KernelPackages.prefix + name]).run()
    return result.ending == .exited(0) && !result.output.isEmpty
  }

  /// Either this is no Debian, or its package lists have never been fetched.
  private func nothingKnown() -> KernelError {
    guard Programs.path(of: "apt-cache") != nil else {
      return KernelError("kernels are taken from Debian's packages, and there is no apt here: use --kernel PATH")
    }
    return KernelError("apt knows no package \(KernelPackages.metapackage): fetch the lists with 'apt-get update'")
  }
}
