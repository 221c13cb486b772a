import Glibc
import Sockets

/// A lab whose one program gets its guest into trouble of several kinds, which all go on from the same snapshot.
enum TroubledGuest {
  /// What the program does.
  enum Trouble: String {
    /// Nothing: it exits.
    case none
    /// It asks the kernel to crash.
    case panic
    /// It takes all the memory that there is.
    case memory
    /// It computes for ever.
    case spin
    /// It computes for ever, and lets nobody else do anything.
    case hang
    /// It stops the laboratory's own processes: the clock leaps from nothing to nothing.
    ///
    /// It is in a process namespace of its own, so it lets the kernel start the one that stops them: as the handler of
    /// its own death, see core(5).
    case standstill
  }

  private static let lab = #"""
    title     A guest in trouble
    question  What is said of it?
    answer    The reason, and the last of its console.
    network   lan
    parameter trouble = none
    peer      bad on kang: sh -c 'case $1 in \#
    panic) echo c > /proc/sysrq-trigger;; \#
    memory) a=aaaaaaaaaaaaaaaa; while :; do a=$a$a; done;; \#
    spin) while :; do :; done;; \#
    hang) echo -1 > /proc/sys/kernel/sched_rt_runtime_us; exec chrt -f 99 sh -c "while :; do :; done";; \#
    standstill) printf "#!/bin/sh\nkill -s STOP -- -1\n" > /stopper; chmod +x /stopper; \#
    echo "|/stopper" > /proc/sys/kernel/core_pattern; kill -s SEGV $$;; esac' sh $trouble
    start     bad
    expect    bad exits 0 within 2s

    """#

  /// The lab's file.
  static func file() throws -> String {
    try Program.write(lab, "troubled")
  }

  /// The command that runs it in virtual time, with a cache.
  static func command(_ trouble: Trouble, _ options: [String] = [], cache: String = GuestKernels.cache) throws
    -> [String]
  {
    ["env", "XDG_CACHE_HOME=" + cache, Program.halfopen, "run", "--virtual", "--set", "trouble=\(trouble.rawValue)"]
      + options + [try file()]
  }

  /// Runs it to its end.
  static func run(_ trouble: Trouble, _ options: [String] = [], cache: String = GuestKernels.cache) throws
    -> Program.Outcome
  {
    try Program.run(try command(trouble, options, cache: cache))
  }

  /// Gives `body` a cache of its own, with the kernels of this user and nothing else.
  static func withCache(_ body: (_ cache: String) throws -> Void) throws {
    let cache = try FileIO.makeTemporaryDirectory(in: "/tmp", prefix: "halfopen-guests-")
    defer { try? FileIO.remove(cache) }
    try FileIO.makeDirectories(cache + "/halfopen")
    _ = symlink(GuestKernels.directory, cache + "/halfopen/kernels")
    try body(cache)
  }

  /// The paths of all files of a cache but the kernels', below it.
  static func files(in cache: String) -> Set<String> {
    func below(_ path: String) -> [String] {
      ((try? FileIO.names(in: path)) ?? []).flatMap { name -> [String] in
        let path = "\(path)/\(name)"
        return FileIO.isDirectory(path) ? below(path) : [path]
      }
    }
    return Set(
      ["images", "snapshots"].flatMap { below("\(cache)/halfopen/\($0)") }.map { String($0.dropFirst(cache.count)) }
    )
  }
}
