import CommandLine

extension Settings {
  /// Takes host and port, and refuses what contradicts itself or would have no effect.
  mutating func take(operands: [String]) throws(UsageError) {
    if listens {
      switch (port.isEmpty, operands.count) {
      case (true, 0): throw UsageError("which port? Write 'dnc -l PORT' or 'dnc -l -p PORT'")
      case (true, 1): port = operands[0]
      case (false, 0): break
      case (true, _):
        throw UsageError("too many operands: '\(operands[1])'; with -l write one PORT, and --bind for an address")
      case (false, _): throw UsageError("the port is given twice: '-p \(port)' and '\(operands[0])'")
      }
    } else {
      guard port.isEmpty else {
        throw UsageError("option '-p' needs '-l': it is the port to listen on; to connect, write 'dnc HOST PORT'")
      }
      guard operands.count >= 2 else {
        throw UsageError(operands.isEmpty ? "which HOST and PORT?" : "which PORT on '\(operands[0])'?")
      }
      guard operands.count == 2 else { throw UsageError("too many operands: '\(operands[2])'") }
      (host, port) = (operands[0], operands[1])
      if host?.isEmpty == true { throw UsageError("HOST is empty") }
    }
    try checkPort()
    try checkCombinations()
  }

  private func checkPort() throws(UsageError) {
    let isNumber = port.utf8.allSatisfy { (0x30...0x39).contains($0) }
    let range: ClosedRange<UInt16> = listens ? 0...65535 : 1...65535
    guard isNumber || numericOnly else { return }
    do throws(InvalidValue) {
      _ = try wholeNumber(port, "a port", in: range)
    } catch {
      throw UsageError(error.reason)
    }
  }

  private func checkCombinations() throws(UsageError) {
    let contradictions: [(Bool, String, String)] = [
      (onlyIPv4 && onlyIPv6, "-4", "-6"), (isQuiet && isRepl, "--quiet", "--repl"),
      (isQuiet && timestamps != nil, "--quiet", "--timestamps"), (isRepl && !usesPoll, "--repl", "--no-poll"),
      (isRepl && timestamps != nil, "--repl", "--timestamps"),
      (isRepl && closesOnEndOfStream, "--repl", "--close-on-eof"),
    ]
    if let (_, first, second) = contradictions.first(where: { $0.0 }) {
      throw UsageError("options '\(first)' and '\(second)' exclude each other")
    }
    if !listens, backlog != nil { throw UsageError("option '--backlog' needs '-l'") }
    if !listens, deferAccept != nil { throw UsageError("option '--defer-accept' needs '-l'") }
  }
}
