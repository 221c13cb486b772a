internal import CommandLine
internal import Sockets
internal import Timeline
internal import VirtualTime

/// `halfopen kernel`: the kernels that guests run on.
enum KernelCommand {
  struct Settings {
    var isJSON = false
  }

  static let options = OptionTable<Settings>(
    program: "halfopen kernel",
    usage: ["get [--json] [VERSION]", "list [--json]", "remove RELEASE"],
    about: """
      Gets, lists and removes the kernels that 'halfopen run --virtual' boots. They are the distribution's own, \
      unmodified: 'get' downloads the package as an ordinary user and unpacks it in the cache; nothing is installed. \
      VERSION is the beginning of a version, such as 6.12, or the full name of a release; without it the kernel of the \
      distribution's own series is taken, and is the default from then on.
      """,
    groups: [OptionGroup("Output", [.flag("json", "Print the answer as a JSON value.") { $0.isJSON = true }])],
    notes: """
      Kernels are kept below $XDG_CACHE_HOME/halfopen/kernels, or ~/.cache/halfopen/kernels.
      Exit status: 0 done, 2 usage, 3 it cannot be done here; 128 and the signal's number
      when a signal ended it.

      """
  )

  static func main(_ arguments: [String]) -> Int32 {
    var settings = Settings()
    switch options.operands(arguments, into: &settings) {
    case .exit(let status): return status
    case .run(let words):
      do {
        let store = try KernelStore(environment: ChildProcess.ownEnvironment)
        switch (words.first, words.count) {
        case ("get", 1...2): return try get(words.count > 1 ? words[1] : nil, store, settings)
        case ("list", 1): return try KernelList(store).show(settings)
        case ("remove", 2): return try remove(words[1], store)
        default: return mistake(words)
        }
      } catch {
        Console.complain(error.message)
        return error.signal.map { 128 + $0 } ?? Console.Status.cannotRun
      }
    }
  }

  private static func get(_ version: String?, _ store: KernelStore, _ settings: Settings) throws(KernelError) -> Int32 {
    let signals = try? SignalQueue([.interrupt, .terminate, .hangUp])
    let start = Clock.monotonic
    let installer = KernelInstaller(store, interruptedBy: signals) { Console.show(sentence($0) + "\n") }
    let kernel = try installer.get(version)
    let entry = try store.entries().first { $0.kernel == kernel }
    if settings.isJSON {
      Console.print((entry.map { KernelList.json($0) } ?? .null).text + "\n")
    } else {
      let time = Duration.nanoseconds(Clock.monotonic - start).seconds(digits: 1) + "s"
      Console.print(
        "\(kernel.release), HZ \(kernel.hz), \(KernelList.size(entry?.size ?? 0)), is at hand after \(time)\n"
      )
    }
    return Console.Status.held
  }

  private static func sentence(_ progress: KernelInstaller.Progress) -> String {
    switch progress {
    case .downloading(let release): "downloading the package of \(release) ..."
    case .unpacking(let bytes): "unpacking it, \(KernelList.size(bytes)) ..."
    case .listing: "noting what it consists of ..."
    case .thereAlready(let release): "\(release) is there already, whole"
    case .replacing(let release, let damage): "\(release) is damaged and is taken anew: \(damage)"
    }
  }

  private static func remove(_ release: String, _ store: KernelStore) throws(KernelError) -> Int32 {
    try store.remove(release)
    Console.print("\(release) is removed\n")
    return Console.Status.held
  }

  private static func mistake(_ words: [String]) -> Int32 {
    switch words.first {
    case nil: Console.complain("say what to do: get, list or remove")
    case "get", "list": Console.complain("'\(words.last ?? "")' is one word too many")
    case "remove": Console.complain("say which one release to remove; 'halfopen kernel list' shows them")
    case .some(let word): Console.complain("there is no '\(word)': it is get, list or remove")
    }
    Console.show(options.hint + "\n")
    return Console.Status.usage
  }
}
