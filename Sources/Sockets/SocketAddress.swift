internal import CLinux
internal import Glibc

/// An IPv4 or IPv6 address with a port.
///
/// See ip(7), ipv6(7).
public struct SocketAddress: Hashable, Sendable, CustomStringConvertible {
  /// Which Internet protocol an address belongs to.
  public enum Family: Hashable, Sendable {
    /// The corresponding C constant is `AF_INET`.
    case ipv4
    /// The corresponding C constant is `AF_INET6`.
    case ipv6

    var number: CInt { self == .ipv4 ? AF_INET : AF_INET6 }
  }

  /// A `struct sockaddr_in` or `sockaddr_in6`, as the kernel takes and gives it.
  let bytes: [UInt8]

  /// The address in a `struct sockaddr`; `nil` for a family that is neither IPv4 nor IPv6.
  init?(bytes: [UInt8]) {
    guard bytes.count >= 4 else { return nil }
    let number = CInt(bytes[0]) | CInt(bytes[1]) << 8
    guard number == AF_INET && bytes.count >= 16 || number == AF_INET6 && bytes.count >= 28 else { return nil }
    self.bytes = bytes
  }

  /// The address's family.
  public var family: Family { CInt(bytes[0]) == AF_INET ? .ipv4 : .ipv6 }

  /// The port.
  public var port: UInt16 { UInt16(bytes[2]) << 8 | UInt16(bytes[3]) }

  /// The address without the port: `10.88.88.140`, `::1`, `fe80::1%eth0`.
  public var host: String {
    var name = [CChar](repeating: 0, count: 128)
    let failed = unsafe withSockAddr { (address, length) in
      unsafe getnameinfo(address, length, &name, socklen_t(name.count), nil, 0, NI_NUMERICHOST)
    }
    guard failed == 0 else { return "?" }
    return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Address and port: `10.88.88.140:8080`, `[::1]:8080`.
  public var description: String {
    family == .ipv4 ? "\(host):\(port)" : "[\(host)]:\(port)"
  }

  /// Lends the address to a C function.
  func withSockAddr<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    var storage = sockaddr_storage()
    return unsafe withUnsafeMutableBytes(of: &storage) { raw in
      unsafe raw.copyBytes(from: bytes)
      let address = unsafe raw.baseAddress?.assumingMemoryBound(to: sockaddr.self)
      guard let address = unsafe address else { preconditionFailure("a sockaddr_storage has no address") }
      return unsafe body(address, socklen_t(bytes.count))
    }
  }

  /// The address that `call` writes into the buffer it is given; `nil` when it fails or writes another family's.
  static func filled(by call: (UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> CInt)
    -> SocketAddress?
  {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    return unsafe withUnsafeMutableBytes(of: &storage) { raw in
      guard let address = unsafe raw.baseAddress?.assumingMemoryBound(to: sockaddr.self),
        unsafe call(address, &length) != -1
      else { return nil }
      return SocketAddress(bytes: unsafe Array(raw.prefix(Int(length))))
    }
  }
}

/// Why a name or a port has no address.
///
/// See getaddrinfo(3).
public struct ResolutionError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was looked up.
  public let subject: String
  /// The resolver's sentence, such as `Name or service not known`.
  public let reason: String

  /// What was looked up and the reason: `kodos: Name or service not known`.
  public var description: String { "\(subject): \(reason)" }
}

extension SocketAddress {
  /// The addresses of `host` in the order in which they should be tried; without a host those to listen on, of the
  /// families in which this machine has addresses itself (`AI_ADDRCONFIG`).
  ///
  /// `port` is a number or the name of a service. With `numericOnly` neither names nor services are looked up.
  public static func resolve(
    host: String?,
    port: String,
    family: Family? = nil,
    numericOnly: Bool = false
  ) throws(ResolutionError) -> [SocketAddress] {
    // getaddrinfo takes a number modulo 65536, and blames the host for what it dislikes of the port.
    let isNumber = !port.isEmpty && port.utf8.allSatisfy { (0x30...0x39).contains($0) }
    if isNumber ? UInt16(port) == nil : numericOnly || port.isEmpty {
      throw ResolutionError(subject: "port \(port)", reason: "not a number from 0 to 65535")
    }
    var hints = unsafe addrinfo()
    unsafe hints.ai_family = family?.number ?? AF_UNSPEC
    unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    unsafe hints.ai_flags =
      (numericOnly ? AI_NUMERICHOST | AI_NUMERICSERV : 0) | (host == nil ? AI_PASSIVE | AI_ADDRCONFIG : 0)
    var list: UnsafeMutablePointer<addrinfo>?
    let code = unsafe getaddrinfo(host, port, &hints, &list)
    guard code == 0 else {
      let reason = code == EAI_SYSTEM ? Errno.last.text : unsafe String(cString: gai_strerror(code))
      throw ResolutionError(subject: code == EAI_SERVICE ? "port \(port)" : host ?? "port \(port)", reason: reason)
    }
    defer { unsafe freeaddrinfo(list) }
    var addresses: [SocketAddress] = []
    var next = unsafe list
    while let entry = unsafe next {
      let bytes = unsafe UnsafeRawBufferPointer(start: entry.pointee.ai_addr, count: Int(entry.pointee.ai_addrlen))
      if let address = SocketAddress(bytes: unsafe Array(bytes)), !addresses.contains(address) {
        addresses.append(address)
      }
      unsafe next = entry.pointee.ai_next
    }
    return addresses
  }
}
