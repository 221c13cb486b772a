internal import Timeline

/// What a kernel in the cache consists of, so that damage is noticed.
///
/// It is kept beside the kernel as JSON. A file is taken for whole if its length and its time of modification are those
/// of the manifest; if only the time differs, by its SHA-256.
struct KernelManifest: Hashable {
  /// A file of the kernel.
  struct File: Hashable {
    /// Its path from the kernel's own directory.
    var path: String
    /// Its length in bytes.
    var size: Int
    /// When its contents last changed, in nanoseconds since 1970.
    var modified: Int64
    /// The SHA-256 of its contents, in hexadecimal digits.
    var hash: String
  }

  /// The manifest's file name.
  static let name = "manifest.json"
  private static let format: Int64 = 1

  /// What `uname -r` says.
  var release: String
  /// The version of the package that the kernel came in.
  var version: String
  /// Timer interrupts a second.
  var hz: Int
  /// Every file, in the order of their paths.
  var files: [File]

  /// The bytes of all files together.
  var size: Int { files.reduce(0) { $0 + $1.size } }

  /// The manifest as a line of JSON.
  var text: String {
    let entries = files.map { file in
      JSON.object([
        "path": .string(file.path), "size": .integer(Int64(file.size)), "modified": .integer(file.modified),
        "sha256": .string(file.hash),
      ])
    }
    return JSON.object([
      "format": .integer(KernelManifest.format), "release": .string(release), "version": .string(version),
      "hz": .integer(Int64(hz)), "files": .array(entries),
    ]).text + "\n"
  }

  /// A manifest with these contents.
  init(release: String, version: String, hz: Int, files: [File]) {
    (self.release, self.version, self.hz, self.files) = (release, version, hz, files)
  }

  /// The manifest that `text` is; `nil` if it is none that this version of the program writes.
  init?(text: String) {
    guard let object = (try? JSON(text: text))?.object, object["format"] == .integer(KernelManifest.format),
      let release = object["release"]?.string, let version = object["version"]?.string,
      let hz = object["hz"]?.integer.flatMap({ Int(exactly: $0) }), (1...10_000).contains(hz),
      let entries = object["files"]?.array, !entries.isEmpty
    else { return nil }
    let files = entries.compactMap { File($0) }
    guard files.count == entries.count else { return nil }
    self.init(release: release, version: version, hz: hz, files: files)
  }
}

extension KernelManifest.File {
  fileprivate init?(_ json: JSON) {
    guard let object = json.object, let path = object["path"]?.string, let size = object["size"]?.integer,
      let modified = object["modified"]?.integer, let hash = object["sha256"]?.string, size >= 0,
      // A path out of the kernel's own directory is nobody's honest writing.
      !path.isEmpty, !path.hasPrefix("/"), !path.split(separator: "/").contains("..")
    else { return nil }
    self.init(path: path, size: Int(size), modified: modified, hash: hash)
  }
}
