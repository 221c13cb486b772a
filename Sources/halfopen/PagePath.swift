/// A folder or file that a page has to link to.
struct PagePath {
  private let path: String

  init(_ path: String) { self.path = path }

  /// The address for a page at `page`: relative where both are below the same folder, so that both can be moved.
  func relative(toFolderOf page: String) -> String {
    let folder = page.lastIndex(of: "/").map { String(page[...$0]) } ?? ""
    var target = path
    while target.hasSuffix("/"), target.count > 1 { target.removeLast() }
    if !folder.isEmpty, target.hasPrefix(folder) { return String(target.dropFirst(folder.count)) }
    // From another folder only the whole path is sure to lead there.
    return folder.isEmpty || target.hasPrefix("/") ? target : up(from: folder) + target
  }

  /// The way from a relative folder back to where the program was called.
  private func up(from folder: String) -> String {
    if folder.hasPrefix("/") || folder.contains("..") { return "" }
    return String(repeating: "../", count: folder.split(separator: "/").count { $0 != "." })
  }
}
