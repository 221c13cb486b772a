internal import CLinux
internal import Glibc

/// What rtnetlink(7) tells of a network interface: `RTM_NEWLINK` or `RTM_DELLINK` with a `struct ifinfomsg`.
struct LinkMessage: Equatable {
  /// The interface's name.
  var name: String
  /// Whether it passes packets on: `IFF_RUNNING`; never once it is gone.
  var isRunning: Bool

  // RTMGRP_LINK
  static let group: UInt32 = 1
  // RTM_NEWLINK, RTM_DELLINK and RTM_GETLINK of <linux/rtnetlink.h>
  private static let new: UInt16 = 16
  private static let deleted: UInt16 = 17
  private static let get: UInt16 = 18
  // IFLA_IFNAME of <linux/if_link.h>
  private static let nameAttribute: UInt16 = 3
  /// The size of `struct ifinfomsg`, whose flags begin at byte 8.
  private static let headerSize = 16

  /// Reads a message; `nil` if it is about something else, or torn.
  init?(_ message: NetlinkMessage) {
    guard message.type == LinkMessage.new || message.type == LinkMessage.deleted,
      let flags = message.payload.uint32(at: 8),
      let text = NetlinkMessage.attributes(in: message.payload, from: LinkMessage.headerSize)[LinkMessage.nameAttribute]
    else { return nil }
    name = String(decoding: text.array.prefix { $0 != 0 }, as: UTF8.self)
    isRunning = message.type == LinkMessage.new && flags & UInt32(IFF_RUNNING) != 0
  }

  /// The request for all interfaces of the namespace.
  static func request(sequence: UInt32) -> [UInt8] {
    // NLM_F_REQUEST | NLM_F_DUMP, and a struct ifinfomsg of any family.
    NetlinkMessage.request(
      type: get,
      flags: 0x301,
      sequence: sequence,
      payload: [UInt8](repeating: 0, count: headerSize)
    )
  }
}
