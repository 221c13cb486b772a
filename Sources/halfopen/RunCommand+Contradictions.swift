extension RunCommand.Settings {
  /// Why these options do not go together, in words; `nil` if they do.
  ///
  /// An option that would be passed over is a mistake of somebody who thinks that it does something.
  var contradiction: String? {
    if kernel == "all", world != .virtual { return "--kernel all compares kernels in virtual time: add --virtual" }
    if kernel != nil, world == .namespaces {
      return "--kernel is about the kernel of guests: add --virtual or --world machines"
    }
    let onlyVirtual = [
      ("phase", phase != nil), ("phases", phases != nil), ("patience", patience != nil), ("timing", showsTiming),
    ]
    if world != .virtual, let (name, _) = onlyVirtual.first(where: \.1) {
      return "--\(name) is about guests in virtual time: add --virtual"
    }
    if !isWatched, world != .namespaces { return "--no-capture measures what watching costs in real time alone" }
    guard kernel == "all" || phases != nil else { return nil }
    let option = phases != nil ? "--phases" : "--kernel all"
    if kernel == "all", phases != nil || phase != nil {
      return "--kernel all compares one run on each kernel: take --phases or --phase with one kernel after the other"
    }
    if timeline != nil || captureFile != nil || !reports.isEmpty || format != .text || showsTiming {
      return "\(option) prints a table of its own: timelines, captures, reports and --timing are of one run"
    }
    return nil
  }
}
