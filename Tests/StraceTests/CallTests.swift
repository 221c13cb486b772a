import Strace
import Testing
import Timeline

/// One call a line: what a timeline keeps of it.
@Suite struct CallTests {
  static let socket = "3<TCP:[10.88.88.139:60628->10.88.88.140:8080]>"

  @Test(arguments: [
    (#"read(SOCKET, "", 1024) = 0 <0.000010>"#, "read(socket) = 0"),
    ("read(SOCKET, 0x7ffc, 1024) = -1 ETIMEDOUT (Connection timed out) <0.000010>", "read(socket) = -1 ETIMEDOUT"),
    (#"recvfrom(SOCKET, "a", 100, MSG_PEEK, NULL, NULL) = 1 <0.000010>"#, "recvfrom(socket, MSG_PEEK) = 1"),
    (#"recvmsg(SOCKET, {msg_iov=[{iov_base="a", iov_len=1}]}, 0) = 1 <0.000010>"#, "recvmsg(socket) = 1"),
    (#"write(SOCKET, "kodos, are you there?\n", 22) = 22 <0.000123>"#, "write(socket) = 22"),
    (#"writev(SOCKET, [{iov_base="a) = 2", iov_len=6}], 1) = 6 <0.000010>"#, "writev(socket) = 6"),
    (
      #"sendto(SOCKET, "a", 1, MSG_NOSIGNAL, NULL, 0) = -1 EPIPE (Broken pipe) <0.000010>"#,
      "sendto(socket, MSG_NOSIGNAL) = -1 EPIPE"
    ),
    ("sendfile(SOCKET, 5</etc/hosts>, [0] => [57], 57) = 57 <0.000010>", "sendfile(socket) = 57"),
    ("splice(4<pipe:[9]>, NULL, SOCKET, NULL, 10, 0) = 10 <0.000010>", "splice(socket) = 10"),
    ("shutdown(SOCKET, SHUT_WR) = 0 <0.000010>", "shutdown(socket, SHUT_WR) = 0"),
    ("close(SOCKET) = 0 <0.000010>", "close(socket) = 0"),
    (
      "socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_TCP) = 3<TCP:[995827]> <0.000010>",
      "socket(socket, AF_INET) = 3"
    ),
    (
      "socket(AF_INET6, SOCK_STREAM, IPPROTO_IP) = -1 EAFNOSUPPORT (Address family not supported) <0.000010>",
      "socket(socket, AF_INET6) = -1 EAFNOSUPPORT"
    ),
    (
      "setsockopt(3<TCP:[9]>, SOL_TCP, TCP_USER_TIMEOUT, [1200], 4) = 0 <0.000010>",
      "setsockopt(socket, TCP_USER_TIMEOUT 1200) = 0"
    ),
    (
      "setsockopt(3<TCP:[9]>, SOL_SOCKET, SO_LINGER, {l_onoff=1, l_linger=0}, 8) = 0 <0.000010>",
      "setsockopt(socket, SO_LINGER {l_onoff=1, l_linger=0}) = 0"
    ),
    ("getsockopt(SOCKET, SOL_SOCKET, SO_ERROR, [0], [4]) = 0 <0.000010>", "getsockopt(socket, SO_ERROR) = 0"),
    ("getsockopt(SOCKET, SOL_SOCKET, SO_ERROR, [EPIPE], [4]) = 0 <0.000010>", "getsockopt(socket, SO_ERROR EPIPE) = 0"),
    ("read(0<pipe:[995201]>, 0x7ffc, 16384) = 22 <0.000010>", "read(stdin) = 22"),
    (
      "recvfrom(0</dev/pts/0<char 136:0>>, 0x7ffd, 8192, 0, 0x7ffd, [128]) = -1 ENOTSOCK (Socket operation) <0.000010>",
      "recvfrom(stdin) = -1 ENOTSOCK"
    ),
    (#"write(1<pipe:[995202]>, "a", 1) = 1 <0.000010>"#, "write(stdout) = 1"),
    // A program that was given the connection as its input.
    (#"read(0<TCP:[10.0.0.1:1->10.0.0.2:2]>, "", 10) = 0 <0.000010>"#, "read(socket) = 0"),
    // netcat-openbsd, when poll has told it of an error.
    ("read(-1, 0x7ffc, 16384) = -1 EBADF (Bad file descriptor) <0.000010>", "read(descriptor -1) = -1 EBADF"),
    ("read(SOCKET, 0x7ffc, 10) = -1 (errno 4095) <0.000010>", "read(socket) = -1"),
  ])
  func isToldWithWhatItWasCalledOn(written: String, told: String) {
    #expect(texts(line(written.replacing("SOCKET", with: Self.socket))) == [told])
  }

  @Test(arguments: [
    "read(3</usr/lib/x86_64-linux-gnu/libc.so.6>, \"\\177ELF\"..., 832) = 832 <0.000010>",
    #"read(3</a, b\74c\76) = 3 (deleted)>, "x", 1) = 1 <0.000010>"#,
    #"write(2<pipe:[1]>, "Ncat: ", 6) = 6 <0.000010>"#,
    "socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, 0) = 3<UNIX-STREAM:[4]> <0.000010>",
    "socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3<UDP:[4]> <0.000010>",
    #"connect(3<UNIX-STREAM:[4]>, {sa_family=AF_UNIX, sun_path="/run/nscd"}, 110) = -1 ENOENT (No such file) <0.000010>"#,
    #"recvfrom(3<UDP:[10.0.0.1:1->10.0.0.2:53]>, "", 9, 0, NULL, NULL) = -1 ECONNREFUSED (refused) <0.000010>"#,
    "sendto(3<NETLINK:[ROUTE:7]>, {nlmsg_len=20}, 20, 0, {sa_family=AF_NETLINK}, 12) = 20 <0.000010>",
    "close(3) = -1 EBADF (Bad file descriptor) <0.000010>",
    "poll([{fd=4<UNIX:[1->2]>, events=POLLIN}], 1, 100) = 0 (Timeout) <0.000010>",
    "poll(NULL, 0, 100) = 0 (Timeout) <0.000010>",
    "pselect6(0, NULL, NULL, NULL, {tv_sec=0, tv_nsec=500}, NULL) = 0 (Timeout) <0.000010>",
    "epoll_wait(4<anon_inode:[eventpoll]>, [], 64, 0) = 0 <0.000010>",
    "--- SIGINT {si_signo=SIGINT, si_code=SI_USER, si_pid=1, si_uid=0} ---",
    "+++ exited with 0 +++",
  ])
  func filesNameServersAndOtherSocketsAreNotTold(written: String) {
    #expect(items(line(written)) == [])
  }

  @Test func addressesAreShown() {
    let accepted = "4<TCP:[10.88.88.140:8080->10.88.88.139:44360]>"
    let v6 =
      "{sa_family=AF_INET6, sin6_port=htons(80), sin6_flowinfo=htonl(0), inet_pton(AF_INET6, \"::1\", &sin6_addr)}"
    let text =
      line(
        #"bind(3<TCP:[9]>, {sa_family=AF_INET, sin_port=htons(8080), sin_addr=inet_addr("0.0.0.0")}, 16) = 0 <0.000010>"#
      )
      + line("listen(3<TCP:[9]>, 5) = 0 <0.000010>")
      + line("accept(3<TCP:[0.0.0.0:8080]>, NULL, NULL) = \(accepted) <0.000010>")
      + line("accept4(3<TCP:[0.0.0.0:8080]>, 0x7ffe, [128], 0) = -1 EMFILE (Too many open files) <0.000010>")
      + line(#"connect(5<TCPv6:[8]>, \#(v6), 28) = -1 EINPROGRESS (Operation now in progress) <0.000010>"#)
    #expect(
      texts(text) == [
        "bind(socket, 0.0.0.0:8080) = 0", "listen(listener, backlog 5) = 0",
        "accept(listener, from 10.88.88.139:44360) = 4", "accept4(listener) = -1 EMFILE",
        "connect(socket, [::1]:80) = -1 EINPROGRESS",
      ]
    )
  }

  @Test func aClientThatChoseItsPortIsNotTakenForAListener() {
    // From Linux 6.8 on the kernel tells strace of sockets that are bound alone, and strace keeps to what it was told.
    let bound = "3<TCP:[0.0.0.0:4000]>"
    let text =
      line(
        #"connect(\#(bound), {sa_family=AF_INET, sin_port=htons(80), sin_addr=inet_addr("10.0.0.1")}, 16) = 0 <0.000010>"#
      )
      + line("read(\(bound), \"\", 1) = 0 <0.000010>")
      + line("read(4<TCP:[0.0.0.0:5000]>, \"\", 1) = -1 ENOTCONN (Transport endpoint is not connected) <0.000010>")
    #expect(
      texts(text) == ["connect(socket, 10.0.0.1:80) = 0", "read(socket) = 0", "read(listener) = -1 ENOTCONN"]
    )
  }

  @Test func pollTellsWhatEachDescriptorIsReadyForAsDncDoes() {
    let text =
      line(
        "poll([{fd=0<pipe:[1]>, events=POLLIN}, {fd=3<TCP:[1.1.1.1:1->2.2.2.2:2]>, events=0}, "
          + "{fd=3<TCP:[1.1.1.1:1->2.2.2.2:2]>, events=POLLIN}, {fd=1<pipe:[2]>, events=0}, {fd=-1}], 5, -1) "
          + "= 2 ([{fd=3, revents=POLLERR|POLLHUP}, {fd=3, revents=POLLIN|POLLERR|POLLHUP}]) <0.000010>"
      )
      + line(
        "ppoll([{fd=0<pipe:[1]>, events=POLLIN}, {fd=1<pipe:[2]>, events=POLLOUT}], 2, {tv_sec=1, tv_nsec=0}, NULL, 8) "
          + "= 1 ([{fd=1, revents=POLLOUT}], left {tv_sec=0, tv_nsec=9}) <0.000010>"
      )
      + line("poll([{fd=3<TCP:[1.1.1.1:1->2.2.2.2:2]>, events=POLLIN}], 1, -1) = -1 EINTR (Interrupted) <0.000010>")
    #expect(
      texts(text) == [
        "poll(stdin 0x0, socket 0x19 POLLIN|POLLERR|POLLHUP) = 2", "ppoll(stdin 0x0, stdout 0x4 POLLOUT) = 1",
        "poll(socket POLLIN) = -1 EINTR",
      ]
    )
  }

  @Test func selectTellsItsThreeSets() {
    let sets = "[0<pipe:[1]> 3<TCP:[1.1.1.1:1->2.2.2.2:2]>], [3<TCP:[1.1.1.1:1->2.2.2.2:2]>], [], "
    let text =
      line("select(4, \(sets){tv_sec=0, tv_usec=5}) = 2 (in [3], out [3], left {tv_sec=0, tv_usec=1}) <0.000010>")
      + line("pselect6(4, \(sets)NULL, NULL) = 1 (in [0]) <0.000010>")
      + line("pselect6(4, \(sets)NULL, NULL) = 0 (Timeout) <0.000010>")
      + line("pselect6(4, \(sets)NULL, NULL) = -1 EINTR (Interrupted system call) <0.000010>")
    #expect(
      texts(text) == [
        "select(socket readable|writable) = 2", "pselect6(stdin readable) = 1", "pselect6() = 0",
        "pselect6(stdin readable, socket readable|writable) = -1 EINTR",
      ]
    )
  }

  @Test func epollTellsTheDescriptorsThatWereRegistered() {
    let text =
      line(
        "epoll_ctl(5<anon_inode:[eventpoll]>, EPOLL_CTL_ADD, 4<TCP:[0.0.0.0:80]>, {events=EPOLLIN, data={u32=4, u64=4}}) = 0 <0.000010>"
      )
      + line(
        "epoll_ctl(5<anon_inode:[eventpoll]>, EPOLL_CTL_ADD, 6<TCP:[1.1.1.1:1->2.2.2.2:2]>, "
          + "{events=EPOLLIN|EPOLLRDHUP, data={u32=6, u64=140157667770374}}) = 0 <0.000010>"
      )
      + line("epoll_wait(5<anon_inode:[eventpoll]>, [{events=EPOLLIN, data={u32=4, u64=4}}], 9, -1) = 1 <0.000010>")
      + line(
        "epoll_pwait(5<anon_inode:[eventpoll]>, [{events=EPOLLRDHUP|EPOLLIN, data={u32=6, u64=140157667770374}}], 9, "
          + "-1, NULL, 8) = 1 <0.000010>"
      )
      + line("epoll_wait(5<anon_inode:[eventpoll]>, [{events=EPOLLIN, data={u32=9, u64=9}}], 9, -1) = 1 <0.000010>")
      + line("epoll_wait(5<anon_inode:[eventpoll]>, 0x563, 9, -1) = -1 EINTR (Interrupted system call) <0.000010>")
    #expect(
      texts(text) == [
        "epoll_wait(listener 0x1 EPOLLIN) = 1", "epoll_pwait(socket 0x2001 EPOLLIN|EPOLLRDHUP) = 1",
        "epoll_wait() = -1 EINTR",
      ]
    )
  }
}
