internal import LabScript

/// The labs that a command line names, read and found well-formed.
enum LabSelection {
  struct Lab {
    var path: String
    var text: [UInt8]
    var script: Script
    /// The parameters' values that differ from the file's own.
    var settings: [(name: String, value: String)] = []
    /// In virtual time: how many ticks of the kernel later than usual it begins.
    var phase = 0

    func declares(_ parameter: String) -> Bool { script.parameters.contains { $0.name == parameter } }
  }

  /// Which of its forms a lab is run in.
  struct Choice {
    /// The variant by this name, of those labs that have it.
    var variant: String?
    /// Every lab as it stands, and in each of its variants.
    var everyVariant = false
    /// Over IPv6, whatever the lab says.
    var overIPv6 = false
  }

  /// Reads every lab that `words` name; prints every mistake of every file and returns `nil` if there is one.
  static func read(_ words: [String], settings: [(name: String, value: String)], choice: Choice = Choice()) -> [Lab]? {
    guard !words.isEmpty else {
      Console.complain("which lab? Give a path, a folder or a name; 'halfopen list' shows the labs")
      return nil
    }
    var labs: [Lab] = []
    var isBroken = false
    for word in words {
      do throws(LabFiles.NotFound) {
        let (paths, variant) = try LabFiles.pathsAndVariant(for: word)
        for path in paths {
          let (text, result) = try LabFiles.read(path)
          switch result {
          case .script(let script):
            labs += variants(of: script, variant, choice).map { variant in
              var lab = Lab(path: path, text: text, script: script)
              lab.script.variant = variant
              return lab
            }
          case .mistakes(let mistakes):
            isBroken = true
            show(mistakes)
          }
        }
      } catch {
        isBroken = true
        Console.complain(error.message)
      }
    }
    if let variant = choice.variant, !isBroken, !labs.contains(where: { $0.script.variant == variant }) {
      isBroken = true
      Console.complain(labs.count == 1 ? "the lab has no variant '\(variant)'" : "no lab has a variant '\(variant)'")
    }
    return isBroken ? nil : apply(settings, to: inFamily(labs, choice), choice)
  }

  private static func variants(of script: Script, _ named: String?, _ choice: Choice) -> [String?] {
    if let named { return [named] }
    let names = script.variants.map(\.name)
    if choice.everyVariant { return [nil] + names }
    return [choice.variant.flatMap { names.contains($0) ? $0 : nil }]
  }

  /// The labs that can run in the family that is asked for; of the others the reason is told.
  private static func inFamily(_ labs: [Lab], _ choice: Choice) -> [Lab] {
    guard choice.overIPv6, labs.count > 1 else { return labs }
    return labs.filter { lab in
      guard let reason = lab.script.onlyIPv4 else { return true }
      Console.complain("\(lab.script.name) is left out: it runs over IPv4 only: \(reason)")
      return false
    }
  }

  /// Reads the labs again, with the values, variant and family that are asked for; values of several labs, in those that
  /// have the parameter.
  private static func apply(_ settings: [(name: String, value: String)], to labs: [Lab], _ choice: Choice) -> [Lab]? {
    var isBroken = false
    for setting in settings where labs.count > 1 {
      guard !labs.contains(where: { $0.declares(setting.name) }) else { continue }
      isBroken = true
      Console.complain("none of the \(labs.count) labs has a parameter '\(setting.name)'")
    }
    let changed = labs.compactMap { lab -> Lab? in
      let own = labs.count > 1 ? settings.filter { lab.declares($0.name) } : settings
      if own.isEmpty, lab.script.variant == nil, !choice.overIPv6 { return lab }
      let result = Script.read(
        text: lab.text,
        path: lab.path,
        settings: own,
        variant: lab.script.variant,
        family: choice.overIPv6 ? .ipv6 : nil
      )
      switch result {
      case .script(let script): return Lab(path: lab.path, text: lab.text, script: script, settings: own)
      case .mistakes(let mistakes):
        isBroken = true
        show(mistakes)
        return nil
      }
    }
    return isBroken ? nil : changed
  }

  private static func show(_ mistakes: [Diagnostic]) {
    Console.show(mistakes.map { $0.rendered + "\n" }.joined(separator: "\n"))
  }
}
