"""Says of each BPF object named on the command line, such as program:12 or map:7, whether the kernel still has it."""

import ctypes
import os
import platform
import sys

# bpf(2): BPF_PROG_GET_FD_BY_ID and BPF_MAP_GET_FD_BY_ID.
commands = {"program": 13, "map": 14}
number = {"x86_64": 321, "aarch64": 280}[platform.machine()]
libc = ctypes.CDLL(None, use_errno=True)

for name in sys.argv[1:]:
    kind, _, identifier = name.partition(":")
    attributes = ctypes.create_string_buffer(int(identifier).to_bytes(4, sys.byteorder) + bytes(60), 64)
    descriptor = libc.syscall(number, commands[kind], attributes, 64)
    if descriptor >= 0:
        os.close(descriptor)
        print(name, "is there")
    elif ctypes.get_errno() == 2:
        print(name, "is gone")
    else:
        print(name, os.strerror(ctypes.get_errno()))
