/// What a kernel's configuration file says, as far as a laboratory asks.
enum KernelConfiguration {
  /// Timer interrupts a second, `CONFIG_HZ`; `nil` if the text does not say.
  static func hz(in text: [UInt8]) -> Int? {
    let prefix = Array("CONFIG_HZ=".utf8)
    for line in text.split(separator: UInt8(ascii: "\n")) where line.starts(with: prefix) {
      let value = String(decoding: line.dropFirst(prefix.count), as: UTF8.self)
      if let hz = Int(value), (1...10_000).contains(hz) { return hz }
    }
    return nil
  }
}
