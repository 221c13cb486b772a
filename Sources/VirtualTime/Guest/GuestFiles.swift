/// Files that are only in a guest.
enum GuestFiles {
  /// The kernel's first program, a link to this one.
  static let initProgram = "/init"
  /// The kernel modules to load, one path a line, each after those that it needs.
  static let moduleList = "/halfopen/modules"
  /// Where disks that a lab has prepared are kept for the laboratories that come later.
  static let diskStore = "/halfopen/disks"
  /// The directories of the tools with which the laboratory builds.
  static let searchPath = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"
}
