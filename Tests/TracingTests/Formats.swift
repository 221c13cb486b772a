@testable import Tracing

/// Format files of Linux 6.18, x86-64, as tracefs shows them.
enum Formats {
  static let common = """
    format:
    \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
    \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
    \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
    \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

    """

  static let setState = """
    name: inet_sock_set_state
    ID: 2287
    \(common)
    \tfield:const void * skaddr;\toffset:8;\tsize:8;\tsigned:0;
    \tfield:int oldstate;\toffset:16;\tsize:4;\tsigned:1;
    \tfield:int newstate;\toffset:20;\tsize:4;\tsigned:1;
    \tfield:__u16 sport;\toffset:24;\tsize:2;\tsigned:0;
    \tfield:__u16 dport;\toffset:26;\tsize:2;\tsigned:0;
    \tfield:__u16 family;\toffset:28;\tsize:2;\tsigned:0;
    \tfield:__u16 protocol;\toffset:30;\tsize:2;\tsigned:0;
    \tfield:__u8 saddr[4];\toffset:32;\tsize:4;\tsigned:0;
    \tfield:__u8 daddr[4];\toffset:36;\tsize:4;\tsigned:0;
    \tfield:__u8 saddr_v6[16];\toffset:40;\tsize:16;\tsigned:0;
    \tfield:__u8 daddr_v6[16];\toffset:56;\tsize:16;\tsigned:0;

    print fmt: "family=%s oldstate=%s", __print_symbolic(REC->family, { 2, "AF_INET" }, { 10, "AF_INET6" }), \
    __print_symbolic(REC->oldstate, { 1, "TCP_ESTABLISHED" }, { 2, "TCP_SYN_SENT" })
    """

  static let sendReset = """
    name: tcp_send_reset
    ID: 2280
    \(common)
    \tfield:const void * skbaddr;\toffset:8;\tsize:8;\tsigned:0;
    \tfield:const void * skaddr;\toffset:16;\tsize:8;\tsigned:0;
    \tfield:int state;\toffset:24;\tsize:4;\tsigned:1;
    \tfield:enum sk_rst_reason reason;\toffset:28;\tsize:4;\tsigned:0;
    \tfield:__u8 saddr[28];\toffset:32;\tsize:28;\tsigned:0;
    \tfield:__u8 daddr[28];\toffset:60;\tsize:28;\tsigned:0;

    print fmt: "src=%pISpc state=%s reason=%s", REC->saddr, REC->state ? __print_symbolic(REC->state, \
    { TCP_ESTABLISHED, "TCP_ESTABLISHED" }) : "UNKNOWN", __print_symbolic(REC->reason, { 0, "NOT_SPECIFIED" }, \
    { 8, "TCP_ABORT_ON_DATA" }, { 14, "TCP_STATE" })
    """

  /// An older kernel's `tcp_retransmit_synack`, whose record ends at no multiple of eight.
  static let retransmitSynAck = """
    name: tcp_retransmit_synack
    ID: 2275
    \(common)
    \tfield:const void * skaddr;\toffset:8;\tsize:8;\tsigned:0;
    \tfield:const void * req;\toffset:16;\tsize:8;\tsigned:0;
    \tfield:__u16 sport;\toffset:24;\tsize:2;\tsigned:0;
    \tfield:__u16 dport;\toffset:26;\tsize:2;\tsigned:0;
    \tfield:__u16 family;\toffset:28;\tsize:2;\tsigned:0;
    \tfield:__u8 saddr[4];\toffset:30;\tsize:4;\tsigned:0;
    \tfield:__u8 daddr[4];\toffset:34;\tsize:4;\tsigned:0;
    \tfield:__u8 saddr_v6[16];\toffset:38;\tsize:16;\tsigned:0;
    \tfield:__u8 daddr_v6[16];\toffset:54;\tsize:16;\tsigned:0;

    print fmt: "family=%s", __print_symbolic(REC->family, { 2, "AF_INET" }, { 10, "AF_INET6" })
    """
}
