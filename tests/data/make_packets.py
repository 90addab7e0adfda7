#!/usr/bin/env python3
"""make_packets.py: a pcap file of made-up packets on standard output.

Three conversations: HTTP over IPv4, 20 packets either way; DNS over IPv4, one either way; and 10
packets of TCP over IPv6, one way. Payloads have 100 bytes.
"""

import struct
import sys

PAYLOAD = bytes(100)


def tcp(source, destination, flags):
    return struct.pack(">HHIIBBHHH", source, destination, 0, 0, 5 << 4, flags, 0, 0, 0) + PAYLOAD


def udp(source, destination):
    return struct.pack(">HHHH", source, destination, 8 + len(PAYLOAD), 0) + PAYLOAD


def ipv4(source, destination, protocol, payload):
    return struct.pack(">BBHHHBBHBBBBBBBB", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0,
                       10, 0, 0, source, 10, 0, 0, destination) + payload


def ipv6(source, destination, protocol, payload):
    address = bytes.fromhex("20010db8") + bytes(11)
    return (struct.pack(">IHBB", 6 << 28, len(payload), protocol, 64)
            + address + bytes([source]) + address + bytes([destination]) + payload)


def packets():
    for i in range(20):
        yield 0x0800, ipv4(1, 2, 6, tcp(40000, 80, 2 if i == 0 else 24))
        yield 0x0800, ipv4(2, 1, 6, tcp(80, 40000, 18 if i == 0 else 24))
    yield 0x0800, ipv4(1, 2, 17, udp(40001, 53))
    yield 0x0800, ipv4(2, 1, 17, udp(53, 40001))
    for _ in range(10):
        yield 0x86DD, ipv6(1, 2, 6, tcp(40002, 443, 24))


def main():
    out = sys.stdout.buffer
    out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
    for number, (kind, packet) in enumerate(packets()):
        frame = bytes(12) + struct.pack(">H", kind) + packet
        out.write(struct.pack("<IIII", 1_795_344_000 + number // 10, number % 10 * 100_000,
                              len(frame), len(frame)) + frame)


if __name__ == "__main__":
    main()
