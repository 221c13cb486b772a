public import LabScript

extension LaboratorySetup {
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
