internal import CLinux
internal import Glibc
internal import Laboratory
internal import Sockets
internal import Timeline

/// Process 1 of a guest: this same program, started by the guest's kernel without arguments.
///
/// It furnishes the guest, prepares laboratories, waits for one job after the other, runs the ordinary laboratory as a child
/// for each, and passes on what that tells.
public enum GuestInit {
  /// Whether this process is a guest's first: the kernel gave it no arguments, or (as long as /proc is not mounted)
  /// none can be read.
  public static func isMeant(by arguments: [String]) -> Bool { getpid() == 1 && arguments.count <= 1 }

  /// Does everything, and ends the guest.
  public static func main() -> Never {
    var channel: GuestChannel?
    do throws(GuestFailure) {
      try furnish()
      try loadModules()
      if MachineInit.isMeant { try MachineInit.serve() }
      var prepared = try prepare()
      let device = try GuestChannelDevice()
      // What a program does for the first time costs it most.
      _ = GuestJob(text: Array(GuestJob(start: 0, limit: 0, setup: "").text.utf8))
      Clock.sleep(until: GuestWorld.rest)
      waitForJob()
      let mailbox = try device.open()
      channel = mailbox
      var number = 1
      while true {
        let job = try job(number: number, in: mailbox.mailbox)
        let laboratory: GuestLaboratory
        if let network = job.network {
          guard prepared.indices.contains(network), let ready = prepared[network].popLast() else {
            throw GuestFailure("the guest has no network left for its job")
          }
          laboratory = ready
        } else {
          laboratory = try GuestLaboratory(preparedFor: job.setup)
        }
        let status = try laboratory.run(job, mailbox)
        if job.isFollowed { laboratory.end() }
        mailbox.tell(.end(status: status))
        if !job.isFollowed { Ports.end(Ports.completed) }
        number += 1
      }
    } catch {
      channel?.tell(Frame(kind: .remark, bytes: Array(error.message.utf8)))
      try? FileIO.writeAll(Array("halfopen: \(error.message)\n".utf8), to: 2)
      Ports.end(1)
    }
    // QEMU is gone before this line.
    _exit(1)
  }

  private static func furnish() throws(GuestFailure) {
    do throws(SystemError) {
      // Everything else is in memory anyhow.
      for (type, path) in [("proc", "/proc"), ("sysfs", "/sys"), ("devtmpfs", "/dev")] {
        try FileIO.makeDirectories(path)
        try Namespace.mountNew(type, on: path, allowingDevices: type == "devtmpfs")
      }
      for (type, path) in [("devpts", "/dev/pts"), ("tmpfs", "/dev/shm")] {
        try FileIO.makeDirectories(path)
        try Namespace.mountNew(type, on: path)
      }
      try? layOnHugePages()
      for (name, value) in settings { try? FileIO.write(value, toExisting: "/proc/sys/" + name) }
    } catch {
      throw GuestFailure("furnishing the guest", error)
    }
    guard Ports.open() else { throw GuestFailure("the guest's ports", SystemError(call: "ioperm", errno: .last)) }
  }

  /// Puts this program, which is `dnc` too, into huge pages: a process that runs it needs some entries in its page table
  /// instead of thousands.
  ///
  /// A kernel without them goes on as it is.
  private static func layOnHugePages() throws(SystemError) {
    guard let own = FileIO.realPath("/proc/self/exe") else { return }
    let directory = "/halfopen/program"
    let copy = directory + "/halfopen"
    try FileIO.makeDirectories(directory)
    try Namespace.mountNew("tmpfs", on: directory, options: "huge=always,mode=0755")
    try FileIO.write(try FileIO.contents(of: own), toNew: copy)
    guard unsafe chmod(copy, 0o755) == 0 else { throw SystemError(call: "chmod", subject: copy, errno: .last) }
    try Namespace.bind(copy, on: own)
  }

  /// What keeps the kernel from waking up for nothing, and from going on after it has killed a program for want of
  /// memory.
  private static let settings = [
    ("vm/compaction_proactiveness", "0"), ("vm/stat_interval", "86400"), ("vm/panic_on_oom", "1"),
    ("kernel/printk", "4 4 1 7"),
  ]

  /// A small table of tracked connections, since the kernel goes through all of it every minute or so (`gc_worker` in
  /// net/netfilter/nf_conntrack_core.c); how many it may hold is set apart from that.
  private static let trackingParameters = "hashsize=512"
  private static let trackingLimit = ("/proc/sys/net/netfilter/nf_conntrack_max", "65536")

  private static func loadModules() throws(GuestFailure) {
    do throws(SystemError) {
      let list = String(decoding: try FileIO.contents(of: GuestFiles.moduleList), as: UTF8.self)
      for path in list.split(separator: "\n").map(String.init) {
        let file = try FileIO.open(path)
        let parameters = path.contains("/nf_conntrack.ko") ? trackingParameters : ""
        guard unsafe clinux_finit_module(file.rawValue, parameters, 0) == 0 || Errno.last.rawValue == EEXIST else {
          throw SystemError(call: "finit_module", subject: path, errno: .last)
        }
      }
      // Not there without the module.
      try? FileIO.write(trackingLimit.1, toExisting: trackingLimit.0)
    } catch {
      throw GuestFailure("the kernel's modules", error)
    }
  }

  /// Prepares the laboratories for which the guest boots, by their networks.
  private static func prepare() throws(GuestFailure) -> [[GuestLaboratory]] {
    guard let text = FirmwareConfiguration.file(named: FirmwareConfiguration.networksName),
      let networks = PreparedNetwork.reading(text)
    else { throw GuestFailure("the guest was not told which networks to prepare") }
    var prepared: [[GuestLaboratory]] = []
    for (count, setup) in networks {
      var laboratories: [GuestLaboratory] = []
      for _ in 0..<count { laboratories.append(try GuestLaboratory(preparedFor: setup)) }
      prepared.append(laboratories)
    }
    guard Clock.monotonic < GuestWorld.rest else {
      throw GuestFailure(
        "building networks and preparing disks took \(Duration.nanoseconds(Clock.monotonic).text) of the guest's time, "
          + "and a lab begins after \(Duration.nanoseconds(GuestWorld.rest).text)"
      )
    }
    return prepared
  }

  /// Waits for a job and reads it: spinning, for the same reason as ``waitForJob()``.
  private static func job(number: Int, in mailbox: Mailbox) throws(GuestFailure) -> GuestJob {
    while true {
      guard let text = mailbox.job(number: number) else { continue }
      guard let job = GuestJob(text: text) else { throw GuestFailure("the guest's job cannot be read") }
      guard job.start > Clock.monotonic else { throw GuestFailure("the guest's job came after its beginning") }
      return job
    }
  }

  /// Rings, and spins until there is a job: a guest that slept here would leap over hours before the host has noticed
  /// anything.
  ///
  /// The mailbox must not be touched before: QEMU takes shared memory over into another process only if the guest has
  /// never mapped it.
  private static func waitForJob() {
    Ports.ring(.ready)
    while Ports.answer != Ports.jobIsThere {}
  }
}

/// Why a guest cannot go on: a sentence for a person.
struct GuestFailure: Error {
  var message: String

  init(_ message: String) {
    self.message = message
  }

  init(_ stage: String, _ error: SystemError) {
    message = "\(stage): \(error.description)"
  }
}
