/// The words of the language and the form of each statement.
enum Vocabulary {
  /// The words that begin a statement, each with its form; `;` separates several.
  static let statements: [(word: String, form: String)] = [
    ("title", "title TEXT"),
    ("question", "question TEXT"),
    ("answer", "answer TEXT"),
    ("real", "real time only because REASON"),
    ("network", "network lan; network routed; network lan over IPv6"),
    ("only", "only over IPv4: REASON"),
    ("middlebox", "middlebox nat for HOST idle DURATION then drop; middlebox aws-nlb for HOST"),
    ("host", "host NAME; host NAME at ADDRESS"),
    ("parameter", "parameter NAME = VALUE"),
    ("variant", "variant NAME: PARAMETER=VALUE"),
    ("sysctl", "sysctl NAME = VALUE; sysctl on HOST NAME = VALUE"),
    ("needs", "needs PACKAGE; needs PACKAGE, PACKAGE"),
    ("file", "file NAME on HOST: \"LINE\" \"LINE\""),
    ("prepare", "prepare on HOST: COMMAND; prepare on HOST as user: COMMAND"),
    ("peer", "peer NAME on HOST: COMMAND; peer NAME on HOST: traced COMMAND"),
    ("misleading", "misleading on HOST"),
    ("published", "published CONDITION after DURATION (SOURCE)"),
    ("start", "start PEER"),
    ("wait", "wait CONDITION; wait CONDITION within DURATION"),
    ("expect", "expect CONDITION; expect CONDITION within DURATION"),
    ("after", "after DURATION DEED"),
    ("power", "power off HOST; power on HOST; power cycle HOST"),
    ("reboot", "reboot HOST"),
    ("cut", "cut HOST; cut into HOST; cut out of HOST"),
    ("restore", "restore HOST"),
    ("unplug", "unplug HOST"),
    ("plug", "plug HOST"),
    ("drop", "drop everything between HOST and HOST; drop from HOST to HOST"),
    ("reject", "reject from HOST to HOST with REASON"),
    ("allow", "allow everything"),
    ("forget", "forget flows"),
    ("kill", "kill PEER"),
    ("interrupt", "interrupt PEER"),
    ("terminate", "terminate PEER"),
    ("freeze", "freeze PEER"),
    ("thaw", "thaw PEER"),
  ]

  /// The statements that say what there is; they stand above the first step.
  static let declarations: Set<String> = [
    "network", "only", "middlebox", "host", "parameter", "variant", "sysctl", "needs", "file", "prepare", "peer",
    "misleading",
  ]

  /// The statements that only a reader reads; they may stand anywhere.
  static let prose: Set<String> = ["title", "question", "answer", "real"]

  /// The words that begin a statement.
  static let statementWords = statements.map(\.word)

  /// What may be said of a peer, besides its system calls.
  static let peerVerbs = ["types", "prints", "exits", "ends", "is"]

  /// What may be said of a host.
  static let hostVerbs = ["connection", "listens", "retransmits"]

  /// The words that no host and no peer may be called, since a sentence with such a name would read in two ways.
  static let reserved: Set<String> = Set(statementWords).union(peerVerbs).union(hostVerbs).union([
    "at", "on", "off", "cycle", "into", "out", "of", "from", "to", "between", "and", "the", "next", "everything",
    "packet", "packets", "port", "flags", "length", "with", "within", "for", "as", "predicted", "least", "times",
    "time",
    "once", "twice", "told", "nothing", "gone", "stays", "returns", "fails", "by", "input", "lan", "routed",
  ])

  /// The form of a statement, as help: `the form is: start PEER`.
  static func form(of word: String) -> String? {
    guard let form = statements.first(where: { $0.word == word })?.form else { return nil }
    return "write: " + form.split(separator: "; ").joined(separator: ", or ")
  }
}
