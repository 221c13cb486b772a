public import LabScript
public import Sockets

/// Machines that are a lab's hosts, with kernels of their own, and the wires between them: what the runner asks of them,
/// and never how they are made.
public protocol MachineHouse: AnyObject {
  /// What `uname -r` says in the machines.
  var release: String { get }
  /// Timer interrupts a second of their kernel.
  var hz: Int { get }
  /// Switches a host's machine on; returns the line to its agent, which has not booted yet.
  func powerOn(_ host: String) throws(LaboratoryError) -> SharedDescriptor
  /// Cuts a machine's power: nothing leaves it any more, and when this returns it is no more.
  func powerOff(_ host: String)
  /// Changes the state of a host's wire.
  func change(_ host: String, _ fault: WireFault) throws(LaboratoryError)
  /// What to poll for the network.
  var interests: [PollEntry] { get }
  /// Passes on what has come in over the wires.
  func passOn(_ ready: Set<CInt>)
  /// What a person must know of a machine that has died by itself: the last that its console and its maker said.
  func lastWords(of host: String) -> String
}

/// A host's place in the network between machines.
public struct MachineWire: Hashable, Sendable {
  /// The host's name.
  public var host: String
  /// Its IPv4 address.
  public var address: String
  /// Its Ethernet address: the same each time the machine comes back.
  public var hardwareAddress: String
  /// The segment of the switch that its wire is plugged into.
  public var segment: String
  /// The router's address on that segment; `nil` where there is no router.
  public var gateway: String?

  /// A host's place.
  public init(host: String, address: String, hardwareAddress: String, segment: String, gateway: String? = nil) {
    self.host = host
    self.address = address
    self.hardwareAddress = hardwareAddress
    self.segment = segment
    self.gateway = gateway
  }

  init(_ place: Place) {
    self.init(
      host: place.host,
      address: place.address,
      hardwareAddress: place.hardwareAddress,
      segment: place.segment,
      gateway: place.gateway
    )
  }
}
