internal import Sockets

/// The files that Debian's packages brought to this machine, from dpkg's own lists.
///
/// See dpkg(1); a machine without dpkg has none.
struct PackageFiles {
  private static let database = "/var/lib/dpkg"
  /// What no program needs to run.
  private static let left = [
    "/usr/share/doc", "/usr/share/man", "/usr/share/locale", "/usr/share/lintian", "/usr/share/bash-completion",
    "/usr/share/info", "/usr/share/icons", "/usr/include", "/usr/share/bug", "/lib/systemd", "/usr/lib/systemd",
    "/etc/init.d", "/etc/logrotate.d", "/etc/cron.d",
  ]
  /// PostgreSQL's compiler for queries, of a hundred megabytes, which it does without when it is not there.
  private static let compilers = ["llvmjit", "/bitcode/"]

  private let status: [Substring]

  /// Reads the database.
  init() {
    let text = (try? FileIO.contents(of: PackageFiles.database + "/status")) ?? []
    status = String(decoding: text, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// The paths of the files and directories of the packages called `names` and of those of their dependencies that are
  /// parts of the same software: of `postgresql` also `postgresql-15`, of `nginx-light` also `nginx-common`.
  ///
  /// Libraries are not looked for here: every program tells its own.
  func paths(of names: [String]) -> [String] {
    var open = names
    var seen: Set<String> = []
    var paths: [String] = []
    while let name = open.popLast() {
      guard seen.insert(name).inserted else { continue }
      paths += files(of: name)
      let stem = name.prefix { $0.isLetter }
      open += dependencies(of: name).filter { $0.contains(stem) }
    }
    return paths
  }

  private func files(of package: String) -> [String] {
    for name in [package, package + ":amd64"] {
      guard let text = try? FileIO.contents(of: "\(PackageFiles.database)/info/\(name).list") else { continue }
      let paths = String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init).filter { path in
        !PackageFiles.left.contains { path == $0 || path.hasPrefix($0 + "/") }
          && !PackageFiles.compilers.contains { path.contains($0) }
      }
      return paths + PackageFiles.compiledModules(of: paths)
    }
    return []
  }

  /// Python's modules as it has compiled them when the package was installed, which no list names: without them, or with
  /// another time on the source, a program that starts compiles every module anew.
  private static func compiledModules(of paths: [String]) -> [String] {
    let modules = paths.filter { $0.hasSuffix(".py") }
    let directories = Set(modules.map { String($0.prefix(through: $0.lastIndex(of: "/") ?? $0.startIndex)) })
    return directories.sorted().flatMap { directory in
      let cache = directory + "__pycache__"
      return ((try? FileIO.names(in: cache)) ?? []).sorted().filter { $0.hasSuffix(".pyc") }.map { cache + "/" + $0 }
    }
  }

  private func dependencies(of package: String) -> [String] {
    guard let start = status.firstIndex(of: Substring("Package: " + package)) else { return [] }
    let stanza = status[start...].prefix { !$0.isEmpty }
    return stanza.filter { $0.hasPrefix("Depends: ") || $0.hasPrefix("Pre-Depends: ") }.flatMap { line in
      line.drop { $0 != " " }.split { ",|".contains($0) }.compactMap { part in
        part.split { " (:".contains($0) }.first.map(String.init)
      }
    }
  }
}
