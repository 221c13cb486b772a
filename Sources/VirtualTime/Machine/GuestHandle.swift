internal import Laboratory
internal import Sockets
internal import Timeline

/// A laboratory in a guest, as the front sees it.
final class GuestHandle: RunningLaboratory {
  private let machine: QEMUProcess
  private let captureFile: Int32?
  private let started = Clock.monotonic
  private var frames = FrameReader()
  private var lines = LineSplitter(longestLine: .max)
  private var remarks: [String] = []
  private var status: Int32?
  private var isOver = false
  private var stopReason: String?

  private(set) var tornLines: [String] = []
  private(set) var now: Moment?
  private(set) var lastWords: [String] = []

  /// How long a lab may take in real time, in nanoseconds: virtual time passes only while the guest computes.
  static let patience: Int64 = 300_000_000_000

  init(_ machine: QEMUProcess, captureFile: Int32?) {
    self.machine = machine
    self.captureFile = captureFile
  }

  var descriptor: CInt? { isOver ? nil : machine.bell.rawValue }

  func read() -> [Event] {
    guard !isOver else { return [] }
    if stopReason == nil, Clock.monotonic - started > GuestHandle.patience {
      stopReason = "the guest was stopped: it had computed for \(Duration.nanoseconds(GuestHandle.patience).text)"
      machine.kill()
    }
    var isGone = false
    while true {
      guard let rings = machine.rings() else {
        isGone = true
        break
      }
      if rings.isEmpty { break }
    }
    var events: [Event] = []
    for frame in frames.take(machine.mailbox.read()) { take(frame, &events) }
    if isGone { finish() }
    return events
  }

  private func take(_ frame: Frame, _ events: inout [Event]) {
    switch frame.kind {
    case .events:
      for line in lines.take(frame.bytes) {
        guard let event = try? Event(line: line) else {
          tornLines.append(line)
          continue
        }
        now = max(now ?? event.time, event.time)
        events.append(event)
      }
    case .capture: if let captureFile { try? FileIO.writeAll(frame.bytes, to: captureFile) }
    case .remark: remarks.append(String(decoding: frame.bytes, as: UTF8.self))
    case .end: status = frame.status
    }
  }

  /// QEMU is gone: says what a person must know of it, unless all is well.
  private func finish() {
    isOver = true
    let ending = machine.wait()
    if let line = lines.finish() { tornLines.append(line) }
    if status != nil, !frames.isTorn, ending == .exited(Ports.status(of: Ports.completed)) { return }
    status = nil
    if let stopReason {
      lastWords.append(stopReason)
    } else if remarks.isEmpty {
      switch ending {
      case .exited(0): lastWords.append("the guest's kernel panicked")
      case .exited(let code): lastWords.append("QEMU exited with \(code) before the lab was over")
      case .signaled(let signal): lastWords.append("QEMU was ended by \(signal.name) before the lab was over")
      case nil: lastWords.append("QEMU is gone before the lab was over")
      }
    }
    lastWords += remarks
    if frames.isTorn { lastWords.append("the guest's timeline is torn in the middle of an event") }
    lastWords += machine.lastWords.map { "the guest's console: \($0)" }
  }

  func stop() {
    stopReason = stopReason ?? "the guest was stopped"
    machine.kill()
  }

  func wait() -> ProcessEnding? { .exited(status ?? 1) }
}
