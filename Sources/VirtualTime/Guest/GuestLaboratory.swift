internal import Laboratory
internal import Sockets
internal import Timeline

/// The laboratory in a guest: the same process as on any machine, whose pipes process 1 holds.
final class GuestLaboratory {
  private let job: GuestJob
  private let channel: GuestChannel
  private let process: Int32
  private var input: SharedDescriptor?
  private var outputs: [(kind: Frame.Kind, descriptor: SharedDescriptor)]

  /// Starts the laboratory's process; it waits for its setup.
  init(_ job: GuestJob, _ channel: GuestChannel) throws(GuestFailure) {
    self.job = job
    self.channel = channel
    do throws(SystemError) {
      try FileIO.makeDirectories(job.directory)
      let input = try Pipe()
      let events = try Pipe()
      let capture = job.captures ? try Pipe() : nil
      var child = ChildProcess(
        command: ["/proc/self/exe", LaboratoryProcess.commandName],
        environment: job.environment,
        descriptors: [(input.reading.rawValue, 0), (events.writing.rawValue, 1), (2, 2)]
          + (capture.map { [($0.writing.rawValue, LaboratorySetup.captureDescriptor)] } ?? [])
      )
      child.directory = job.directory
      child.leadsSession = true
      process = try child.start()
      self.input = input.writing
      outputs = [(.events, events.reading)] + (capture.map { [(.capture, $0.reading)] } ?? [])
    } catch {
      throw GuestFailure("the laboratory's process", error)
    }
  }

  /// Begins the lab when its time has come, passes everything on, and returns the laboratory's exit status.
  func run() throws(GuestFailure) -> Int32 {
    do throws(SystemError) {
      Clock.sleep(until: job.start)
      try FileIO.writeAll(Array((job.setup + "\n").utf8), to: input?.rawValue ?? -1)
      let deadline = job.start + job.limit
      while !outputs.isEmpty, Clock.monotonic < deadline { try passOn(until: deadline) }
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

  private func passOn(until deadline: Int64) throws(SystemError) {
    var entries = outputs.map { PollEntry($0.descriptor.rawValue, .readable) }
    _ = try poll(&entries, timeout: .nanoseconds(max(0, deadline - Clock.monotonic)))
    let ready = Set(entries.filter { !$0.ready.isEmpty }.map(\.descriptor))
    var ended: [CInt] = []
    for (kind, descriptor) in outputs where ready.contains(descriptor.rawValue) {
      switch try FileIO.read(descriptor.rawValue) {
      case .bytes(let bytes): channel.tell(kind, bytes)
      case .end: ended.append(descriptor.rawValue)
      case .wouldBlock: break
      }
    }
    outputs.removeAll { ended.contains($0.descriptor.rawValue) }
  }
}
