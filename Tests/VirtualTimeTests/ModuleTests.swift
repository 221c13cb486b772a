import Sockets
import Testing

@testable import VirtualTime

@Suite struct ModuleInformationTests {
  @Test func whatAModuleSaysOfItselfIsRead() throws {
    let information = try #require(
      ModuleInformation(
        module: Made.module([
          "license=GPL", "alias=ip_conntrack", "alias=nf-conntrack-2", "depends=nf_defrag_ipv4,libcrc32c",
          "softdep=pre: crc32c sha-generic post: later", "nonsense", "",
        ])
      )
    )
    #expect(information.dependencies == ["nf_defrag_ipv4", "libcrc32c"])
    #expect(information.aliases == ["ip_conntrack", "nf_conntrack_2"])
    #expect(information.softBefore == ["crc32c", "sha_generic"])
    #expect(information.softAfter == ["later"])
  }

  @Test func noDependenciesAreNone() throws {
    #expect(try #require(ModuleInformation(module: Made.module(["depends="]))).dependencies.isEmpty)
    #expect(ModuleInformation(module: Made.elf(sections: [])) == nil)
    #expect(ModuleInformation(module: [1, 2, 3]) == nil)
  }

  @Test(arguments: [
    ("kernel/drivers/net/virtio-net.ko", "virtio_net", nil as Packing?), ("a/veth.ko.xz", "veth", .xz),
    ("a/veth.ko.zst", "veth", .zstd), ("veth.ko.gz", "veth", .gzip),
  ])
  func aModuleIsKnownByItsFileName(path: String, name: String, packing: Packing?) throws {
    let module = try #require(KernelModule(path: path))
    #expect(module.name == name && module.packing == packing)
  }

  @Test(arguments: ["veth.o", "veth.ko.bak", "ko", "modules.builtin", ""])
  func otherFilesAreNoModules(path: String) {
    #expect(KernelModule(path: path) == nil)
  }
}

@Suite struct ModuleClosureTests {
  private static func kernel(in directory: String, _ modules: [(path: String, lines: [String])], builtIn: String = "")
    throws -> GuestKernel
  {
    for module in modules { try Made.write(Made.module(module.lines), to: "\(directory)/kernel/\(module.path).ko") }
    try Made.write(Array(builtIn.utf8), to: directory + "/modules.builtin")
    return GuestKernel(release: "6.1-test", image: "", modulesDirectory: directory, hz: 250, identity: "")
  }

  @Test func whatIsNeededComesFirstAndOnce() throws {
    try Made.directory { directory in
      let kernel = try ModuleClosureTests.kernel(
        in: directory,
        [
          ("net/top", ["depends=left,right"]), ("net/left", ["depends=base"]), ("net/right", ["depends=base"]),
          ("lib/base", ["depends="]), ("net/other", ["depends=base"]),
        ]
      )
      #expect(try kernel.modules(["top", "other"]).map(\.name) == ["base", "left", "right", "top", "other"])
      #expect(try kernel.modules(["base", "base"]).map(\.name) == ["base"])
    }
  }

  @Test func softDependenciesAreLoadedIfTheyAreThere() throws {
    try Made.directory { directory in
      let kernel = try ModuleClosureTests.kernel(
        in: directory,
        [
          ("libcrc32c", ["softdep=pre: crc32c absent post: after"]), ("crc32c_generic", ["alias=crc32c"]),
          ("after", []),
        ]
      )
      #expect(try kernel.modules(["libcrc32c"]).map(\.name) == ["crc32c_generic", "libcrc32c", "after"])
    }
  }

  @Test func whatIsBuiltInNeedsNoFile() throws {
    try Made.directory { directory in
      let kernel = try ModuleClosureTests.kernel(
        in: directory,
        [("libcrc32c", ["depends=base-module", "softdep=pre: crc32c"])],
        builtIn: "kernel/lib/base-module.ko\nkernel/crypto/crc32c_generic.ko\n"
      )
      try Made.write(
        Array("crc32c_generic.alias=crc32c\0crc32c_generic.license=GPL\0".utf8),
        to: directory + "/modules.builtin.modinfo"
      )
      #expect(try kernel.modules(["libcrc32c", "base_module"]).map(\.name) == ["libcrc32c"])
    }
  }

  @Test func aCircleOfDependenciesEnds() throws {
    try Made.directory { directory in
      let kernel = try ModuleClosureTests.kernel(in: directory, [("a", ["depends=b"]), ("b", ["depends=a"])])
      #expect(try kernel.modules(["a"]).map(\.name) == ["b", "a"])
    }
  }

  @Test func whatIsMissingIsNamed() throws {
    try Made.directory { directory in
      let kernel = try ModuleClosureTests.kernel(in: directory, [("a", ["depends=gone"])])
      #expect(throws: KernelError("the kernel 6.1-test has no module 'veth', built in or as a file")) {
        try kernel.modules(["veth"])
      }
      #expect(throws: KernelError("the module 'a' of the kernel 6.1-test needs 'gone', which is missing")) {
        try kernel.modules(["a"])
      }
      #expect(try kernel.modules([], optional: ["veth"]).isEmpty)
    }
  }

  @Test func aPackedModuleIsUnpacked() throws {
    try Made.directory { directory in
      let kernel = try ModuleClosureTests.kernel(in: directory, [("base", []), ("top", ["depends=base"])])
      let bytes = try FileIO.contents(of: directory + "/kernel/top.ko")
      _ = try Command(["xz", directory + "/kernel/top.ko"], package: "xz-utils").output()
      let modules = try kernel.modules(["top"])
      #expect(modules.map(\.name) == ["base", "top"] && modules.map(\.packing) == [nil, .xz])
      #expect(try modules[1].contents() == bytes)
    }
  }

  @Test func aFileThatIsNoModuleIsNamed() throws {
    try Made.directory { directory in
      let kernel = try ModuleClosureTests.kernel(in: directory, [])
      try Made.write([1, 2, 3], to: directory + "/kernel/bad.ko")
      #expect(throws: KernelError.self) { try kernel.modules(["bad"]) }
    }
  }
}
