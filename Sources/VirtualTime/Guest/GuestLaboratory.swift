internal import Laboratory
internal import Sockets
internal import Timeline

/// The laboratory in a guest: the same process as on any machine, whose pipes process 1 holds.
final class GuestLaboratory {
  private let process: Int32
  private let input: SharedDescriptor
  private var outputs: [(kind: Frame.Kind, descriptor: SharedDescriptor)]

  /// Starts the laboratory's process and lets it build the network of a lab, without running it.
  ///
  /// - Parameter prototype: The setup of that lab, as text.
  init(preparedFor prototype: String) throws(GuestFailure) {
    do throws(SystemError) {
      let input = try Pipe()
      let events = try Pipe()
      let capture = try Pipe()
      var child = ChildProcess(
        command: [FileIO.realPath("/proc/self/exe") ?? "/proc/self/exe", LaboratoryProcess.commandName],
        environment: ["PATH=" + GuestFiles.searchPath, "HOME=/root"],
        descriptors: [
          (input.reading.rawValue, 0), (events.writing.rawValue, 1), (2, 2),
          (capture.writing.rawValue, LaboratorySetup.captureDescriptor),
        ]
      )
      child.leadsSession = true
      process = try child.start()
      self.input = input.writing
      outputs = [(.events, events.reading), (.capture, capture.reading)]
    } catch {
      throw GuestFailure("the laboratory's process", error)
    }
    try prepare(for: prototype)
  }

  private func prepare(for prototype: String) throws(GuestFailure) {
    var said: [UInt8] = []
    do throws(SystemError) {
      try FileIO.writeAll(Array((LaboratoryProcess.preparationWord + prototype + "\n").utf8), to: input.rawValue)
      while said.last != UInt8(ascii: "\n"), case .bytes(let more) = try FileIO.read(outputs[0].descriptor.rawValue) {
        said += more
      }
    } catch {
      throw GuestFailure("preparing the laboratory", error)
    }
    let line = String(decoding: said.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    if line == LaboratoryProcess.preparedLine {
      // What a program does for the first time costs it most: here it is not counted.
      _ = try? readable(within: .zero)
      return
    }
    if case .end(.some(let reason)) = (try? Event(line: line))?.body { throw GuestFailure(reason) }
    throw GuestFailure("the laboratory could not be prepared: \(line)")
  }

  /// Hands the job over, passes everything on, and returns the laboratory's exit status.
  ///
  /// What the laboratory would clear away after the lab ends with the guest, or by ``end()``.
  func run(_ job: GuestJob, _ channel: GuestChannel) throws(GuestFailure) -> Int32 {
    do throws(SystemError) {
      try FileIO.writeAll(Array((job.setup + "\n").utf8), to: input.rawValue)
      let deadline = job.start + job.limit
      while !outputs.isEmpty, Clock.monotonic < deadline {
        if try passOn(to: channel, until: deadline) { return 0 }
      }
    } catch {
      throw GuestFailure("passing the timeline on", error)
    }
    if !outputs.isEmpty {
      let limit = Duration.nanoseconds(job.limit).text
      throw GuestFailure("the lab was not over after \(limit) of the guest's time, longer than all its limits together")
    }
    switch ChildProcess.wait(for: process) {
    case .exited(let status): return status
    case .signaled(let signal): throw GuestFailure("the laboratory's process was ended by \(signal.name)")
    case nil: throw GuestFailure("the laboratory's process is gone")
    }
  }

  /// Ends the laboratory and all that it made.
  func end() {
    outputs = []
    // With it ends the first process of its namespaces, and with that all others in there.
    Signal.kill.send(to: process)
    _ = ChildProcess.wait(for: process)
  }

  /// Waits, passes on what is there, and returns whether that was the last.
  private func passOn(to channel: GuestChannel, until deadline: Int64) throws(SystemError) -> Bool {
    var isComplete = false
    for (kind, descriptor) in try readable(within: .nanoseconds(max(0, deadline - Clock.monotonic))) {
      switch try FileIO.read(descriptor.rawValue) {
      case .bytes(var bytes):
        if kind == .events, bytes.last == LaboratoryProcess.completion {
          bytes.removeLast()
          isComplete = true
        }
        channel.tell(kind, bytes)
      case .end: outputs.removeAll { $0.descriptor.rawValue == descriptor.rawValue }
      case .wouldBlock: break
      }
    }
    // The captured packets were written before the event that completes the timeline.
    while isComplete, let (kind, descriptor) = try readable(within: .zero).first,
      case .bytes(let bytes) = try FileIO.read(descriptor.rawValue)
    {
      channel.tell(kind, bytes)
    }
    return isComplete
  }

  /// The outputs that have something to read, or have ended.
  private func readable(within timeout: Duration) throws(SystemError) -> [(
    kind: Frame.Kind, descriptor: SharedDescriptor
  )] {
    var entries = outputs.map { PollEntry($0.descriptor.rawValue, .readable) }
    _ = try poll(&entries, timeout: timeout)
    return zip(outputs, entries).filter { !$0.1.ready.isEmpty }.map(\.0)
  }
}
