internal import Sockets

extension KernelManifest {
  /// The files in `directory` as they are now, the manifest itself left out.
  static func files(in directory: String) throws(KernelError) -> [File] {
    var paths: [String] = []
    try KernelError.naming("the kernel's files", try collect(in: directory, below: "", into: &paths))
    let hashes = try hashes(of: paths, in: directory)
    var files: [File] = []
    for path in paths {
      guard let status = FileIO.status(of: directory + "/" + path), let hash = hashes[path] else {
        throw KernelError("\(directory)/\(path) went away while it was read")
      }
      files.append(File(path: path, size: status.size, modified: status.modified, hash: hash))
    }
    return files
  }

  private static func collect(in directory: String, below prefix: String, into paths: inout [String])
    throws(SystemError)
  {
    for name in try FileIO.names(in: directory) where name != KernelManifest.name {
      let path = directory + "/" + name
      if FileIO.isDirectory(path) {
        try collect(in: path, below: prefix + name + "/", into: &paths)
      } else {
        paths.append(prefix + name)
      }
    }
  }

  /// What is wrong with the files in `directory`, in words; `nil` if nothing is.
  ///
  /// `thoroughly` reads every file, otherwise only those whose time of modification is another one.
  func damage(in directory: String, thoroughly: Bool) throws(KernelError) -> String? {
    var doubtful: [File] = []
    for file in files {
      guard let status = FileIO.status(of: directory + "/" + file.path), status.isFile else {
        return "\(file.path) is missing"
      }
      guard status.size == file.size else {
        return "\(file.path) has \(status.size) bytes instead of \(file.size)"
      }
      if thoroughly || status.modified != file.modified { doubtful.append(file) }
    }
    let hashes = try KernelManifest.hashes(of: doubtful.map(\.path), in: directory)
    return doubtful.first { hashes[$0.path] != $0.hash }.map { "the contents of \($0.path) have changed" }
  }

  /// The SHA-256 of each file, by sha256sum(1).
  private static func hashes(of paths: [String], in directory: String) throws(KernelError) -> [String: String] {
    guard !paths.isEmpty else { return [:] }
    var command = Command(["sha256sum", "--"] + paths, package: "coreutils")
    command.directory = directory
    var hashes: [String: String] = [:]
    for line in try command.outputLines() {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2 else { continue }
      // After the hash come a blank and a blank or an asterisk.
      hashes[String(parts[1].dropFirst())] = String(parts[0])
    }
    return hashes
  }
}
