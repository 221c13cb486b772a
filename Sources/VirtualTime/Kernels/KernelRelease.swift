/// The name of a kernel release, such as `6.1.0-56-cloud-amd64`, in the order of their age.
public struct KernelRelease: Hashable, Comparable, Sendable, CustomStringConvertible {
  /// The name as `uname -r` prints it.
  public var description: String

  /// The release called `name`.
  public init(_ name: String) {
    description = name
  }

  /// Whether `version` is the release's name or a beginning of it that ends where a number does.
  ///
  /// So `6.1` is meant by `6.1.0-56-cloud-amd64` and not by `6.12.117+deb12-cloud-amd64`.
  public func matches(_ version: String) -> Bool {
    guard !version.isEmpty, description.hasPrefix(version) else { return false }
    guard let next = description.dropFirst(version.count).first else { return true }
    return !next.isLetter && !next.isNumber
  }

  /// Whether the kernel is the flavour for virtual machines: it has few drivers, and the same TCP.
  public var isCloud: Bool { description.contains("-cloud-") }

  /// Numbers compare as numbers, so `6.1.0-9` comes before `6.1.0-56`.
  public static func < (left: KernelRelease, right: KernelRelease) -> Bool {
    let pairs = zip(left.parts, right.parts)
    for (mine, theirs) in pairs where mine != theirs {
      guard let number = Int(mine), let other = Int(theirs) else { return mine < theirs }
      return number < other
    }
    return left.parts.count < right.parts.count
  }

  /// The name in runs of digits and runs of everything else.
  private var parts: [String] {
    var parts: [String] = []
    for character in description {
      if let last = parts.last?.last, last.isWholeNumber == character.isWholeNumber {
        parts[parts.count - 1].append(character)
      } else {
        parts.append(String(character))
      }
    }
    return parts
  }
}
