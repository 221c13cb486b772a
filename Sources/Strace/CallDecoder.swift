internal import Timeline

/// Makes of calls as strace writes them calls as a timeline has them.
///
/// Only those on TCP sockets and on the program's own input and output are told; files, pipes, other kinds of sockets
/// and name servers are no part of the story.
struct CallDecoder {
  /// Sockets that were connected, by strace's description: it keeps describing one that was bound before by its own
  /// address alone, as it does a listening one.
  private var clients: Set<String> = []
  /// What `epoll_ctl` registered: the data that the program gave, and for which of its descriptors.
  private var watched: [String: SystemCall.Subject] = [:]

  /// The call, entered or returned; `nil` if it is not to be told.
  mutating func decode(_ text: CallText, entered: Bool = false) -> SystemCall? {
    let outcome = entered ? nil : text.outcome
    switch text.name {
    case "poll", "ppoll": return poll(text, outcome)
    case "select", "pselect6": return select(text, outcome)
    case "epoll_wait", "epoll_pwait", "epoll_pwait2": return epollWait(text, outcome)
    case "epoll_ctl":
      register(text)
      return nil
    case "socket": return socket(text, outcome)
    default: return callOnDescriptor(text, outcome)
    }
  }

  private func call(
    _ name: String,
    _ subject: SystemCall.Subject?,
    _ outcome: CallText.Outcome?,
    _ detail: String?
  ) -> SystemCall {
    SystemCall(
      name: name,
      phase: outcome == nil ? .enter : .exit,
      subject: subject,
      result: outcome?.value,
      errorName: outcome?.errorName,
      took: outcome?.took,
      detail: detail
    )
  }

  // MARK: Calls on one descriptor

  private mutating func callOnDescriptor(_ text: CallText, _ outcome: CallText.Outcome?) -> SystemCall? {
    if outcome?.errorName == "EBADF" { return callOnNothing(text, outcome) }
    let descriptors = text.arguments.compactMap { Descriptor($0) }
    // sendfile and splice have two, of which one is a socket.
    guard let descriptor = descriptors.first(where: { $0.target != .other }) ?? descriptors.first else { return nil }
    if text.name == "connect", case .tcp(let addresses) = descriptor.target { clients.insert(addresses) }
    guard var subject = subject(of: descriptor) else { return nil }
    if ["listen", "accept", "accept4"].contains(text.name) { subject = .listener }
    return call(text.name, subject, outcome, detail(of: text, outcome))
  }

  /// Reading from, or writing to, what is no open descriptor: netcat-openbsd reads from descriptor -1 when its connection
  /// is dead.
  ///
  /// Closing what is closed is common, and tells nothing.
  private func callOnNothing(_ text: CallText, _ outcome: CallText.Outcome?) -> SystemCall? {
    guard let number = text.argument(0)?.text, CallDecoder.transfers.contains(text.name) else { return nil }
    return call(text.name, nil, outcome, "descriptor \(number)")
  }

  /// Calls that read or write.
  private static let transfers: Set = [
    "read", "readv", "recvfrom", "recvmsg", "recvmmsg", "write", "writev", "sendto", "sendmsg", "sendmmsg",
  ]

  private func subject(of descriptor: Descriptor) -> SystemCall.Subject? {
    switch (descriptor.target, descriptor.number) {
    case (.tcp(let addresses), _):
      let hasAddress = addresses.contains(":")
      return hasAddress && descriptor.remote == nil && !clients.contains(addresses) ? .listener : .socket
    case (.other, 0): return .stdin
    case (.other, 1): return .stdout
    case (.other, _): return nil
    }
  }

  private func detail(of text: CallText, _ outcome: CallText.Outcome?) -> String? {
    switch text.name {
    case "connect", "bind": return text.argument(1)?.socketAddress
    case "accept", "accept4":
      return (outcome?.descriptor?.remote ?? text.argument(1)?.socketAddress).map { "from \($0)" }
    case "listen": return text.argument(1).map { "backlog \($0.text)" }
    case "shutdown": return text.argument(1)?.text
    case "setsockopt":
      let value = text.argument(3).map { ($0.within("[", "]") ?? $0).text }
      return [text.argument(2)?.text, value].compactMap { $0 }.joined(separator: " ")
    case "getsockopt":
      // The value is the kernel's, and there only once the call has returned.
      let value = outcome == nil ? nil : text.argument(3).flatMap { $0.within("[", "]")?.text }
      return [text.argument(2)?.text, value == "0" ? nil : value].compactMap { $0 }.joined(separator: " ")
    case "recvfrom", "sendto", "recv", "send": return flags(text.argument(3))
    case "recvmsg", "sendmsg": return flags(text.argument(2))
    default: return nil
    }
  }

  private func flags(_ argument: Bytes?) -> String? {
    guard let text = argument?.text, text.hasPrefix("MSG_") else { return nil }
    return text
  }

  private func socket(_ text: CallText, _ outcome: CallText.Outcome?) -> SystemCall? {
    guard let family = text.argument(0)?.text, family == "AF_INET" || family == "AF_INET6",
      text.argument(1)?.text.hasPrefix("SOCK_STREAM") == true
    else { return nil }
    return call(text.name, .socket, outcome, family)
  }

  // MARK: Calls on several descriptors

  /// Reads a line such as the following.
  ///
  /// `poll([{fd=0<pipe:[1]>, events=POLLIN}, …], 2, -1) = 1 ([{fd=3, revents=POLLIN}])`
  private func poll(_ text: CallText, _ outcome: CallText.Outcome?) -> SystemCall? {
    var entries: [(number: Int64, readiness: Readiness)] = []
    for element in elements(of: text.argument(0)) {
      guard let (field, flags) = pollEntry(element), let descriptor = Descriptor(field),
        let subject = subject(of: descriptor)
      else { continue }
      let index = entries.firstIndex { $0.number == descriptor.number } ?? entries.count
      if index == entries.count { entries.append((descriptor.number, Readiness(subject: subject))) }
      Readiness.add(Readiness.names(flags), to: &entries[index].readiness.asked)
    }
    for element in elements(of: outcome?.auxiliary.splitAtCommas().parts.first) {
      guard let (field, flags) = pollEntry(element), let number = Int64(field.text),
        let index = entries.firstIndex(where: { $0.number == number })
      else { continue }
      Readiness.add(Readiness.names(flags), to: &entries[index].readiness.said)
    }
    // A program's own output, and what it asks nothing about, is no part of the story until something is said of it.
    let told = entries.map(\.readiness).filter { !$0.said.isEmpty || $0.subject != .stdout && !$0.asked.isEmpty }
    guard !told.isEmpty else { return nil }
    let isAnswered = outcome != nil && outcome?.errorName == nil
    return call(text.name, nil, outcome, told.map { isAnswered ? $0.answer : $0.question }.joined(separator: ", "))
  }

  /// The elements of `[a, b]`.
  private func elements(of array: Bytes?) -> [Bytes] {
    guard let array, array.first == UInt8(ascii: "[") else { return [] }
    return array.dropFirst().splitAtCommas().parts
  }

  /// The descriptor and the events of `{fd=3<TCP:[…]>, events=POLLIN}`.
  private func pollEntry(_ element: Bytes) -> (descriptor: Bytes, events: String)? {
    guard element.first == UInt8(ascii: "{") else { return nil }
    let fields = element.dropFirst().splitAtCommas().parts
    guard fields.count == 2 else { return nil }
    var (descriptor, events) = (fields[0], fields[1])
    guard descriptor.take("fd="), events.take("events=") || events.take("revents=") else { return nil }
    return (descriptor, events.text)
  }

  /// Reads a line such as the following.
  ///
  /// `select(4, [0<pipe:[1]> 3<TCP:[…]>], [], NULL, NULL) = 1 (in [3])`
  private func select(_ text: CallText, _ outcome: CallText.Outcome?) -> SystemCall? {
    let words = ["readable", "writable", "exceptional"]
    var entries: [(number: Int64, readiness: Readiness)] = []
    for (index, word) in words.enumerated() {
      for descriptor in descriptors(in: text.argument(index + 1)) {
        guard let subject = subject(of: descriptor) else { continue }
        let place = entries.firstIndex { $0.number == descriptor.number } ?? entries.count
        if place == entries.count { entries.append((descriptor.number, Readiness(subject: subject))) }
        Readiness.add([word], to: &entries[place].readiness.asked)
      }
    }
    guard !entries.isEmpty else { return nil }
    let sets = outcome?.auxiliary.splitAtCommas().parts ?? []
    for (name, word) in zip(["in ", "out ", "except "], words) {
      guard let set = sets.first(where: { $0.starts(with: name.utf8) }) else { continue }
      let numbers = set.dropFirst(name.utf8.count).within("[", "]")?.text.split(separator: " ") ?? []
      for index in entries.indices where numbers.contains("\(entries[index].number)") {
        Readiness.add([word], to: &entries[index].readiness.said)
      }
    }
    let isAnswered = outcome != nil && outcome?.errorName == nil
    let told = entries.map(\.readiness).filter { isAnswered ? !$0.said.isEmpty : $0.subject != .stdout }
    let detail = told.map { isAnswered ? $0.selected : $0.selection }.joined(separator: ", ")
    return call(text.name, nil, outcome, detail.isEmpty ? nil : detail)
  }

  /// The descriptors of a set, `[0<pipe:[1]> 3<TCP:[…]>]`.
  private func descriptors(in set: Bytes?) -> [Descriptor] {
    guard var rest = set, rest.take("[") else { return [] }
    var found: [Descriptor] = []
    while !rest.isEmpty {
      if let descriptor = Descriptor(rest) {
        found.append(descriptor)
        rest.removeFirst(descriptor.length)
      } else {
        rest.removeFirst()
      }
    }
    return found
  }

  // MARK: epoll

  /// Reads a line such as the following.
  ///
  /// `epoll_ctl(4<…>, EPOLL_CTL_ADD, 3<TCP:[…]>, {events=EPOLLIN, data={u32=3, u64=3}}) = 0`
  private mutating func register(_ text: CallText) {
    guard let data = text.argument(3)?.between("u64=", "}"), let descriptor = text.argument(2) else { return }
    watched[data] = Descriptor(descriptor).flatMap { subject(of: $0) }
  }

  /// Reads a line such as the following.
  ///
  /// `epoll_wait(4<…>, [{events=EPOLLIN, data={u32=3, u64=3}}], 64, -1) = 1`
  private func epollWait(_ text: CallText, _ outcome: CallText.Outcome?) -> SystemCall? {
    guard !watched.isEmpty else { return nil }
    guard let value = outcome?.value, value > 0 else { return call(text.name, nil, outcome, nil) }
    let told = elements(of: text.argument(1)).compactMap { element -> Readiness? in
      guard let data = element.between("u64=", "}"), let subject = watched[data],
        let events = element.dropFirst().splitAtCommas().parts.first
      else { return nil }
      let flags = events.text.split(separator: "=").last.map(String.init) ?? ""
      var readiness = Readiness(subject: subject)
      Readiness.add(Readiness.names(flags), to: &readiness.said)
      return readiness
    }
    return told.isEmpty ? nil : call(text.name, nil, outcome, told.map(\.answer).joined(separator: ", "))
  }
}
