/// A descriptor as `strace -yy` writes it: `3<TCP:[10.88.88.139:36852->10.88.88.140:8080]>`.
struct Descriptor {
  /// What it refers to.
  enum Target: Hashable {
    /// A TCP socket, with what strace says in the brackets: its addresses, its one address, or its inode's number.
    case tcp(String)
    /// Anything else.
    case other
  }

  /// Its number.
  var number: Int64
  /// What it refers to.
  var target: Target
  /// How many bytes it takes in the text.
  var length: Int

  /// Reads the descriptor at the beginning of `text`; `nil` if none stands there that strace has described.
  ///
  /// A bare number is a descriptor that is not open.
  init?(_ text: Bytes) {
    var rest = text
    guard let number = rest.takeInteger(), rest.first == UInt8(ascii: "<") else { return nil }
    let end = rest.endOfDescription(from: rest.startIndex)
    guard rest[end] == UInt8(ascii: ">"), end > rest.startIndex else { return nil }
    self.number = number
    length = end + 1 - text.startIndex
    var description = rest[(rest.startIndex + 1)..<end]
    let isTCP = description.take("TCP:") || description.take("TCPv6:") || description.take("socket:")
    target = isTCP ? description.within("[", "]").map { .tcp($0.text) } ?? .other : .other
  }

  /// The far end of a connection: `10.88.88.140:8080`.
  var remote: String? {
    guard case .tcp(let addresses) = target else { return nil }
    let ends = addresses.split(separator: ">", omittingEmptySubsequences: false)
    return ends.count == 2 && ends[0].hasSuffix("-") ? String(ends[1]) : nil
  }
}

extension Bytes {
  /// The address in a `struct sockaddr`: `10.88.88.140:8080`, `[::1]:8080`; `nil` if it is of another family.
  ///
  /// `{sa_family=AF_INET, sin_port=htons(8080), sin_addr=inet_addr("10.88.88.140")}`
  var socketAddress: String? {
    guard let port = between("_port=htons(", ")") else { return nil }
    if let address = between("inet_addr(\"", "\")") { return "\(address):\(port)" }
    if let address = between("inet_pton(AF_INET6, \"", "\"") { return "[\(address)]:\(port)" }
    return nil
  }

  /// What stands between the first `start` and the next `end`.
  func between(_ start: String, _ end: String) -> String? {
    guard let first = firstRange(of: start), let last = self[first.upperBound...].firstRange(of: end) else {
      return nil
    }
    return self[first.upperBound..<last.lowerBound].text
  }
}
