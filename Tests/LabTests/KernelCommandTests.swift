import Glibc
import Sockets
import Testing

/// `halfopen kernel`, with a cache of its own.
@Suite struct KernelCommandTests {
  /// Whether apt knows the kernels, as it does wherever its lists have been fetched.
  static let aptKnowsKernels: Bool = {
    let words = ["apt-cache", "show", "linux-image-6.12-cloud-amd64"]
    return (try? Program.run(words))?.status == .exited(0)
  }()

  /// Runs `body` with the path of a cache that is removed afterwards.
  private func withCache(_ body: (String) throws -> Void) throws {
    let cache = try FileIO.makeTemporaryDirectory(in: "/tmp", prefix: "halfopen-kernels-")
    defer { try? FileIO.remove(cache) }
    try body(cache)
  }

  private func kernel(_ words: [String], in cache: String) throws -> Program.Outcome {
    try Program.run([Program.halfopen, "kernel"] + words, environment: ["XDG_CACHE_HOME=" + cache])
  }

  @Test(.enabled(if: aptKnowsKernels, "needs apt's package lists: apt-get update"))
  func aKernelIsTakenKeptMendedAndRemoved() throws {
    try withCache { cache in
      let got = try kernel(["get", "6.12"], in: cache)
      #expect(got.status == .exited(0), "\(got.errors)")
      #expect(got.output.hasPrefix("6.12.") && got.output.contains("-cloud-amd64, HZ 250, "))
      let releases = try FileIO.names(in: cache + "/halfopen/kernels").filter { !$0.hasPrefix(".") }
      #expect(releases.count == 1)
      let release = try #require(releases.first)
      let home = cache + "/halfopen/kernels/" + release
      #expect(try FileIO.names(in: home) == ["config", "manifest.json", "modules", "vmlinux"])
      #expect(FileIO.status(of: home + "/modules/kernel/drivers/net/veth.ko")?.isFile == true)

      try FileIO.write("no kernel", toNew: home + "/vmlinux")
      let list = try kernel(["list"], in: cache)
      #expect(list.output.contains("damaged: vmlinux has 9 bytes instead of "))
      #expect(try kernel(["list", "--json"], in: cache).output.hasPrefix(#"{"kernels":[{"release":"\#(release)","#))

      let again = try kernel(["get", release], in: cache)
      #expect(again.status == .exited(0) && again.errors.contains("is damaged and is taken anew: vmlinux has 9 bytes"))
      #expect(try !kernel(["list"], in: cache).output.contains("damaged"))
      #expect(try kernel(["get", release], in: cache).errors == "\(release) is there already, whole\n")

      #expect(try kernel(["remove", release], in: cache).status == .exited(0))
      #expect(try FileIO.names(in: cache + "/halfopen/kernels") == [".lock"])
    }
  }

  @Test(.enabled(if: aptKnowsKernels, "needs apt's package lists: apt-get update"))
  func aVersionThatIsNotToBeHadIsSaidWithThoseThatAre() throws {
    try withCache { cache in
      let outcome = try kernel(["get", "2.6.12"], in: cache)
      #expect(outcome.status == .exited(3))
      #expect(outcome.errors.hasPrefix("halfopen: there is no kernel '2.6.12' to be had; apt knows 6.1.0-"))
    }
  }

  @Test func aCacheThatCannotBeWrittenIsNamed() throws {
    try withCache { cache in
      try FileIO.write("in the way", toNew: cache + "/halfopen")
      let outcome = try kernel(["get", "6.12"], in: cache)
      #expect(outcome.status == .exited(3))
      #expect(outcome.errors.contains("\(cache)/halfopen"), "\(outcome.errors)")
    }
  }

  @Test func anEmptyCacheSaysWhatToDo() throws {
    try withCache { cache in
      let outcome = try kernel(["list"], in: cache)
      #expect(outcome.status == .exited(0))
      #expect(outcome.output.contains("none; get one: halfopen kernel get"))
    }
  }

  @Test(.enabled(if: aptKnowsKernels, "needs apt's package lists: apt-get update"))
  func anInterruptedGetLeavesNothing() throws {
    try withCache { cache in
      let started = try Program.Started(
        ["sh", "-c", #"exec "$0" kernel get 6.12 2>&1"#, Program.halfopen],
        environment: ["XDG_CACHE_HOME=" + cache]
      )
      #expect(try started.wait(for: "downloading"))
      Signal.interrupt.send(to: started.process)
      let outcome = try started.finish()
      #expect(outcome.status == .exited(128 + SIGINT))
      #expect(outcome.output.contains("interrupted by SIGINT; nothing is left behind"))
      #expect(try FileIO.names(in: cache + "/halfopen/kernels") == [".lock"])
    }
  }

  @Test(arguments: [
    (["get", "6.1", "6.12"], "'6.12' is one word too many"), (["remove"], "say which one release to remove"),
    ([], "say what to do: get, list or remove"), (["fetch"], "there is no 'fetch': it is get, list or remove"),
  ])
  func aMistakeIsNamed(words: [String], message: String) throws {
    try withCache { cache in
      let outcome = try kernel(words, in: cache)
      #expect(outcome.status == .exited(2))
      #expect(outcome.errors.contains("halfopen: \(message)"))
    }
  }
}
