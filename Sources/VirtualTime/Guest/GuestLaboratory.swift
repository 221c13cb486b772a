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
        command: ["/proc/self/exe", LaboratoryProcess.commandName],
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
    if line == LaboratoryProcess.preparedLine { return }
    if case .end(.some(let reason)) = (try? Event(line: line))?.body { throw GuestFailure(reason) }
    throw GuestFailure("the laboratory could not be prepared: \(line)")
  }

  /// Begins the lab when its time has come, passes everything on, and returns the laboratory's exit status.
  func run(_ job: GuestJob, _ channel: GuestChannel) throws(GuestFailure) -> Int32 {
    do throws(SystemError) {
      Clock.sleep(until: job.start)
      try FileIO.writeAll(Array((job.setup + "\n").utf8), to: input.rawValue)
      let deadline = job.start + job.limit
      while !outputs.isEmpty, Clock.monotonic < deadline { try passOn(to: channel, until: deadline) }
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

  private func passOn(to channel: GuestChannel, until deadline: Int64) throws(SystemError) {
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
