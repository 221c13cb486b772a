internal import Glibc
internal import LabScript
internal import Netlink
internal import Sockets
internal import Timeline

/// A host that is on: its network namespace, its process 1, and what watches its sockets.
final class Host {
  let place: Place
  /// The number of its process 1 as the laboratory sees it.
  let initProcess: Int32
  /// A descriptor of that process, which stands for all its namespaces.
  let namespaces: SharedDescriptor
  /// What the kernel says of the host's sockets.
  let sampler: SocketSampler
  /// The kernel's number for its network namespace; `nil` if this kernel gives none.
  let networkCookie: UInt64?
  /// Whether process 1 was told to shut down in order.
  var isShuttingDown = false
  /// Whether process 1 has ended after that.
  var hasShutDown = false

  /// The ways into its namespaces, the process namespace first.
  var entrances: [ChildProcess.Entrance] {
    [.init(namespaces, .processes), .init(namespaces, [.network, .hostName, .ipc, .mount])]
  }

  /// The file that becomes every host's /etc/hosts; in the laboratory's private /run.
  static let namesPath = "/run/halfopen-hosts"

  private init(
    place: Place,
    initProcess: Int32,
    namespaces: SharedDescriptor,
    sampler: SocketSampler,
    networkCookie: UInt64?
  ) {
    self.place = place
    self.initProcess = initProcess
    self.namespaces = namespaces
    self.sampler = sampler
    self.networkCookie = networkCookie
  }

  /// Writes the file with the hosts' names.
  static func writeNames(_ places: [Place], _ script: Script) throws(LaboratoryError) {
    var lines = ["\(script.family == .ipv4 ? "127.0.0.1" : "::1") localhost"]
    lines += places.map { "\($0.address) \($0.host)" }
    if script.middlebox?.kind == .balancer {
      lines.append("\(ConnectionTracker.balancerAddress(over: script.family)) \(Middlebox.balancerName)")
    }
    do {
      try FileIO.write(lines.joined(separator: "\n") + "\n", toNew: namesPath)
    } catch {
      throw LaboratoryError("the hosts' names", error)
    }
  }

  /// Switches a host on that has an empty network namespace and a wire: it gets addresses, and process 1.
  static func powerOn(_ place: Place, network: Network, environment: [String]) throws(LaboratoryError) -> Host {
    try network.connect(place)
    let (sampler, cookie) = try network.inNamespace(place.host) { () throws(LaboratoryError) in
      do throws(SystemError) {
        return (SocketSampler(try SocketDiagnostics()), Namespace.networkCookie())
      } catch {
        throw LaboratoryError("watching the sockets of \(place.host)", error)
      }
    }
    do throws(SystemError) {
      let process = try startInit(place, environment: environment)
      return Host(
        place: place,
        initProcess: process,
        namespaces: SharedDescriptor(try ChildProcess.descriptor(of: process)),
        sampler: sampler,
        networkCookie: cookie
      )
    } catch {
      throw LaboratoryError("switching on \(place.host)", error)
    }
  }

  private static func startInit(_ place: Place, environment: [String]) throws(SystemError) -> Int32 {
    var pipe = try Pipe()
    let null = try FileIO.open("/dev/null")
    var child = ChildProcess(
      command: ["/proc/self/exe", HostInit.commandName, place.host, Disk.path(of: place.host)],
      environment: environment,
      descriptors: [(null.rawValue, 0), (pipe.writing.rawValue, 1), (2, 2)]
    )
    child.entrances = [
      .init(SharedDescriptor(try FileIO.open("/run/netns/\(place.host)")), .network)
    ]
    child.newNamespaces = [.processes, .mount, .hostName, .ipc]
    child.leadsSession = true
    let process = try child.start()
    pipe.closeWriting()
    let said = String(decoding: try firstLine(pipe.reading.rawValue), as: UTF8.self)
    guard said == "ready\n" else {
      throw SystemError(call: "host init: \(said.dropLast())", errno: Errno(rawValue: EIO))
    }
    return process
  }

  private static func firstLine(_ descriptor: CInt) throws(SystemError) -> [UInt8] {
    var line: [UInt8] = []
    while line.last != UInt8(ascii: "\n"), case .bytes(let bytes) = try FileIO.read(descriptor) { line += bytes }
    return line
  }
}
