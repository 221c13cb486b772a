internal import CLinux
internal import Glibc
internal import Synchronization

/// An option as getopt_long(3) needs to know it.
struct ScannedOption {
  var long: String
  var short: Character?
  var takesValue: Bool
}

/// An option that was found on the command line.
struct FoundOption {
  /// Which one, by its place in the list that was searched.
  var index: Int
  /// How it was written: `--port` or `-p`.
  var spelling: String
  /// Its value; empty if it takes none.
  var value: String
}

/// Why the command line cannot be read any further.
enum ScanMistake {
  /// No such option; `word` is what to compare with the names of those there are.
  case unknown(spelling: String, word: String)
  /// An abbreviation of several long options.
  case ambiguous(spelling: String, names: [String])
  /// The command line ends where the value was to come.
  case missingValue(spelling: String, index: Int)
  /// `--option=value` for an option that takes no value.
  case superfluousValue(spelling: String, value: String)
}

/// What a command line consists of, up to the first mistake.
struct Scan {
  var found: [FoundOption] = []
  var operands: [String] = []
  var mistake: ScanMistake?
}

/// getopt_long(3) keeps its state in globals.
private let scanning = Mutex(())

/// Long options are told from short ones by results beyond every character.
private let firstLongResult: CInt = 1000

/// Takes `arguments` apart with getopt_long(3).
func scanArguments(_ arguments: [String], options: [ScannedOption], stopsAtOperand: Bool) -> Scan {
  scanning.withLock { _ in
    // getopt_long permutes the vector; glibc wants it to live as long as the scan and to end with a null pointer.
    var vector = unsafe (["program"] + arguments).map { unsafe strdup($0) } + [nil]
    let texts = unsafe vector
    let names = unsafe options.map { unsafe strdup($0.long) }
    defer {
      unsafe texts.forEach { unsafe free($0) }
      unsafe names.forEach { unsafe free($0) }
    }
    var table = unsafe [option]()
    for (index, entry) in options.enumerated() {
      unsafe table.append(
        unsafe option(
          name: names[index],
          has_arg: entry.takesValue ? 1 : 0,
          flag: nil,
          val: firstLongResult + CInt(index)
        )
      )
    }
    unsafe table.append(unsafe option(name: nil, has_arg: 0, flag: nil, val: 0))
    // A leading '+' ends the options at the first operand; ':' tells a missing value from an unknown option.
    var letters = stopsAtOperand ? "+:" : ":"
    for entry in options {
      guard let short = entry.short else { continue }
      letters += String(short) + (entry.takesValue ? ":" : "")
    }
    // Zero, not one, makes glibc forget the previous scan.
    clinux_set_optind(0)
    clinux_set_opterr(0)

    var scan = Scan()
    let count = CInt(arguments.count + 1)
    while true {
      let result = unsafe getopt_long(count, &vector, letters, table, nil)
      if result == -1 { break }
      if result == 0x3F || result == 0x3A {
        // getopt_long steps to the next word only once a word's last letter is done.
        let next = Int(clinux_optind())
        let words = unsafe [next - 1, next].filter(vector.indices.contains).map { unsafe text(vector[$0]) }
        let culprit = clinux_optopt()
        let isLong = culprit == 0 || culprit >= firstLongResult
        let finished = isLong || words.first?.utf8.last == UInt8(truncatingIfNeeded: culprit)
        let word = (finished ? words.first : words.last) ?? ""
        scan.mistake = mistake(missing: result == 0x3A, culprit: culprit, word: word, options: options)
        return scan
      }
      let value = unsafe text(clinux_optarg())
      if result >= firstLongResult {
        let index = Int(result - firstLongResult)
        let spelling = "--" + options[index].long
        scan.found.append(FoundOption(index: index, spelling: spelling, value: options[index].takesValue ? value : ""))
      } else if let index = options.firstIndex(where: { $0.short?.code == result }) {
        let spelling = "-" + (options[index].short.map(String.init) ?? "")
        scan.found.append(FoundOption(index: index, spelling: spelling, value: options[index].takesValue ? value : ""))
      }
    }
    for place in Int(clinux_optind())..<Int(count) { unsafe scan.operands.append(text(vector[place])) }
    return scan
  }
}

private func text(_ pointer: UnsafeMutablePointer<CChar>?) -> String {
  guard let pointer = unsafe pointer else { return "" }
  return unsafe String(cString: pointer)
}

/// Finds out what getopt_long(3) complained about: it says so by `optopt`, the option's result or letter, and 0 for a
/// long option that it does not know or that is ambiguous.
private func mistake(missing: Bool, culprit: CInt, word: String, options: [ScannedOption]) -> ScanMistake {
  if culprit >= firstLongResult {
    let index = Int(culprit - firstLongResult)
    let spelling = "--" + options[index].long
    if missing { return .missingValue(spelling: spelling, index: index) }
    let value = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first ?? ""
    return .superfluousValue(spelling: spelling, value: String(value))
  }
  if missing, let index = options.firstIndex(where: { $0.short?.code == culprit }), let short = options[index].short {
    return .missingValue(spelling: "-\(short)", index: index)
  }
  if culprit == 0 || culprit == 0x2D || !(0x21..<0x7F).contains(culprit) {
    let spelling = word.split(separator: "=", maxSplits: 1).first.map(String.init) ?? word
    let name = String(spelling.drop { $0 == "-" })
    let candidates = options.map(\.long).filter { $0.hasPrefix(name) }
    if candidates.count > 1, spelling.hasPrefix("--"), !name.isEmpty {
      return .ambiguous(spelling: spelling, names: candidates)
    }
    return .unknown(spelling: spelling, word: name)
  }
  let letter = String(UnicodeScalar(UInt8(culprit)))
  // `-keepalive` is a row of short options to getopt_long; whoever wrote it meant the long one.
  let name = word.hasPrefix("--") ? "" : String(word.drop { $0 == "-" }.prefix { $0 != "=" })
  return .unknown(spelling: "-" + letter, word: name.count > 2 ? name : "")
}

extension Character {
  fileprivate var code: CInt? { asciiValue.map { CInt($0) } }
}
