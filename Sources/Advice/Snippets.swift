extension Proposal {
  /// The options set in programs, each with the language's name.
  var snippets: [(title: String, text: String)] {
    [("Swift", swift), ("C", c), ("Python", python), ("Go", go), ("Java", java)]
  }

  private var swift: String {
    """
    import Glibc
    func set(_ level: CInt, _ option: CInt, _ value: CInt) {
      var value = value
      if setsockopt(fd, level, option, &value, socklen_t(MemoryLayout<CInt>.size)) != 0 { perror("setsockopt") }
    }
    set(SOL_SOCKET, SO_KEEPALIVE, 1)
    set(CInt(IPPROTO_TCP), TCP_KEEPIDLE, \(idle))
    set(CInt(IPPROTO_TCP), TCP_KEEPINTVL, \(interval))
    set(CInt(IPPROTO_TCP), TCP_KEEPCNT, \(count))
    """ + (userTimeout > 0 ? "\nset(CInt(IPPROTO_TCP), TCP_USER_TIMEOUT, \(userTimeout))" : "")
  }

  private var c: String {
    let timeout = userTimeout > 0 ? "\n    || set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, \(userTimeout))" : ""
    return """
      #include <netinet/in.h>
      #include <netinet/tcp.h>
      #include <stdio.h>
      #include <sys/socket.h>
      static int set(int fd, int level, int option, int value) {
        return setsockopt(fd, level, option, &value, sizeof value);
      }
      static void detect_death(int fd) {
        if (set(fd, SOL_SOCKET, SO_KEEPALIVE, 1)
          || set(fd, IPPROTO_TCP, TCP_KEEPIDLE, \(idle))
          || set(fd, IPPROTO_TCP, TCP_KEEPINTVL, \(interval))
          || set(fd, IPPROTO_TCP, TCP_KEEPCNT, \(count))\(timeout)) perror("setsockopt");
      }
      """
  }

  private var python: String {
    """
    import socket
    s.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, \(idle))
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, \(interval))
    s.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, \(count))
    """ + (userTimeout > 0 ? "\ns.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, \(userTimeout))" : "")
  }

  private var go: String {
    let timeout =
      userTimeout > 0
      ? """

      raw, err := conn.(*net.TCPConn).SyscallConn()
      if err == nil {
      	err = raw.Control(func(fd uintptr) {
      		unix.SetsockoptInt(int(fd), unix.IPPROTO_TCP, unix.TCP_USER_TIMEOUT, \(userTimeout)) // golang.org/x/sys/unix
      	})
      }
      """ : ""
    return """
      dialer := net.Dialer{KeepAliveConfig: net.KeepAliveConfig{ // Go 1.23
      	Enable: true, Idle: \(idle) * time.Second, Interval: \(interval) * time.Second, Count: \(count),
      }}
      conn, err := dialer.Dial("tcp", address)\(timeout)
      """
  }

  private var java: String {
    let timeout =
      userTimeout > 0
      ? "\n// Java has no TCP_USER_TIMEOUT; Netty's epoll transport has EpollChannelOption.TCP_USER_TIMEOUT, \(userTimeout)"
      : ""
    return """
      socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);  // a java.net.Socket, Java 11
      socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, \(idle));  // jdk.net
      socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, \(interval));
      socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, \(count));\(timeout)
      """
  }
}
