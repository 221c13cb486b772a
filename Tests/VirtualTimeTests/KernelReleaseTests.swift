import Testing

@testable import VirtualTime

@Suite struct KernelReleaseTests {
  @Test func numbersCompareAsNumbers() {
    let names = [
      "6.12.117+deb12-cloud-amd64", "6.1.0-9-cloud-amd64", "6.12.100+deb12-cloud-amd64", "6.1.0-56-cloud-amd64",
      "5.10.0-30-cloud-amd64",
    ]
    #expect(
      names.map { KernelRelease($0) }.sorted().map(\.description) == [
        "5.10.0-30-cloud-amd64", "6.1.0-9-cloud-amd64", "6.1.0-56-cloud-amd64", "6.12.100+deb12-cloud-amd64",
        "6.12.117+deb12-cloud-amd64",
      ]
    )
  }

  @Test(arguments: [
    ("6.1", "6.1.0-56-cloud-amd64", true), ("6.1", "6.12.117+deb12-cloud-amd64", false),
    ("6.12", "6.12.117+deb12-cloud-amd64", true), ("6.12.117", "6.12.117+deb12-cloud-amd64", true),
    ("6.12.11", "6.12.117+deb12-cloud-amd64", false), ("6.1.0-56", "6.1.0-56-cloud-amd64", true),
    ("6.1.0-56-cloud-amd64", "6.1.0-56-cloud-amd64", true), ("", "6.1.0-56-cloud-amd64", false),
    ("6", "6.1.0-56-cloud-amd64", true), ("6.1.0-5", "6.1.0-56-cloud-amd64", false),
  ])
  func aVersionMeansReleasesThatBeginWithItsNumbers(version: String, release: String, isMeant: Bool) {
    #expect(KernelRelease(release).matches(version) == isMeant)
  }
}

@Suite struct CacheDirectoryTests {
  @Test(arguments: [
    (["XDG_CACHE_HOME=/c", "HOME=/h"], "/c/halfopen"), (["HOME=/h"], "/h/.cache/halfopen"),
    (["XDG_CACHE_HOME=relative", "HOME=/h"], "/h/.cache/halfopen"),
    (["XDG_CACHE_HOME=", "HOME=/h"], "/h/.cache/halfopen"),
  ])
  func itIsWhereTheSpecificationSays(environment: [String], path: String) {
    #expect(CacheDirectory.path(environment: environment) == path)
  }

  @Test func withoutAHomeThereIsNone() {
    #expect(CacheDirectory.path(environment: ["PATH=/bin"]) == nil)
  }
}
