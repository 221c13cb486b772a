#!/usr/bin/env python3
"""Many idle connections: `many.py listen PORT COUNT` or `many.py connect HOST PORT COUNT`; both stay until killed."""

import select
import socket
import sys

if sys.argv[1] == "listen":
    port, count = int(sys.argv[2]), int(sys.argv[3])
    listener = socket.create_server(("", port), backlog=count)
    print("listening", flush=True)
    connections = [listener.accept()[0] for _ in range(count)]
else:
    host, port, count = sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    connections = [socket.create_connection((host, port)) for _ in range(count)]
print(f"{count} connected", flush=True)
select.poll().poll()
