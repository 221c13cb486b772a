// The network, the hosts and their addresses.

extension Reader {
  mutating func readNetwork(_ statements: [Statement]) {
    refuseSecond(statements, "a second network")
    guard let statement = statements.first else { return }
    network = trying { reader throws(Mistake) in
      let form = Vocabulary.form(of: "network")
      var words = try reader.words(of: statement)
      let word = try words.require("the kind of network", help: form)
      guard let kind = NetworkKind(rawValue: word.text), !word.isQuoted else {
        let names = NetworkKind.allCases.map(\.rawValue)
        throw Mistake(
          word.place,
          "unknown network \(word.quoted)",
          help: Spelling.question(word.text, names) ?? form
        )
      }
      try reader.readFamily(&words)
      try reader.finish(words, "network")
      return kind
    }
    script.network = network ?? .lan
  }

  mutating func readHosts(_ statements: [Statement]) {
    guard !statements.isEmpty else {
      hosts = ["kang", "kodos"]
      script.hosts = hosts.map {
        HostDeclaration(name: $0, address: Address.classic($0, on: script.network).text(over: script.family), line: 0)
      }
      return
    }
    var declared: [(name: Word, address: Address?)] = []
    for statement in statements {
      var name: Word?
      let host = trying { reader throws(Mistake) in
        var words = try reader.words(of: statement)
        let word = try reader.newName(&words, "host", limit: 12)
        try reader.refuseLaboratoryName(word)
        try reader.declare(word, "host")
        name = word
        var address: Address?
        if words.accept("at") {
          address = try reader.address(words.require("the address", help: Vocabulary.form(of: "host")), declared)
        }
        try reader.finish(words, "host")
        return (word, address)
      }
      if let host { declared.append(host) } else if name == nil, declaredIn.isEmpty { hasLostStatement = true }
      if let name { hosts.append(name.text) }
    }
    giveAddresses(declared)
  }

  /// The laboratory's own parts have names too.
  private func refuseLaboratoryName(_ word: Word) throws(Mistake) {
    let taken = ["switch", "router", "localhost", "lo", "eth0", "all", "default", Middlebox.balancerName]
    guard taken.contains(word.text) || word.text.hasPrefix("router-") || word.text.hasPrefix("segment") else { return }
    throw Mistake(
      word.place,
      "'\(word.text)' is a name that the laboratory itself needs",
      help: "call the host something else"
    )
  }

  /// The address that a host is declared with.
  private func address(_ word: Word, _ declared: [(name: Word, address: Address?)]) throws(Mistake) -> Address {
    guard let address = Address(word.text) else {
      throw Mistake(
        word.place,
        "\(word.quoted) is not an IPv4 address",
        help: "write four numbers from 0 to 255: \(network == .routed ? "10.88.3.10" : "10.88.88.141")"
      )
    }
    if let (other, _) = declared.first(where: { $0.address == address }) {
      throw Mistake(
        word.place,
        "\(word.quoted) is already the address of '\(other.text)', declared in line \(other.place.line)",
        help: "every host needs an address of its own"
      )
    }
    guard let network else { return address }
    guard address.isIn(network) else {
      let place =
        network == .lan
        ? "the lan, which is 10.88.88.0/24" : "the routed network, which is 10.88.1.0/24, 10.88.2.0/24, …"
      throw Mistake(
        word.place,
        "\(word.quoted) is not in \(place)",
        help: "write for instance: \(network == .lan ? "10.88.88.141" : "10.88.3.10")"
      )
    }
    if [0, 1, 255].contains(address.host) {
      let owner = address.host == 1 ? "the \(network == .lan ? "switch" : "router")'s" : "no host's"
      throw Mistake(word.place, "\(word.quoted) is \(owner)", help: "the last number goes from 2 to 254")
    }
    if network == .routed, let (other, _) = declared.first(where: { $0.address?.segment == address.segment }) {
      throw Mistake(
        word.place,
        "\(word.quoted) is in the segment of '\(other.text)', declared in line \(other.place.line)",
        help: "on the routed network every host has a segment of its own: 10.88.N.0/24"
      )
    }
    return address
  }

  /// Gives an address to every host that was declared without.
  private mutating func giveAddresses(_ declared: [(name: Word, address: Address?)]) {
    let network = network ?? .lan
    var taken = declared.compactMap(\.address)
    func isFree(_ address: Address) -> Bool {
      taken.allSatisfy { $0 != address && (network == .lan || $0.segment != address.segment) }
    }
    for (name, _) in declared where Address.isClassic(name.text) {
      taken.append(Address.classic(name.text, on: network))
    }
    for (name, given) in declared {
      var address = given
      if address == nil, Address.isClassic(name.text) {
        let classic = Address.classic(name.text, on: network)
        // Another host may have been given it by name.
        if !declared.contains(where: {
          $0.address.map { $0 == classic || network == .routed && $0.segment == classic.segment } ?? false
        }) {
          address = classic
        }
      }
      if address == nil {
        address = Address.others(on: network).first(where: isFree)
        if let address { taken.append(address) }
      }
      guard let address else {
        report(
          Mistake(name.place, "there is no address left for '\(name.text)'", help: "a network has room for 110 hosts")
        )
        return
      }
      script.hosts.append(
        HostDeclaration(name: name.text, address: address.text(over: script.family), line: name.place.line)
      )
    }
  }
}
