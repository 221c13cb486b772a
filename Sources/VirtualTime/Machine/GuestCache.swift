internal import CLinux
internal import Glibc
internal import Laboratory
internal import Sockets

/// Files that can be made again, kept in the user's cache under a key that says what they were made from.
///
/// Each entry is a directory with its files and a list of them; an entry whose files were written to or replaced since
/// is not believed, but made again. Two programs that want the same entry make it once.
struct GuestCache {
  /// The cache's directory.
  let directory: String
  /// How many bytes are kept, apart from the entry that is made: those of the entries used last.
  let capacity: Int

  private static let listName = "list"

  /// The directory of the entry `key` with these files in it; `make` makes them in a directory it is given if they are
  /// not there, or not to be believed.
  func entry(_ key: String, files: [String], make: (String) throws(LaboratoryError) -> Void) throws(LaboratoryError)
    -> String
  {
    let path = directory + "/" + key
    if isWhole(path, files) {
      _ = unsafe utimes(path, nil)
      return path
    }
    do throws(SystemError) {
      try FileIO.makeDirectories(directory)
    } catch {
      throw LaboratoryError("the cache of guests: \(error.description)")
    }
    let lock: SharedDescriptor
    do throws(SystemError) {
      lock = SharedDescriptor(try FileIO.open(directory + "/lock", for: .replacing))
      try FileIO.lock(lock.rawValue)
    } catch {
      throw LaboratoryError("the cache of guests: \(error.description)")
    }
    defer { _ = lock.rawValue }
    // Another program may have made it while this one waited.
    if isWhole(path, files) { return path }
    makeRoom()
    let place = path + ".new"
    try? FileIO.remove(place)
    do throws(SystemError) {
      try FileIO.makeDirectories(place)
    } catch {
      throw LaboratoryError("the cache of guests: \(error.description)")
    }
    do throws(LaboratoryError) {
      try make(place)
    } catch {
      try? FileIO.remove(place)
      throw error
    }
    do throws(SystemError) {
      try FileIO.write(GuestCache.list(place, files) ?? "", toNew: place + "/" + GuestCache.listName)
      try FileIO.remove(path)
      try FileIO.rename(place, to: path)
    } catch {
      throw LaboratoryError("the cache of guests: \(error.description)")
    }
    return path
  }

  /// Forgets an entry that turned out to be bad.
  func forget(_ key: String) { try? FileIO.remove(directory + "/" + key) }

  private func isWhole(_ path: String, _ files: [String]) -> Bool {
    guard let noted = try? FileIO.contents(of: path + "/" + GuestCache.listName), !noted.isEmpty else { return false }
    return String(decoding: noted, as: UTF8.self) == GuestCache.list(path, files)
  }

  /// What the list says of files that are there as they are now.
  private static func list(_ path: String, _ files: [String]) -> String? {
    var lines: [String] = []
    for name in files {
      guard let status = FileIO.status(of: path + "/" + name, followingLinks: false) else { return nil }
      lines.append("\(name) \(status.identity)\n")
    }
    return lines.joined()
  }

  /// Removes the entries that were used longest ago, until the rest is no more than the cache may hold.
  private func makeRoom() {
    let names = ((try? FileIO.names(in: directory)) ?? []).filter { FileIO.isDirectory(directory + "/" + $0) }
    let entries = names.map { name in
      let path = directory + "/" + name
      let files = (try? FileIO.names(in: path)) ?? []
      let size = files.reduce(0) { $0 + (FileIO.status(of: path + "/" + $1)?.size ?? 0) }
      return (path: path, used: FileIO.status(of: path)?.modified ?? 0, size: size)
    }
    var room = capacity
    for entry in entries.sorted(by: { $0.used > $1.used }) {
      room -= entry.size
      if room < 0 { try? FileIO.remove(entry.path) }
    }
  }
}
