public import LabScript

extension LaboratorySetup {
  /// Whether ``readScript()`` gives for both the same lab.
  func isOfSameLab(as other: LaboratorySetup) -> Bool {
    script == other.script && path == other.path && variant == other.variant && family == other.family
      && settings.elementsEqual(other.settings) { $0 == $1 }
  }

  /// The lab that the setup is of; throws its first mistake, which nobody sees who has read the lab before.
  public func readScript() throws(LaboratoryError) -> Script {
    let reading = Script.read(
      text: Array(script.utf8),
      path: path,
      settings: settings,
      variant: variant,
      family: family.flatMap(AddressFamily.init)
    )
    switch reading {
    case .script(let script): return script
    case .mistakes(let mistakes): throw LaboratoryError(mistakes.first?.message ?? "the lab is broken")
    }
  }
}
