internal import Timeline

// Kernel settings: `sysctl tcp_retries2 = 5`.

extension Reader {
  mutating func readSysctl(_ statement: Statement) throws(Mistake) {
    var words = try words(of: statement, .assignment)
    let form = Vocabulary.form(of: "sysctl")
    var host: String?
    if words.accept("on") { host = try self.host(words.require("the host", help: form)) }
    let word = try words.require("the setting's name", help: form)
    let name = try kernelSetting(word)
    try words.require(word: "=", help: form)
    var values: [Word] = []
    while let value = words.take() { values.append(value) }
    guard let first = values.first else { throw Mistake(words.end, "the value is missing", help: form) }
    if let kind = KernelSettingTable.kind(of: String(name.dropFirst("net.ipv4.".count))), name.hasPrefix("net.ipv4.") {
      try check(values, against: kind, of: name)
    }
    let text = values.map(\.text).joined(separator: " ")
    guard !text.contains("\n") else { throw Mistake(first.place, "a kernel setting is one line") }
    if let earlier = script.sysctls.first(where: { $0.name == name && $0.host == host }) {
      throw Mistake(
        word.place,
        "\(word.quoted) is already set to \(earlier.value) in line \(earlier.line)",
        help: "keep one of them"
      )
    }
    script.sysctls.append(SysctlSetting(name: name, value: text, host: host, line: statement.line))
  }

  /// The full name of a kernel setting.
  private func kernelSetting(_ word: Word) throws(Mistake) -> String {
    let text = word.text
    guard !text.contains("/") else {
      let dotted = text.split(separator: "/").joined(separator: ".")
      throw Mistake(word.place, "\(word.quoted) is a path", help: "write it with dots: \(dotted)")
    }
    let isTCP = text.hasPrefix("tcp_") || !text.contains(".")
    let name = isTCP ? "net.ipv4." + text : text
    guard name.hasPrefix("net.") else {
      throw Mistake(
        word.place,
        "\(word.quoted) is not a setting of the network",
        help: "only net.* belongs to a host; all else is the whole machine's, and a lab leaves that alone"
      )
    }
    let components = name.split(separator: ".", omittingEmptySubsequences: false)
    let isGood = components.allSatisfy { component in
      !component.isEmpty
        && component.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }
    }
    guard isGood, components.count >= 3 else {
      throw Mistake(
        word.place,
        "\(word.quoted) is no name of a kernel setting",
        help: "write for instance: tcp_retries2 or net.core.somaxconn"
      )
    }
    let short = String(components[2])
    guard components.count == 3, components[1] == "ipv4", isTCP || short.hasPrefix("tcp_") else { return name }
    if KernelSettingTable.wholeMachine.contains(short) {
      throw Mistake(
        word.place,
        "\(word.quoted) is one for the whole machine, not for each host",
        help: "a lab leaves it alone"
      )
    }
    guard KernelSettingTable.kind(of: short) != nil else {
      let near = Spelling.nearest(to: short, in: KernelSettingTable.names)
      throw Mistake(
        word.place,
        "Linux has no setting \(word.quoted)",
        help: near.map { "did you mean '\($0)'?" } ?? "tcp_* are listed in Documentation/networking/ip-sysctl.rst"
      )
    }
    return name
  }

  private func check(_ values: [Word], against kind: KernelSettingTable.Kind, of name: String) throws(Mistake) {
    let short = name.dropFirst("net.ipv4.".count)
    func single() throws(Mistake) -> Word {
      if values.count > 1 { throw Mistake(values[1].place, "\(short) takes one value") }
      return values[0]
    }
    switch kind {
    case .word: _ = try single()
    case .sizes:
      guard values.count == 3, values.allSatisfy({ Int64($0.text).map { $0 > 0 } ?? false }) else {
        throw Mistake(
          values[0].place,
          "\(short) takes three sizes in bytes: least, default, most",
          help: "write for instance: \(short) = 4096 131072 6291456"
        )
      }
    case .number(let range, let unit):
      let value = try single()
      let bounds = "it goes from \(range.lowerBound) to \(range.upperBound)\(unit.map { " " + $0 } ?? "")"
      guard let number = Int64(value.text) else {
        let isDuration = (try? Duration(text: value.text)) != nil
        throw Mistake(
          value.place,
          "\(short) takes a number, and \(value.quoted) is none",
          help: isDuration ? unit.map { "the kernel counts it in \($0): write the bare number" } ?? bounds : bounds
        )
      }
      guard range.contains(number) else {
        throw Mistake(
          value.place,
          "\(value.quoted) is out of the range of \(short)",
          help: bounds
        )
      }
    }
  }
}
