/// What is known of every host's sockets at one moment of a timeline: the last sample of each that is not gone.
public struct SocketTable: Sendable {
  /// One socket.
  public struct Entry: Hashable, Sendable {
    /// The host whose kernel holds it.
    public var host: String
    /// When it was sampled last.
    public var time: Moment
    /// What the sample said.
    public var sample: SocketSample
  }

  /// The sockets, in the order in which they appeared.
  public private(set) var entries: [Entry] = []
  /// The numbers of the entries, in the same order: they rise, and stay when entries before them are removed.
  private var numbers: [Int] = []
  private var nextNumber = 0
  /// The numbers of the entries, by the host and the socket's cookie, and by the host and both addresses.
  private var names: [Name: Int] = [:]

  private enum Name: Hashable {
    case cookie(host: String, Int64)
    case ends(host: String, String)
  }

  /// A table before the first event.
  public init() {}

  /// Takes note of an event, and returns what was known of its socket before.
  ///
  /// Only `socket`, `gone` and `state` change the table. A state keeps what was sampled besides, and when; that of a socket
  /// which is closed leaves it as it was, since a small socket may take its place: `gone` tells if none does.
  @discardableResult public mutating func apply(_ event: Event) -> Entry? {
    let host = event.host ?? ""
    switch event.body {
    case .socket(let sample):
      let entry = Entry(host: host, time: event.time, sample: sample)
      guard let index = index(of: sample, on: host) else {
        append(entry)
        return nil
      }
      return replace(index, by: entry)
    case .socketGone(let sample): return index(of: sample, on: host).map { remove($0) }
    case .stateChange(let change) where change.to != .closed:
      guard let index = place(of: .ends(host: host, change.ends)) else {
        let sample = SocketSample(cookie: 0, local: change.local, remote: change.remote, state: change.to)
        append(Entry(host: host, time: event.time, sample: sample))
        return nil
      }
      defer { entries[index].sample.state = change.to }
      return entries[index]
    default: return nil
    }
  }

  /// The place of the socket's entry: by its cookie, or by its addresses, since a connection that goes to TIME_WAIT is
  /// held by another socket from then on, which may have another cookie.
  private func index(of sample: SocketSample, on host: String) -> Int? {
    let byCookie = sample.cookie == 0 ? nil : place(of: .cookie(host: host, sample.cookie))
    return byCookie ?? place(of: .ends(host: host, sample.ends))
  }

  private func place(of name: Name) -> Int? {
    guard let number = names[name] else { return nil }
    var (low, high) = (0, numbers.count)
    while low < high {
      let middle = (low + high) / 2
      if numbers[middle] < number { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func append(_ entry: Entry) {
    entries.append(entry)
    numbers.append(nextNumber)
    nextNumber += 1
    name(entries.count - 1)
  }

  private mutating func replace(_ index: Int, by entry: Entry) -> Entry {
    let old = entries[index]
    if old.sample.cookie != entry.sample.cookie || old.sample.ends != entry.sample.ends { forget(index) }
    entries[index] = entry
    name(index)
    return old
  }

  private mutating func remove(_ index: Int) -> Entry {
    forget(index)
    numbers.remove(at: index)
    return entries.remove(at: index)
  }

  private mutating func name(_ index: Int) {
    let (host, sample) = (entries[index].host, entries[index].sample)
    // A socket that was only traced so far has no cookie.
    if sample.cookie != 0 { names[.cookie(host: host, sample.cookie)] = numbers[index] }
    names[.ends(host: host, sample.ends)] = numbers[index]
  }

  private mutating func forget(_ index: Int) {
    let (host, sample) = (entries[index].host, entries[index].sample)
    for name in [Name.cookie(host: host, sample.cookie), .ends(host: host, sample.ends)]
    where names[name] == numbers[index] {
      names[name] = nil
    }
  }
}

extension SocketSample {
  /// Both addresses: what a connection keeps when the kernel replaces its socket.
  public var ends: String { local + " " + remote }

  /// Whether this is a connection, or half of one: not a listener, and not closed.
  public var isConnection: Bool { state != .listen && state != .closed }

  /// Whether one of its ends has this port; every socket has the port `nil`.
  public func has(port: Int?) -> Bool {
    guard let port else { return true }
    return SocketSample.port(of: local) == port || SocketSample.port(of: remote) == port
  }

  /// Retransmissions of the segment at the head of the queue, tail loss probes not counted (`icsk_retransmits`).
  ///
  /// Where the sample holds no `tcp_info`, the timer's count says the same while the timer is `on`. Never negative.
  public var unansweredRetransmissions: Int {
    if let retransmits { return max(0, retransmits) }
    guard let timer, timer.kind == .retransmission else { return 0 }
    return max(0, timer.count)
  }
}
