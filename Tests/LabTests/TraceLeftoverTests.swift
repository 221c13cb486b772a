import Glibc
import Sockets
import Testing

/// A lab that dies without a chance to clean up leaves no tracing behind.
@Suite struct TraceLeftoverTests {
  private static let lab = """
    title     Watched
    network   lan
    peer      server on kodos: dnc -l -p 8080
    peer      client on kang: dnc kodos 8080
    start     server
    wait      kodos listens on 8080
    start     client
    wait      client prints "connected"
    freeze    server
    expect    client is told nothing for 30s

    """

  /// The BPF programs and maps that processes hold, from /proc: `program:12`, `map:7`.
  private static func objects(of processes: [Int32]) -> Set<String> {
    var objects: Set<String> = []
    for process in processes {
      let folder = "/proc/\(process)/fdinfo"
      for descriptor in (try? FileIO.names(in: folder)) ?? [] {
        let bytes = (try? FileIO.contents(of: "\(folder)/\(descriptor)")) ?? []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
          let words = line.split(whereSeparator: \.isWhitespace)
          guard words.count == 2 else { continue }
          if words[0] == "prog_id:" { objects.insert("program:\(words[1])") }
          if words[0] == "map_id:" { objects.insert("map:\(words[1])") }
        }
      }
    }
    return objects
  }

  /// What the kernel says of them: a line each.
  private static func existence(of objects: Set<String>) throws -> [String] {
    let script = "\(Program.repository)/Tests/LabTests/bpf.py"
    return try Program.run(["python3", script] + objects.sorted()).output.split(separator: "\n").map(String.init)
  }

  /// The trace instances, where tracefs is mounted, and every mounted tracefs.
  private static func traces() -> [String] {
    let instances = ["/sys/kernel/tracing/instances", "/sys/kernel/debug/tracing/instances"].flatMap {
      (try? FileIO.names(in: $0)) ?? []
    }
    let mounts = (try? FileIO.contents(of: "/proc/self/mounts")) ?? []
    let mounted = String(decoding: mounts, as: UTF8.self).split(separator: "\n").filter { $0.contains(" tracefs ") }
    return instances.sorted() + mounted.map(String.init).sorted()
  }

  @Test(
    .enabled(if: Privilege.isRoot, "only the machine's root may read tracepoints"),
    .timeLimit(.minutes(2)),
    arguments: ["the front", "every process"]
  )
  func killedItLeavesNoProgramEventOrTrace(victim: String) throws {
    let before = Self.traces()
    let mark = "\(getpid()).traces.\(victim.count)"
    let path = try Program.write(Self.lab, "traces-\(victim.count)")
    let run = try Program.Started(
      [Program.halfopen, "run", path],
      environment: ["\(NothingIsLeftTests.mark)=\(mark)"]
    )
    #expect(try run.wait(for: "freeze server"))
    let processes = NothingIsLeftTests.marked(mark)
    let objects = Self.objects(of: processes)
    // The tracepoints' programs, the map of namespaces and the ring: what follows looks for something that was there.
    #expect(objects.filter { $0.hasPrefix("program:") }.count >= 5, "\(objects)")
    #expect(objects.filter { $0.hasPrefix("map:") }.count >= 1, "\(objects)")
    #expect(try Self.existence(of: objects).allSatisfy { $0.hasSuffix("is there") })

    for process in victim == "the front" ? [run.process] : processes { Signal.kill.send(to: process) }
    _ = try run.finish()
    #expect(try NothingIsLeftTests.wait(untilGone: mark).isEmpty)

    // The kernel frees a program some time after the last that held it, its perf event, is gone.
    let limit = Clock.monotonic + 10_000_000_000
    var left = try Self.existence(of: objects)
    while left.contains(where: { !$0.hasSuffix("is gone") }), Clock.monotonic < limit {
      left = try Self.existence(of: objects)
    }
    #expect(left.count == objects.count && left.allSatisfy { $0.hasSuffix("is gone") }, "\(left)")
    #expect(Self.traces() == before)
  }
}
