"""Prints a line for each TCP packet that arrives from the address given: its flags, as tcpdump writes them.

An ordinary user's tcpdump gives up its group rights at start, which a user namespace does not allow; this does not.
"""

import socket
import sys

tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
print("watching", flush=True)
while True:
    packet, link = tap.recvfrom(2048)
    # link[2] is PACKET_OUTGOING (4) for what this host sends itself.
    if link[1] == 0x0800 and link[2] != 4 and packet[9] == 6 and packet[12:16] == socket.inet_aton(sys.argv[1]):
        bits = packet[(packet[0] & 15) * 4 + 13]
        names = zip("FSRP.U", (1, 2, 4, 8, 16, 32))
        print("flags [" + "".join(name for name, bit in names if bits & bit) + "]", flush=True)
