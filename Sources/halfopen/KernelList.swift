internal import Timeline
internal import VirtualTime

/// `halfopen kernel list`: the kernels at hand, and those that can be had.
struct KernelList {
  private let store: KernelStore

  init(_ store: KernelStore) {
    self.store = store
  }

  /// Prints both lists.
  func show(_ settings: KernelCommand.Settings) throws(KernelError) -> Int32 {
    let entries = try store.entries(thoroughly: true)
    var available: [KernelRelease] = []
    var reason: String?
    do {
      available = try KernelPackages().available()
    } catch {
      reason = error.message
    }
    available.removeAll { release in entries.contains { $0.release == release } }
    Console.print(settings.isJSON ? json(entries, available) : text(entries, available, reason))
    return Console.Status.held
  }

  private func text(_ entries: [KernelStore.Entry], _ available: [KernelRelease], _ reason: String?) -> String {
    var lines = ["At hand in \(store.directory):"]
    let width = entries.map(\.release.description.count).max() ?? 0
    for entry in entries {
      let name = entry.release.description
      let hz = entry.kernel.map { "HZ \($0.hz)" } ?? "damaged: \(entry.damage ?? ""); get it again"
      let mark = entry.isDefault ? ", the default" : ""
      lines.append(
        "  \(name)\(String(repeating: " ", count: width - name.count))  \(KernelList.size(entry.size))  \(hz)\(mark)"
      )
    }
    if entries.isEmpty { lines.append("  none; get one: halfopen kernel get") }
    lines.append("To be had by 'halfopen kernel get VERSION':")
    lines += available.map { "  \($0)" }
    if available.isEmpty { lines.append("  none" + (reason.map { ": \($0)" } ?? "")) }
    return lines.joined(separator: "\n") + "\n"
  }

  private func json(_ entries: [KernelStore.Entry], _ available: [KernelRelease]) -> String {
    let value = JSON.object([
      "kernels": .array(entries.map(KernelList.json)),
      "available": .array(available.map { .string($0.description) }),
    ])
    return value.text + "\n"
  }

  /// A kernel at hand as a JSON object.
  static func json(_ entry: KernelStore.Entry) -> JSON {
    var object: JSONObject = [
      "release": .string(entry.release.description), "path": .string(entry.directory),
      "bytes": .integer(Int64(entry.size)), "default": .bool(entry.isDefault),
    ]
    if let kernel = entry.kernel { object["hz"] = .integer(Int64(kernel.hz)) }
    if let damage = entry.damage { object["damage"] = .string(damage) }
    return .object(object)
  }

  /// A number of bytes in megabytes, as apt prints it.
  static func size(_ bytes: Int) -> String { "\((bytes + 500_000) / 1_000_000) MB" }
}
