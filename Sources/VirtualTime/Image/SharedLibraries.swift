internal import CLinux
internal import Glibc
internal import Sockets

/// Finds the libraries of a program as the dynamic loader would, without running anything.
///
/// See ld.so(8).
struct SharedLibraries {
  private let variable: [String]
  private let configured: [String]

  /// A library that is nowhere.
  struct Missing: Error, Hashable {
    /// The library's name.
    var name: String
    /// The file that needs it.
    var neededBy: String
  }

  /// Libraries as programs with this environment find them.
  init(environment: [String]) {
    let value = environment.first { $0.hasPrefix("LD_LIBRARY_PATH=") }?.dropFirst("LD_LIBRARY_PATH=".count) ?? ""
    variable = value.split(separator: ":").map(String.init)
    configured =
      SharedLibraries.configuration("/etc/ld.so.conf", depth: 4)
      + ["/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib"]
  }

  /// The paths of everything that the loader needs to start the program at `path`: loader and libraries, and theirs.
  ///
  /// Empty for a static program and for what is no ELF file.
  func closure(of path: String) throws(Missing) -> [String] {
    var found: [String] = []
    var seen: Set<String> = []
    var open = [(path: path, inherited: [String]())]
    while let (path, inherited) = open.popLast() {
      guard let file = SharedLibraries.read(path) else { continue }
      if let interpreter = file.interpreter { found.append(interpreter) }
      let origin = FileIO.realPath(path).map { String($0[..<($0.lastIndex(of: "/") ?? $0.startIndex)]) } ?? ""
      let own = expand(file.runPath, origin)
      let handedDown = inherited + expand(file.inheritedRunPath, origin)
      for name in file.needed where seen.insert(name).inserted {
        let directories = (own.isEmpty ? handedDown : []) + variable + own + configured
        guard let library = name.contains("/") ? name : Programs.file(named: name, in: directories) else {
          throw Missing(name: name, neededBy: path)
        }
        found.append(library)
        open.append((library, handedDown))
      }
    }
    return found
  }

  private func expand(_ paths: [String], _ origin: String) -> [String] {
    paths.map { $0.replacing("$ORIGIN", with: origin).replacing("${ORIGIN}", with: origin) }
  }

  private static func read(_ path: String) -> LoaderNeeds? {
    guard let file = try? FileIO.open(path) else { return nil }
    let descriptor = file.rawValue
    return LoaderNeeds { offset, count in FileIO.bytes(descriptor, at: offset, count: count) }
  }

  /// The directories of the loader's configuration file and those it includes.
  private static func configuration(_ path: String, depth: Int) -> [String] {
    guard depth > 0, let bytes = try? FileIO.contents(of: path) else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").flatMap { line -> [String] in
      let words = line.prefix { $0 != "#" }.split { $0 == " " || $0 == "\t" }.map(String.init)
      guard words.first == "include" else { return words.filter { $0.hasPrefix("/") } }
      // Debian's only pattern: every file of a directory.
      return words.dropFirst().flatMap { pattern -> [String] in
        guard pattern.hasSuffix("/*.conf") else { return configuration(pattern, depth: depth - 1) }
        let directory = String(pattern.dropLast("/*.conf".count))
        let names = ((try? FileIO.names(in: directory)) ?? []).filter { $0.hasSuffix(".conf") }
        return names.flatMap { configuration(directory + "/" + $0, depth: depth - 1) }
      }
    }
  }
}
