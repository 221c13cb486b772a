// swift-tools-version: 6.2
// halfopen: a laboratory for TCP failure. The rooms and what each may import: docs/architecture.md.

import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
]

/// One room of the house: a target and exactly the rooms it may import.
func room(_ name: String, _ imports: [Target.Dependency] = []) -> Target {
  .target(name: name, dependencies: imports, swiftSettings: settings)
}

/// The tests of one room.
func tests(_ name: String, _ imports: [Target.Dependency], exclude: [String] = []) -> Target {
  .testTarget(
    name: "\(name)Tests",
    dependencies: [.init(stringLiteral: name)] + imports,
    exclude: exclude,
    swiftSettings: settings
  )
}

let package = Package(
  name: "halfopen",
  products: [
    .executable(name: "dnc", targets: ["dnc"]),
    .executable(name: "halfopen", targets: ["halfopen"]),
  ],
  targets: [
    // The pure half: values in, values out. It imports neither Glibc nor Sockets.
    room("Digests"),
    room("Timeline"),
    room("Packets"),
    room("LabScript", ["Timeline"]),
    room("Strace", ["Timeline"]),
    room("TimerModel", ["Timeline"]),
    room("Advice", ["Timeline", "TimerModel"]),
    room("Judge", ["Timeline", "LabScript", "TimerModel"]),
    room("Forecasting", ["Timeline", "LabScript", "TimerModel", "Judge"]),
    room("Report", ["Timeline", "LabScript", "TimerModel", "Judge", "Packets"]),
    room("Drawing", ["Digests", "Timeline", "LabScript", "Judge", "Report"]),
    room("Matrix", ["Timeline", "LabScript", "TimerModel", "Judge", "Forecasting"]),

    // The half that touches the kernel and never decides pass or fail.
    .systemLibrary(name: "CLinux"),
    room("CommandLine", ["CLinux"]),
    room("Sockets", ["CLinux"]),
    room("Netcat", ["CLinux", "Sockets", "CommandLine", "Timeline"]),
    room("Netlink", ["CLinux", "Sockets", "Timeline"]),
    room("Tracing", ["CLinux", "Sockets", "Netlink", "Timeline"]),
    room(
      "Laboratory",
      ["CLinux", "Sockets", "Digests", "Netlink", "Tracing", "Packets", "LabScript", "Strace", "Timeline"]
    ),
    room("VirtualTime", ["CLinux", "Sockets", "Digests", "Timeline", "LabScript", "Laboratory"]),

    // The two programs.
    .executableTarget(
      name: "dnc",
      dependencies: ["Netcat"],
      swiftSettings: settings
    ),
    .executableTarget(
      name: "halfopen",
      dependencies: [
        "CLinux", "Sockets", "CommandLine", "Netcat", "Timeline", "LabScript", "TimerModel", "Advice", "Judge",
        "Forecasting", "Report", "Drawing", "Matrix", "Laboratory", "VirtualTime",
      ],
      swiftSettings: settings
    ),

    tests("Digests", []),
    tests("Timeline", []),
    tests("LabScript", ["Timeline", "Sockets"]),
    tests("Strace", ["Sockets", "Timeline"]),
    tests("Netlink", ["CLinux", "Sockets", "Timeline"]),
    tests("Tracing", ["CLinux", "Sockets", "Timeline"]),
    tests("Packets", []),
    tests("TimerModel", ["Timeline"]),
    tests("Sockets", []),
    tests("Advice", ["Timeline", "TimerModel"]),
    tests("Judge", ["Timeline", "LabScript", "TimerModel"]),
    tests("Report", ["Timeline", "LabScript", "Judge"]),
    tests("Drawing", ["Digests", "Timeline", "LabScript", "Judge", "Report", "Sockets"], exclude: ["golden"]),
    tests("Forecasting", ["Timeline", "LabScript", "TimerModel", "Judge"]),
    tests("Matrix", ["Timeline", "LabScript", "TimerModel", "Judge"]),
    tests("CommandLine", []),
    tests("VirtualTime", ["CLinux", "Sockets", "Timeline", "LabScript", "Laboratory"]),
    .testTarget(
      name: "DncTests",
      dependencies: ["dnc", "CLinux", "Sockets", "Timeline"],
      swiftSettings: settings
    ),
    .testTarget(
      name: "LabTests",
      dependencies: ["Sockets", "Timeline", "dnc", "halfopen"],
      exclude: ["wire.py", "bpf.py", "junit.xsd"],
      swiftSettings: [
        .enableUpcomingFeature("ExistentialAny"), .treatAllWarnings(as: .error),
      ]
    ),
  ],
  swiftLanguageModes: [.v6]
)
