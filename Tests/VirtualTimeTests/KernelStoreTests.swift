import Sockets
import Testing

@testable import VirtualTime

@Suite struct KernelStoreTests {
  /// A store in `directory` with whole kernels of these releases.
  private static func store(in directory: String, _ releases: [String]) throws -> KernelStore {
    let store = try KernelStore(environment: ["XDG_CACHE_HOME=" + directory])
    for release in releases {
      let home = store.directory + "/" + release
      try Made.write(Array("kernel of \(release)".utf8), to: home + "/vmlinux")
      try Made.write(Array("CONFIG_HZ=250\n".utf8), to: home + "/config")
      try Made.write(Made.module([]), to: home + "/modules/kernel/net/veth.ko")
      try Made.write([], to: home + "/modules/modules.builtin")
      let manifest = KernelManifest(release: release, version: "1", hz: 250, files: try KernelManifest.files(in: home))
      try Made.write(Array(manifest.text.utf8), to: home + "/" + KernelManifest.name)
    }
    return store
  }

  private static let two = ["6.1.0-56-cloud-amd64", "6.12.117+deb12-cloud-amd64"]

  @Test func kernelsAreFoundByVersionAndTheNewestIsMeantWhereNothingIsSaid() throws {
    try Made.directory { directory in
      let store = try KernelStoreTests.store(in: directory, KernelStoreTests.two.reversed())
      #expect(try store.all().map(\.release) == KernelStoreTests.two)
      #expect(try store.find("6.1").release == KernelStoreTests.two[0])
      #expect(try store.find("6.12.117").release == KernelStoreTests.two[1])
      #expect(try store.find().release == KernelStoreTests.two[1])
      try store.makeDefault(KernelRelease(KernelStoreTests.two[0]))
      let kernel = try store.find()
      #expect(kernel.release == KernelStoreTests.two[0] && kernel.hz == 250)
      #expect(kernel.image == store.directory + "/6.1.0-56-cloud-amd64/vmlinux")
      #expect(try kernel.modules(["veth"]).map(\.path) == [kernel.modulesDirectory + "/kernel/net/veth.ko"])
      try store.remove(KernelStoreTests.two[0])
      #expect(try store.find().release == KernelStoreTests.two[1])
    }
  }

  @Test func whatIsNotThereIsSaidWithWhatIs() throws {
    try Made.directory { directory in
      #expect(throws: KernelError.noKernel) { try KernelStoreTests.store(in: directory, []).find() }
      let store = try KernelStoreTests.store(in: directory, [KernelStoreTests.two[0]])
      #expect(
        throws: KernelError(
          "there is no kernel '6.12' at hand, only 6.1.0-56-cloud-amd64; get it: halfopen kernel get 6.12"
        )
      ) { try store.find("6.12") }
      #expect(throws: KernelError("there is no kernel '6.1' at hand")) { try store.remove("6.1") }
    }
    #expect(throws: KernelError.self) { try KernelStore(environment: []) }
  }

  /// What is done to a kernel in the cache, and what is then said.
  private static let damages: [(name: String, deed: @Sendable (String) throws -> Void, says: String?)] = [
    ("touched only", { try Made.write(Array("kernel of 6.1.0-56-cloud-amd64".utf8), to: $0 + "/vmlinux") }, nil),
    ("cut off", { try Made.write([1], to: $0 + "/vmlinux") }, "vmlinux has 1 bytes instead of 30"),
    (
      "other contents", { try Made.write(Array("KERNEL of 6.1.0-56-cloud-amd64".utf8), to: $0 + "/vmlinux") },
      "the contents of vmlinux have changed"
    ),
    ("gone", { try FileIO.remove($0 + "/modules/kernel/net/veth.ko") }, "modules/kernel/net/veth.ko is missing"),
    ("no manifest", { try FileIO.remove($0 + "/manifest.json") }, "manifest.json is missing"),
    (
      "torn manifest", { try Made.write(Array(#"{"format":1,"rel"#.utf8), to: $0 + "/manifest.json") },
      "manifest.json is unreadable"
    ),
  ]

  @Test(arguments: damages.indices)
  func damageIsNoticed(index: Int) throws {
    try Made.directory { directory in
      let store = try KernelStoreTests.store(in: directory, [KernelStoreTests.two[0]])
      let (_, deed, says) = KernelStoreTests.damages[index]
      try deed(store.directory + "/" + KernelStoreTests.two[0])
      #expect(try store.entries().map(\.damage) == [says])
      if says != nil {
        #expect(throws: KernelError.self) { try store.find() }
        #expect(throws: KernelError.noKernel) { try store.all() }
      }
    }
  }

  @Test func aManifestSurvivesWritingAndReading() {
    let manifest = KernelManifest(
      release: "6.1",
      version: "6.1.192-2",
      hz: 250,
      files: [.init(path: "a/b", size: 3, modified: 4, hash: "ff")]
    )
    #expect(KernelManifest(text: manifest.text) == manifest)
    var dice = Dice(seed: 3)
    for _ in 0..<1000 {
      _ = KernelManifest(text: String(decoding: dice.damage(Array(manifest.text.utf8)), as: UTF8.self))
    }
  }

  @Test(arguments: ["../vmlinux", "/etc/passwd", "a/../../b", ""])
  func aManifestNamesNothingOutside(path: String) {
    let manifest = KernelManifest(
      release: "6.1",
      version: "",
      hz: 250,
      files: [.init(path: path, size: 3, modified: 4, hash: "ff")]
    )
    #expect(KernelManifest(text: manifest.text) == nil)
  }

  @Test func packagesThatOnlyDependOnAKernelAreNoReleases() {
    let names = [
      "linux-image-6.12-cloud-amd64", "linux-image-cloud-amd64", "linux-image-6.12.117+deb12-cloud-amd64",
      "linux-image-6.1.0-56-cloud-amd64", "linux-headers-6.1.0-56-amd64",
    ]
    #expect(KernelPackages.releases(in: names).map(\.description) == KernelStoreTests.two)
  }
}

@Suite struct WorkspaceTests {
  @Test func whatAKilledProcessLeftIsRemovedAndWhatIsInUseIsNot() throws {
    try Made.directory { directory in
      try Made.write([1], to: directory + "/.making-dead/file")
      let first = try Workspace(in: directory)
      let second = try Workspace(in: directory)
      #expect(first.path != second.path)
      #expect(FileIO.isDirectory(first.path) && !FileIO.isDirectory(directory + "/.making-dead"))
      first.remove()
      second.remove()
      #expect(try FileIO.names(in: directory) == [".lock"])
    }
  }
}
