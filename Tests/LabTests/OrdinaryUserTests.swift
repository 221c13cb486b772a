import Glibc
import Sockets
import Testing

extension GuestTests {
  /// Guests of a user who may nothing: no root, no namespaces, a home of one's own.
  @Suite(.serialized) struct OrdinaryUser {
    /// A home for the ordinary user, with the kernels at hand, and the words that go before a command of that user.
    ///
    /// In the user namespace that the words make nobody may make another one, and the user has no capabilities: it is as
    /// on a machine with `user.max_user_namespaces=0`.
    private func withHome(_ body: (_ home: String, _ prefix: [String]) throws -> Void) throws {
      let home = try FileIO.makeTemporaryDirectory(in: "/tmp", prefix: "halfopen-home-")
      defer { try? FileIO.remove(home) }
      let kernels = home + "/cache/halfopen"
      try FileIO.makeDirectories(kernels)
      for command in [
        ["cp", "-a", GuestKernels.directory, kernels + "/kernels"], ["chown", "-R", "65534:65534", home],
      ]
      where Privilege.isRoot || command[0] == "cp" {
        #expect(try Program.run(command).status == .exited(0))
      }
      let nothing = """
        echo 0 > /proc/sys/user/max_user_namespaces
        exec setpriv --inh-caps=-all --ambient-caps=-all --bounding-set=-all -- "$@"
        """
      let prefix = ["unshare", "--user", "--map-current-user", "--keep-caps", "sh", "-ec", nothing, "sh"]
      try body(home, prefix + ["env", "HOME=" + home, "XDG_CACHE_HOME=\(home)/cache"])
    }

    @Test func everythingWorksWithoutAnyRight() throws {
      try withHome { home, prefix in
        let labs = "\(Program.folder)/ordinary-labs"
        try FileIO.makeDirectories(labs)
        for name in ["powercycle", "retransmit"] {
          let text = try FileIO.contents(of: "\(Program.repository)/labs/\(name).lab")
          try FileIO.write(text, toNew: "\(labs)/\(name).lab")
        }
        defer { try? FileIO.remove(labs) }
        func run(_ words: [String]) throws -> Program.Outcome {
          try Program.run(prefix + [Program.halfopen] + words, as: .ordinary)
        }
        // The proof that this user may nothing: without guests there is no laboratory.
        let refused = try run(["run", labs + "/powercycle.lab"])
        #expect(refused.status == .exited(3) && refused.errors.contains("does not let this user make namespaces"))

        let virtual = try run(["run", "--virtual", labs + "/powercycle.lab", labs + "/retransmit.lab"])
        #expect(virtual.status == .exited(0), "\(virtual)")
        #expect(virtual.output.contains("2 of 2 labs passed"))

        let machines = try run(["run", "--world", "machines", "--set", "idle=1s", labs + "/powercycle.lab"])
        #expect(machines.status == .exited(0), "\(machines)")

        let list = try run(["kernel", "list"])
        #expect(list.status == .exited(0) && !list.output.contains("damaged"), "\(list)")
        if GuestKernels.haveTwo {
          let all = try run(["run", "--virtual", "--kernel", "all", labs + "/powercycle.lab"])
          #expect(all.status == .exited(0), "\(all)")
          #expect(all.output.contains("PASS  powercycle on Linux 6.12."))
        }
      }
    }

    @Test(.enabled(if: KernelCommandTests.aptKnowsKernels, "needs apt's package lists: apt-get update"))
    func aKernelCanBeTaken() throws {
      let home = try FileIO.makeTemporaryDirectory(in: "/tmp", prefix: "halfopen-home-")
      defer { try? FileIO.remove(home) }
      if Privilege.isRoot { #expect(chown(home, 65534, 65534) == 0) }
      let outcome = try Program.run(
        ["env", "-u", "XDG_CACHE_HOME", "HOME=" + home, Program.halfopen, "kernel", "get"],
        as: .ordinary
      )
      #expect(outcome.status == .exited(0), "\(outcome)")
      #expect(try FileIO.names(in: home + "/.cache/halfopen/kernels").contains("default"))
    }

    @Test(arguments: [["--virtual"], ["--world", "machines"]])
    func whatIsMissingIsOneLine(world: [String]) throws {
      let lab = try Program.write(LabRunTests.short, "missing")
      for (environment, message) in [
        (["XDG_CACHE_HOME=\(Program.folder)/no-cache"], "there is no kernel for a guest yet: halfopen kernel get"),
        (
          ["XDG_CACHE_HOME=" + GuestKernels.cache, "PATH=/nowhere"],
          "'qemu-system-x86_64' is missing: apt-get install qemu-system-x86"
        ),
        (
          ["HOME=", "XDG_CACHE_HOME="],
          "there is no place for kernels: neither HOME nor XDG_CACHE_HOME is set to an absolute path"
        ),
      ] {
        let outcome = try Program.run(["env"] + environment + [Program.halfopen, "run"] + world + [lab])
        #expect(outcome.status == .exited(3))
        #expect(outcome.errors == "halfopen: \(message)\n")
      }
    }
  }
}
