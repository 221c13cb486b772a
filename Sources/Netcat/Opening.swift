import Sockets
import Timeline

/// Makes the connection that the command line asks for.
struct Opening {
  var settings: Settings
  let events: EventWriter
  let log: Log

  var setup: SocketSetup { SocketSetup(settings: settings, events: events) }

  /// Connects to the host, trying its addresses in turn until one answers.
  func connect() throws(Failure) -> TCPSocket {
    try log("establishing connection")
    let addresses = try resolve(host: settings.host, port: settings.port)
    for address in addresses.dropLast() {
      do throws(Failure) {
        return try connect(to: address)
      } catch {
        guard case .connection(_, let errno) = error else { throw error }
        try log("\(address): \(errno.name), trying the next address")
      }
    }
    guard let last = addresses.last else { throw .connection(call: "connect", .noAddress) }
    return try connect(to: last)
  }

  private func connect(to address: SocketAddress) throws(Failure) -> TCPSocket {
    let socket = try makeSocket(for: address)
    try connect(socket, to: address)
    try log("connected")
    return socket
  }

  /// Makes a socket, sets its options, and gives it its own address if one was asked for.
  func makeSocket(for address: SocketAddress) throws(Failure) -> TCPSocket {
    let socket = try makeSocket(address.family, as: .socket)
    try setup.prepare(socket, as: .socket)
    try setup.configure(socket)
    if let own = settings.bindAddress {
      let addresses = try resolve(host: own, port: "0", family: address.family)
      guard let first = addresses.first else { throw .connection(call: "bind", .noAddress) }
      try bind(socket, to: first, as: .socket)
    }
    return socket
  }

  /// Connects one socket to one address.
  func connect(_ socket: borrowing TCPSocket, to address: SocketAddress) throws(Failure) {
    do throws(SystemError) {
      try events.call("connect", of: .socket, detail: address.description, blocks: true) { () throws(SystemError) in
        try socket.connect(to: address)
      }
    } catch {
      throw .connection(call: "connect", error.errno)
    }
  }

  /// Listens on the port; the caller keeps the listener for as long as the port is to stay taken.
  func listen() throws(Failure) -> TCPSocket {
    let addresses = try resolve(host: settings.bindAddress, port: settings.port)
    for address in addresses.dropLast() {
      do throws(Failure) {
        return try listen(on: address)
      } catch {
        // An address of a family that this machine has not, such as ::, is not the only one to listen on.
        guard case .system(let reason) = error, reason.errno == .familyNotSupported else { throw error }
      }
    }
    guard let last = addresses.last else { throw .connection(call: "bind", .noAddress) }
    return try listen(on: last)
  }

  private func listen(on address: SocketAddress) throws(Failure) -> TCPSocket {
    let listener = try makeSocket(address.family, as: .listener)
    // Otherwise a connection in TIME_WAIT would keep the port for a minute.
    try setup.set(.reuseAddress, true, "on", listener, .listener)
    try setup.prepare(listener, as: .listener)
    try bind(listener, to: address, as: .listener)
    let backlog = settings.backlog ?? Settings.defaultBacklog
    let own = listener.localAddress ?? address
    do throws(SystemError) {
      try events.call("listen", of: .listener, detail: "\(own), backlog \(backlog)") { () throws(SystemError) in
        try listener.listen(backlog: backlog)
      }
    } catch {
      throw .system(error)
    }
    setup.checkBacklog(of: listener)
    if address.port == 0 { try log("the kernel chose \(own)") }
    try log("listening")
    return listener
  }

  /// Takes the first connection.
  func accept(from listener: borrowing TCPSocket) throws(Failure) -> TCPSocket {
    let socket: TCPSocket
    do throws(SystemError) {
      socket = try events.call(
        "accept",
        of: .listener,
        blocks: true,
        result: { (Int64($0.rawValue), "from \($0.peerAddress?.description ?? "a peer that is gone")") }
      ) { () throws(SystemError) in try listener.accept() }
    } catch {
      throw .connection(call: "accept", error.errno)
    }
    try setup.configure(socket)
    return socket
  }

  private func makeSocket(_ family: SocketAddress.Family, as subject: SystemCall.Subject) throws(Failure) -> TCPSocket {
    do throws(SystemError) {
      return try events.call(
        "socket",
        of: subject,
        detail: family == .ipv4 ? "AF_INET" : "AF_INET6",
        result: { (Int64($0.rawValue), nil) }
      ) { () throws(SystemError) in try TCPSocket(family) }
    } catch {
      throw .system(error)
    }
  }

  private func bind(
    _ socket: borrowing TCPSocket,
    to address: SocketAddress,
    as subject: SystemCall.Subject
  ) throws(Failure) {
    do throws(SystemError) {
      try events.call("bind", of: subject, detail: address.description) { () throws(SystemError) in
        try socket.bind(to: address)
      }
    } catch {
      throw .system(error)
    }
  }

  func resolve(
    host: String?,
    port: String,
    family: SocketAddress.Family? = nil
  ) throws(Failure) -> [SocketAddress] {
    do throws(ResolutionError) {
      return try SocketAddress.resolve(
        host: host,
        port: port,
        family: family ?? settings.family,
        numericOnly: settings.numericOnly
      )
    } catch {
      throw .resolution(error)
    }
  }
}
