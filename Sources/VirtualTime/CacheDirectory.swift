internal import Sockets

/// Where this user's programs keep what can be made again: kernels, images, snapshots.
public enum CacheDirectory {
  /// `$XDG_CACHE_HOME/halfopen`, or `~/.cache/halfopen`; `nil` if neither is known.
  ///
  /// A relative XDG_CACHE_HOME is passed over, as the XDG Base Directory Specification asks.
  public static func path(environment: [String]) -> String? {
    func variable(_ name: String) -> String? {
      environment.first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }
    if let cache = variable("XDG_CACHE_HOME"), cache.hasPrefix("/") { return cache + "/halfopen" }
    if let home = variable("HOME"), home.hasPrefix("/") { return home + "/.cache/halfopen" }
    return nil
  }
}
