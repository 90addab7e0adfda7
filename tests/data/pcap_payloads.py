#!/usr/bin/env python3
"""pcap_payloads.py FILE PORT: the UDP datagrams to PORT in a pcap file, end to end.

Datagrams of an exporter of IPFIX are so an IPFIX file (RFC 5655).
"""

import struct
import sys


def payloads(data, port):
    order = "<" if data[:4] in (b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1") else ">"
    link_type = struct.unpack_from(order + "I", data, 20)[0]
    skip = {1: 14, 101: 0, 113: 16, 276: 20}[link_type]
    at = 24
    while at < len(data):
        size = struct.unpack_from(order + "I", data, at + 8)[0]
        packet = data[at + 16 + skip : at + 16 + size]
        at += 16 + size
        udp = packet[(packet[0] & 15) * 4 :]
        if packet[0] >> 4 == 4 and packet[9] == 17 and struct.unpack_from(">H", udp, 2)[0] == port:
            yield udp[8 : struct.unpack_from(">H", udp, 4)[0]]


def main():
    with open(sys.argv[1], "rb") as file:
        for payload in payloads(file.read(), int(sys.argv[2])):
            sys.stdout.buffer.write(payload)


if __name__ == "__main__":
    main()
