public import Laboratory
public import Sockets
public import Timeline

/// A laboratory in a guest, as the front sees it.
public final class GuestHandle: RunningLaboratory {
  private let guest: Guest
  private var machine: QEMUProcess { guest.machine }
  /// Called with the guest where it waits for another job once the lab is over; `nil` where it ends with the lab.
  private let release: ((Guest) -> Void)?
  private let captureFile: Int32?
  private let started = Clock.monotonic
  private var lines = LineSplitter(longestLine: .max)
  private var remarks: [String] = []
  private var status: Int32?
  private var isOver = false
  private var stopReason: String?

  /// Lines that are no event.
  public private(set) var tornLines: [String] = []
  /// The lab's present moment: that of its last event.
  public private(set) var now: Moment?
  /// Why the guest ended, and the last of its console; empty if all is well.
  public private(set) var lastWords: [String] = []
  /// How long it may compute, in nanoseconds of real time.
  private let patience: Int64

  /// What a lab cost, in nanoseconds of real time.
  public struct Costs: Hashable, Sendable {
    /// Packing and booting the guest and saving it; `nil` if there was a snapshot.
    public var boot: Int64?
    /// From the snapshot to the lab's first event.
    public var resume: Int64
    /// From the lab's first event to the end of the guest.
    public var run: Int64
  }

  private let bootTime: Int64?
  private var firstEvent: Int64?
  private var ended: Int64?

  /// What the lab cost; `nil` until it is over, and if it never began.
  public var costs: Costs? {
    guard let firstEvent, let ended else { return nil }
    return Costs(boot: bootTime, resume: firstEvent - started, run: ended - firstEvent)
  }

  /// A lab whose job a guest has been given.
  init(
    _ guest: Guest,
    captureFile: Int32?,
    patience: Int64,
    bootTime: Int64?,
    release: ((Guest) -> Void)?
  ) {
    self.guest = guest
    self.release = release
    self.captureFile = captureFile
    self.patience = patience
    self.bootTime = bootTime
  }

  /// The bell.
  public var descriptor: CInt? { isOver ? nil : machine.bell.rawValue }

  /// Takes frames out of the mailbox.
  public func read() -> [Event] {
    guard !isOver else { return [] }
    if stopReason == nil, Clock.monotonic - started > patience {
      stopReason =
        "the guest was stopped: after \(Duration.nanoseconds(patience).text) it was not done; --patience gives it more"
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
    for frame in guest.read() { take(frame, &events) }
    if guest.isBroken, !isGone { machine.kill() }
    if firstEvent == nil, !events.isEmpty { firstEvent = Clock.monotonic }
    if isGone {
      finish()
    } else if status != nil, let release {
      close()
      guest.halt(after: now?.nanoseconds ?? 0)
      release(guest)
    }
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

  /// Nothing more comes of this lab.
  private func close() {
    isOver = true
    ended = Clock.monotonic
    if let line = lines.finish() { tornLines.append(line) }
  }

  /// QEMU is gone: says what a person must know of it, unless all is well.
  private func finish() {
    close()
    let ending = machine.wait()
    if status != nil, !guest.isTorn, ending == .exited(Ports.status(of: Ports.completed)) { return }
    status = nil
    if let stopReason {
      lastWords.append(stopReason)
    } else if remarks.isEmpty {
      lastWords.append(machine.cause + ", before the lab was over")
    }
    lastWords += remarks
    if guest.isTorn { lastWords.append("the guest's timeline is torn in the middle of an event") }
    let said = machine.lastWords.filter { line in !remarks.contains { line.contains($0) } }
    lastWords += said.map { "the guest's console: \($0)" }
  }

  /// Ends QEMU.
  public func stop() {
    stopReason = stopReason ?? "the guest was stopped"
    machine.kill()
  }

  /// The laboratory's status, if it told everything.
  public func wait() -> ProcessEnding? { .exited(status ?? 1) }
}
