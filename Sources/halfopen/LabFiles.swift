internal import LabScript
internal import Sockets

/// Where lab files are and how a person names them: by path, by folder, or by the lab's name alone.
enum LabFiles {
  /// The ending of a lab file.
  static let ending = ".lab"

  /// A word that names no lab.
  struct NotFound: Error {
    var message: String
  }

  /// The folder with the labs: `labs` here, or in a folder above this program's file.
  static var folder: String? {
    if FileIO.isDirectory("labs") { return "labs" }
    var directory = ChildProcess.ownDirectory ?? "/"
    while directory != "/", !directory.isEmpty {
      if FileIO.isDirectory(directory + "/labs") { return directory + "/labs" }
      directory = directory.lastIndex(of: "/").map { String(directory[..<$0]) } ?? "/"
    }
    return FileIO.isDirectory("/opt/halfopen/labs") ? "/opt/halfopen/labs" : nil
  }

  /// The lab files that `word` names: a file, every lab in a folder and the folders in it, or a lab's name.
  static func paths(for word: String) throws(NotFound) -> [String] {
    if FileIO.isDirectory(word) {
      let paths = labs(in: word)
      if paths.isEmpty { throw NotFound(message: "there is no \(ending) file in the folder '\(word)'") }
      return paths
    }
    if (try? FileIO.open(word)) != nil { return [word] }
    let all = folder.map { labs(in: $0) } ?? []
    if let path = all.first(where: { name(of: $0) == word }) { return [path] }
    if word.hasSuffix(ending) || word.contains("/") {
      throw NotFound(message: "cannot open '\(word)': No such file or directory")
    }
    let names = all.map { name(of: $0) }.joined(separator: ", ")
    throw NotFound(
      message: "there is no lab '\(word)'" + (names.isEmpty ? " and no folder 'labs'" : "; there are \(names)")
    )
  }

  /// The lab files that `word` names, and the variant that follows a colon: `poweroff:short`.
  static func pathsAndVariant(for word: String) throws(NotFound) -> (paths: [String], variant: String?) {
    guard let colon = word.lastIndex(of: ":"), !FileIO.isDirectory(word), (try? FileIO.open(word)) == nil else {
      return (try paths(for: word), nil)
    }
    let variant = String(word[word.index(after: colon)...])
    guard !variant.isEmpty else { throw NotFound(message: "'\(word)' names no variant behind the colon") }
    return (try paths(for: String(word[..<colon])), variant)
  }

  /// The folder that a lab file is in, as a heading for what is there: `labs/idle`.
  static func group(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
  }

  /// Every lab file below `folder`: those in it, then those in the folders in it; `broken` holds what must be refused,
  /// and is left out.
  static func labs(in folder: String) -> [String] {
    let names = (try? FileIO.names(in: folder)) ?? []
    let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
    let folders = names.filter { FileIO.isDirectory(base + "/" + $0) }
    let files = names.filter { $0.hasSuffix(ending) && !folders.contains($0) }
    return files.map { base + "/" + $0 } + folders.filter { $0 != "broken" }.flatMap { labs(in: base + "/" + $0) }
  }

  /// The lab's name: its file's name without the ending.
  static func name(of path: String) -> String {
    let file = path.split(separator: "/").last.map(String.init) ?? path
    return file.hasSuffix(ending) ? String(file.dropLast(ending.count)) : file
  }

  /// Reads a lab file and its mistakes; a file that cannot be read throws.
  static func read(_ path: String) throws(NotFound) -> (text: [UInt8], result: ReadResult) {
    do {
      let text = try FileIO.contents(of: path)
      return (text, Script.read(text: text, path: path, settings: []))
    } catch {
      throw NotFound(message: "cannot read '\(path)': \(error.errno.text)")
    }
  }
}
