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

  /// The ending of what is not an entry yet.
  private static let unfinished = ".new"

  /// The directory of the entry `key` with these files in it; `make` writes them, each to its descriptor, if they are
  /// not there, or not to be believed.
  ///
  /// The files have no names before they are whole, so whatever ends this program leaves nothing half made.
  func entry(
    _ key: String,
    files: [String],
    interruption: Interruption? = nil,
    make: ([CInt]) throws(LaboratoryError) -> Void
  ) throws(LaboratoryError) -> String {
    let path = directory + "/" + key
    if isWhole(path, files) {
      _ = unsafe utimes(path, nil)
      return path
    }
    // Held until the entry is made: other entries may be made meanwhile.
    let own = try lock(key, interruption)
    defer { _ = own.rawValue }
    // Another program may have made it while this one waited.
    if isWhole(path, files) { return path }
    try locked(interruption) { makeRoom() }
    let place = path + GuestCache.unfinished
    var unnamed: [UnnamedFile] = []
    do throws(SystemError) {
      for name in files { unnamed.append(try UnnamedFile(for: place + "/" + name, near: directory)) }
    } catch {
      throw failure(error)
    }
    try make(unnamed.map(\.descriptor))
    var failure: SystemError?
    try locked(interruption) {
      do throws(SystemError) {
        try FileIO.makeDirectories(place)
        for file in unnamed { try file.appear() }
        try FileIO.write(GuestCache.list(place, files) ?? "", toNew: place + "/" + GuestCache.listName)
        try FileIO.remove(path)
        try FileIO.rename(place, to: path)
      } catch {
        try? FileIO.remove(place)
        failure = error
      }
    }
    if let failure { throw self.failure(failure) }
    return path
  }

  /// Whether the entry `key` with these files is there and to be believed.
  func has(_ key: String, files: [String]) -> Bool { isWhole(directory + "/" + key, files) }

  /// The byte of the lock's file that stands for the cache as a whole.
  private static let wholeCache = 0

  /// Does what only one program at a time may do: names in the cache change.
  private func locked(_ interruption: Interruption?, _ body: () -> Void) throws(LaboratoryError) {
    let lock = try lock(at: GuestCache.wholeCache, interruption)
    defer { _ = lock.rawValue }
    body()
  }

  /// Waits until no other program makes the entry `key`; nobody does until the descriptor is closed.
  private func lock(_ key: String, _ interruption: Interruption?) throws(LaboratoryError) -> SharedDescriptor {
    // Two keys that share a byte only wait for each other. A key is a hash in hexadecimal.
    try lock(at: 1 + (Int(key.prefix(8), radix: 16) ?? 0), interruption)
  }

  private func lock(at byte: Int, _ interruption: Interruption?) throws(LaboratoryError) -> SharedDescriptor {
    do throws(SystemError) {
      try FileIO.makeDirectories(directory)
      let lock = SharedDescriptor(try FileIO.open(directory + "/lock", for: .replacing))
      // Nothing tells when a lock becomes free but waiting for it, which no signal of ours would end.
      while try !FileIO.tryLock(lock.rawValue, at: byte) {
        var entries = interruption.map { [$0.entry] } ?? []
        if try poll(&entries, timeout: .milliseconds(20)) > 0 { break }
      }
      if interruption?.hasCome != true { return lock }
    } catch {
      throw failure(error)
    }
    throw Interruption.error
  }

  private func failure(_ error: SystemError) -> LaboratoryError {
    LaboratoryError("the cache of guests in \(directory): \(error.description)")
  }

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

  /// Removes what a killed program left unfinished, and the entries that were used longest ago, until the rest is no
  /// more than the cache may hold.
  private func makeRoom() {
    for name in (try? FileIO.names(in: directory)) ?? [] where name.hasSuffix(GuestCache.unfinished) {
      try? FileIO.remove(directory + "/" + name)
    }
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
