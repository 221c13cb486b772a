internal import LabScript
internal import Timeline

extension TextView {
  /// What is shown before the first event: the puzzle, and on what it is tried.
  func head(_ beginning: Beginning) -> [String] {
    let title = script.title.isEmpty ? beginning.lab : "\(beginning.lab): \(script.title)"
    var lines = wrapped(title, indent: 0).map { Tint.heading.paint($0, options) }
    if !script.question.isEmpty { lines += [""] + wrapped(script.question, indent: 2) }
    lines.append("")
    let over = script.family == .ipv6 ? " over \(script.family.rawValue)" : ""
    lines += field(
      "network",
      "\(script.network.rawValue)\(over): " + script.hosts.map { "\($0.name) \($0.address)" }.joined(separator: ", ")
    )
    if let box = script.middlebox { lines += field("box", box.text) }
    for preparation in script.preparations { lines += field("prepare", "on \(preparation.text)") }
    for peer in script.peers {
      let user = peer.isUnprivileged ? " as user" : ""
      lines += field("peer", "\(peer.name) on \(peer.host)\(user): \(peer.commandText)")
    }
    let changed = script.parameters.filter { $0.value != $0.defaultValue }
    for parameter in changed {
      lines += field("with", "\(parameter.name)=\(parameter.value), the lab's own value is \(parameter.defaultValue)")
    }
    for setting in script.sysctls {
      lines += field("sysctl", "\(setting.name)=\(setting.value)\(setting.host.map { " on \($0)" } ?? "")")
    }
    let kernel = "Linux \(beginning.kernel), HZ \(beginning.hz)"
    lines += field(
      "kernel",
      beginning.clock == Beginning.virtualClock
        ? "virtual time, \(kernel)" : "\(kernel); times are seconds of \(beginning.clock)"
    )
    lines.append("")
    return lines
  }

  private func wrapped(_ text: String, indent: Int) -> [String] { paragraphs(text, indent: indent, options) }

  /// A line of the head: a word in front, the rest beside it.
  private func field(_ name: String, _ text: String) -> [String] {
    let parts = text.printable.wrapped(to: options.width - 11)
    return parts.enumerated().map { index, part in
      let word = index == 0 ? name.padded(to: 9) : String(repeating: " ", count: 9)
      return "  " + Tint.faint.paint(word, options) + part
    }
  }
}

/// A text of the script in lines that fit: its own line ends are kept.
func paragraphs(_ text: String, indent: Int, _ options: TextOptions) -> [String] {
  let blanks = String(repeating: " ", count: indent)
  return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
    String(line).printable.wrapped(to: options.width - indent).map { (blanks + $0).trimmedAtEnd }
  }
}
