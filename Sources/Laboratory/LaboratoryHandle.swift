public import Sockets
public import Timeline

/// A laboratory on this machine's own kernel: a process that runs one lab and tells its events through a pipe.
public final class LaboratoryHandle: RunningLaboratory {
  /// The laboratory's process (the keeper of its namespaces).
  public let process: Int32
  private var lifeline: SharedDescriptor?
  private var output: SharedDescriptor?
  /// An event's line may be as long as it likes: it was written by this same program.
  private var lines = LineSplitter(longestLine: .max)

  /// What the monotonic clock showed at moment zero; `nil` until the laboratory has told it.
  private var clockAtStart: Int64?

  /// Lines that are no event, such as the last of a laboratory that was killed in the middle of it.
  public private(set) var tornLines: [String] = []

  /// Starts a laboratory.
  ///
  /// Nothing of the machine's own network is touched by it.
  /// - Parameters:
  ///   - command: The arguments that make this program the laboratory.
  ///   - captureFile: A descriptor for the packets, as pcapng; it stays the caller's.
  public init(
    _ setup: LaboratorySetup,
    command: [String] = [LaboratoryProcess.commandName],
    captureFile: Int32? = nil
  ) throws(SystemError) {
    var setup = setup
    setup.capturesToFile = captureFile != nil
    let input = try Pipe()
    let output = try Pipe()
    var child = ChildProcess(
      command: ["/proc/self/exe"] + command,
      environment: ChildProcess.ownEnvironment,
      descriptors: [(input.reading.rawValue, 0), (output.writing.rawValue, 1), (2, 2)]
        + (captureFile.map { [($0, LaboratorySetup.captureDescriptor)] } ?? [])
    )
    child.leadsSession = true
    process = try child.start()
    lifeline = input.writing
    self.output = output.reading
    try FileIO.writeAll(Array((setup.text + "\n").utf8), to: lifeline?.rawValue ?? -1)
    FileIO.setNonBlocking(self.output?.rawValue ?? -1)
  }

  /// What to poll for its events; `nil` once it has told everything and is gone.
  public var descriptor: CInt? { output?.rawValue }

  /// The lab's present moment; `nil` before it has begun.
  public var now: Moment? { clockAtStart.map { Moment(nanoseconds: Clock.monotonic - $0) } }

  /// What it had to say is in its last event.
  public var lastWords: [String] { [] }

  /// The events that it has told since the last call.
  public func read() -> [Event] {
    var events: [Event] = []
    while let descriptor = output?.rawValue {
      switch try? FileIO.read(descriptor) {
      case .bytes(let bytes): events += lines.take(bytes).compactMap(event)
      case .wouldBlock: return events
      case .end, nil:
        if let line = lines.finish() { tornLines.append(line) }
        output = nil
      }
    }
    return events
  }

  private func event(_ line: String) -> Event? {
    do {
      let event = try Event(line: line)
      if case .begin(let beginning) = event.body { clockAtStart = beginning.clockAtStart }
      return event
    } catch {
      tornLines.append(line)
      return nil
    }
  }

  /// Lets go of the laboratory: it ends at once, and with it everything that it made.
  public func stop() {
    lifeline = nil
  }

  /// Waits for the laboratory's end, which ``read()`` has announced by a `nil` ``descriptor``, and takes its status.
  public func wait() -> ProcessEnding? {
    lifeline = nil
    return ChildProcess.wait(for: process)
  }

  deinit {
    // The kernel kills the whole process namespace with it.
    if output != nil { Signal.kill.send(to: process) }
  }
}
