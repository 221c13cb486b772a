// swift-tools-version: 6.2
// The decoders under libFuzzer, which is guided by coverage: `make fuzz`. Not part of the default build.

import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// One room of the house, instrumented.
func room(_ name: String, _ imports: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: imports, path: "Sources/\(name)", swiftSettings: settings)
}

/// A program that libFuzzer's own main feeds.
func fuzzer(_ name: String, _ imports: [Target.Dependency]) -> Target {
  .executableTarget(name: name, dependencies: imports, path: name, swiftSettings: settings)
}

let package = Package(
  name: "fuzz",
  targets: [
    room("Timeline"),
    room("Packets"),
    room("Strace", ["Timeline"]),
    .systemLibrary(name: "CLinux", path: "Sources/CLinux"),
    room("Sockets", ["CLinux"]),
    room("Netlink", ["CLinux", "Sockets", "Timeline"]),
    fuzzer("FuzzPackets", ["Packets"]),
    fuzzer("FuzzStrace", ["Strace", "Timeline"]),
    room("Tracing", ["CLinux", "Sockets", "Netlink", "Timeline"]),
    fuzzer("FuzzNetlink", ["Netlink", "Timeline"]),
    fuzzer("FuzzTracing", ["Tracing"]),
  ],
  swiftLanguageModes: [.v6]
)
