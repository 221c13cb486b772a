internal import LabScript
internal import Timeline

// The story as a ladder of characters, one line an event, as it grows in a terminal: a lifeline for each host, what its
// programs do beside it, packets as arrows between the lifelines, lost ones with a cross where they died.

extension TextView {
  /// Where the hosts' lifelines are.
  struct Lifelines: Sendable {
    /// The column of each host's lifeline, in the script's order.
    var columns: [Int]
    /// The columns of a line.
    var width: Int

    /// Where time ends and the first lane begins.
    static let start = 10
    /// The fewest columns from one lifeline to the next.
    private static let narrowest = 20

    /// The lifelines of so many hosts; `nil` where they do not fit, or there is no ladder with fewer than two.
    init?(hosts: Int, width: Int) {
      guard hosts >= 2 else { return nil }
      self.width = width
      let room = width - Lifelines.start
      if hosts == 2 {
        let wire = max(22, min(34, room * 3 / 10))
        let text = (room - wire - 2) / 2
        columns = [Lifelines.start + text, Lifelines.start + text + wire + 1]
        return
      }
      let text = room / (hosts + 1)
      let step = (room - text) / hosts
      guard step >= Lifelines.narrowest else { return nil }
      columns = (0..<hosts).map { Lifelines.start + text + $0 * step }
    }
  }

  /// The lines that an event adds to the ladder.
  mutating func ladderLines(
    for event: Event,
    before: SocketSample?,
    isSuccessor: Bool,
    on lifelines: Lifelines
  ) -> [String] {
    if case .call = event.body, let peer = event.peer { callers.insert(peer) }
    if repeatsCalls(event) { return [] }
    let packet: PacketSample? = if case .packet(let packet) = event.body { packet } else { nil }
    var canvas = TextCanvas(width: lifelines.width)
    drawLifelines(&canvas, lifelines)
    if let packet {
      guard shows(packet), draw(packet, of: event, &canvas, lifelines) else { return [] }
    } else {
      guard let row = row(for: event, before: before, isSuccessor: isSuccessor) else { return [] }
      draw(row, of: event, before: before, &canvas, lifelines)
    }
    canvas.put((event.time - .zero).seconds(digits: 3).aligned(to: Lifelines.start - 2), at: 0, .faint)
    defer { lastRow = event.time }
    return gapLine(before: event.time, lifelines) + [canvas.line(options)]
  }

  /// The line that names the hosts above their lifelines.
  func ladderHead(_ lifelines: Lifelines) -> [String] {
    var canvas = TextCanvas(width: lifelines.width)
    for (index, host) in script.hosts.enumerated() where index < lifelines.columns.count {
      let name = "\(host.name) \(host.address)".cut(to: lifelines.columns[0] - Lifelines.start)
      let column = lifelines.columns[index]
      canvas.put(name, at: index == 0 ? column - 1 - name.columns : column + 2, .heading)
      canvas.put("┬", at: column, .faint)
    }
    return [canvas.line(options)]
  }

  /// A line that says how long nothing happened, where that was long.
  private func gapLine(before time: Moment, _ lifelines: Lifelines) -> [String] {
    guard let lastRow, time - lastRow >= .seconds(1) else { return [] }
    var canvas = TextCanvas(width: lifelines.width)
    drawLifelines(&canvas, lifelines)
    let text = " \((time - lastRow).text) "
    let middle = (lifelines.columns[0] + lifelines.columns[1]) / 2
    canvas.put("┄┄" + text + "┄┄", at: middle - (text.columns + 4) / 2, .faint)
    return [canvas.line(options)]
  }

  /// Every host's lifeline: heavy while it has a connection, in the colour of its state.
  private func drawLifelines(_ canvas: inout TextCanvas, _ lifelines: Lifelines) {
    for (host, column) in zip(script.hosts, lifelines.columns) {
      let connection = table.entries.last { $0.host == host.name && $0.sample.isConnection }
      let tint: Tint =
        switch connection?.sample.state {
        case nil: .faint
        case .established: .success
        default: .deed
        }
      canvas.put(connection == nil ? "│" : "┃", at: column, tint)
    }
  }

  /// A question of ARP that is answered is no part of the story.
  private func shows(_ packet: PacketSample) -> Bool {
    packet.flags != nil || packet.fate == .lost || packet.carried != "ARP" || options.verbosity >= .details
  }

  /// Draws a row that is no packet: across all lanes, or beside its host's lifeline.
  private func draw(
    _ row: Row,
    of event: Event,
    before: SocketSample?,
    _ canvas: inout TextCanvas,
    _ lifelines: Lifelines
  ) {
    let room = lifelines.width - Lifelines.start
    var text = row.text.printable
    if let sample = event.sample {
      text = stateWords(sample, event, before: before) ?? text
    } else if let peer = event.peer, isCrowded(peer) {
      text = "\(peer.printable): \(text)"
    }
    let isAcross: Bool =
      switch event.body {
      case .fault, .step, .waiting, .settled, .note, .late, .end, .command, .other: true
      default: false
      }
    let lane = script.hosts.firstIndex { $0.name == event.host }
    guard let lane, lane < lifelines.columns.count, !isAcross else {
      let cut = text.cut(to: room)
      canvas.put(cut, at: Lifelines.start + (room - cut.columns) / 2, row.tint)
      return
    }
    let cut = text.cut(to: room)
    let column = lifelines.columns[lane]
    // A text that is too long for its lane goes on over the wires: a line is one event's alone.
    let start = lane == 0 ? column - 1 - cut.columns : min(column + 2, lifelines.width - cut.columns)
    canvas.put(cut, at: max(Lifelines.start, start), row.tint)
  }

  /// What became of a socket, without its addresses: its lane says whose it is.
  private func stateWords(_ sample: SocketSample, _ event: Event, before: SocketSample?) -> String? {
    guard options.verbosity == .story else { return nil }
    let port = sample.state == .listen ? " \(sample.ports)" : ""
    if case .socketGone = event.body {
      let tried = (before ?? sample).unansweredWords.map { ", after \($0)" } ?? ""
      return "\(sample.state.name)\(port) → gone\(tried)"
    }
    return before?.state == sample.state ? nil : sample.state.name + port
  }

  /// Whether an output only tells the system calls again: dnc logs each of its own.
  private func repeatsCalls(_ event: Event) -> Bool {
    guard case .output(.stdout, _) = event.body, let peer = event.peer else { return false }
    return options.verbosity == .story && callers.contains(peer)
  }

  private func isCrowded(_ peer: String) -> Bool {
    let host = script.peers.first { $0.name == peer }?.host
    return script.peers.filter { $0.host == host }.count > 1
  }

  /// Draws a packet's arrow; returns false where it has no host to come from or to go to.
  private func draw(
    _ packet: PacketSample,
    of event: Event,
    _ canvas: inout TextCanvas,
    _ lifelines: Lifelines
  ) -> Bool {
    guard let own = script.hosts.firstIndex(where: { $0.name == event.host }), own < lifelines.columns.count else {
      return false
    }
    let address = packet.direction == .out ? packet.destination : packet.source
    let other = script.hosts.firstIndex { host in
      address == host.address || address.hasPrefix(host.address + ":") || address.hasPrefix("[\(host.address)]:")
    }
    let beside = own + 1 < lifelines.columns.count ? own + 1 : own - 1
    let middle = (lifelines.columns[own] + lifelines.columns[beside]) / 2
    let far = other.flatMap { $0 < lifelines.columns.count && $0 != own ? lifelines.columns[$0] : nil } ?? middle
    let (from, to) =
      packet.direction == .out ? (lifelines.columns[own], far) : (far, lifelines.columns[own])
    drawArrow(packet, from: from, to: to, &canvas)
    return true
  }

  private func drawArrow(_ packet: PacketSample, from: Int, to: Int, _ canvas: inout TextCanvas) {
    let isLost = packet.fate == .lost
    let goesRight = from < to
    let (low, high) = (min(from, to) + 1, max(from, to) - 1)
    let tint: Tint = isLost ? .failure : .plain
    var (first, last) = (low, high)
    if isLost {
      let length = high - low + 1
      let way = max(2, length * min(packet.seen.count, 3) / 4)
      if goesRight { last = low + way - 1 } else { first = high - way + 1 }
    }
    canvas.put(String(repeating: "─", count: max(0, last - first + 1)), at: first, tint)
    canvas.put(isLost ? "✗" : goesRight ? "▶" : "◀", at: goesRight ? last : first, tint)
    let label = " \(words(of: packet)) ".printable
    if isLost {
      // Over the way that it did not go there is room for what it was.
      let text = label.cut(to: max(8, high - low))
      let start =
        goesRight ? max(low + 1, min(last + 1, high + 1 - text.columns)) : max(low, min(first - text.columns, high))
      canvas.put(text, at: goesRight ? start : max(low, first - text.columns), tint)
      return
    }
    let text = label.cut(to: max(4, high - low - 2))
    canvas.put(text, at: low + (high - low + 1 - text.columns) / 2, tint)
  }

  /// A packet in a few words.
  private func words(of packet: PacketSample) -> String {
    guard packet.flags != nil else { return [packet.carried, packet.text ?? ""].joined(separator: " ") }
    return packet.meaning ?? packet.flags ?? packet.carried
  }
}

/// A line of a terminal, column by column.
struct TextCanvas {
  private var cells: [(text: String, tint: Tint)]

  /// An empty line.
  init(width: Int) { cells = Array(repeating: (" ", .plain), count: max(1, width)) }

  /// Writes a text from a column on; what does not fit is left out.
  mutating func put(_ text: String, at start: Int, _ tint: Tint) {
    var column = start
    for scalar in text.unicodeScalars {
      let columns = scalar.columns
      if columns == 0 {
        if cells.indices.contains(column - 1) { cells[column - 1].text.unicodeScalars.append(scalar) }
        continue
      }
      guard column >= 0, column + columns <= cells.count else {
        column += columns
        continue
      }
      cells[column] = (String(scalar), tint)
      // The second column of a wide character is its own.
      if columns == 2 { cells[column + 1] = ("", tint) }
      column += columns
    }
  }

  /// The line, without blanks at its end.
  func line(_ options: TextOptions) -> String {
    var out = ""
    var run = (text: "", tint: Tint.plain)
    let last = cells.lastIndex { $0.text != " " } ?? -1
    for cell in cells.prefix(last + 1) {
      // A blank needs no colour of its own.
      if cell.tint != run.tint, cell.text != " " {
        out += run.tint.paint(run.text, options)
        run = ("", cell.tint)
      }
      run.text += cell.text
    }
    return out + run.tint.paint(run.text, options)
  }
}
