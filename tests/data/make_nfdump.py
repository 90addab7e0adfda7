#!/usr/bin/python3
"""Writes an uncompressed nfdump file of layout 2, byte by byte, with made-up flows of all kinds;
shares nothing with the C++ code.

usage: make_nfdump.py [--flows N] [--seed N] [--all] [--block N] [--no-exporters] > FILE

Each flow has the elements that it needs and some of the others; with --all each has all that nfdump
prints as CSV. A block ends after --block flows. --no-exporters leaves out who the exporters are.
"""

import argparse
import random
import struct
import sys

EXPORTERS = {1: "7f000001", 2: "20010db8000000000000000000000007"}


def element(kind, payload):
    return struct.pack("<HH", kind, 4 + len(payload)) + payload


def ipv6(rng):
    return 0x20010DB8 << 32, rng.getrandbits(64)


def generic(rng):
    first = 1_795_344_000_000 + rng.randrange(3_600_000)
    proto = rng.choice((1, 6, 6, 17, 47, 58))
    ports = (0, 0x0800) if proto in (1, 58) else (rng.randrange(65536), rng.randrange(65536))
    return element(1, struct.pack(
        "<QQQQQHHBBBB", first, first + rng.randrange(60_000), first + 70_000,
        rng.randrange(1, 1 << 34), rng.randrange(1 << 40), *ports, proto,
        rng.randrange(64) if proto == 6 else 0, rng.choice((0, 64, 128)), rng.randrange(256)))


def event(rng):
    """Of a firewall, or of a NAT."""
    if rng.random() < 0.5:
        return element(19, struct.pack("<QIHBB", 1_795_344_000_123, rng.getrandbits(32),
                                       rng.randrange(5000), rng.randrange(6), 0))
    return element(25, struct.pack("<QIBBH", 1_795_344_000_123, 0, rng.randrange(6), 0, 0))


def optional(rng, six):
    """The elements that a flow may lack, in the order in which nfdump numbers them."""
    def u32(count):
        return [rng.getrandbits(32) for _ in range(count)]

    def address(four):
        return element(four + 1, struct.pack("<QQ", *ipv6(rng))) if six else element(
            four, struct.pack("<I", *u32(1)))

    return [
        element(4, struct.pack("<IIBBBBBBH", *u32(2), rng.randrange(33), rng.randrange(33),
                               rng.randrange(2), rng.randrange(256), rng.randrange(3),
                               rng.randrange(5), 0)),
        element(5, struct.pack("<QQQ", rng.randrange(1, 9), rng.randrange(1 << 20),
                               rng.randrange(1 << 30))),
        element(6, struct.pack("<II", rng.randrange(4096), rng.randrange(4096))),
        element(7, struct.pack("<II", *u32(2))),
        element(8, struct.pack("<I", *u32(1))),
        address(10),
        address(12),
        element(14, struct.pack("<10I", *(rng.getrandbits(24) for _ in range(10)))),
        element(15, struct.pack("<QQQQ", *(rng.getrandbits(48) for _ in range(4)))),
        element(16, struct.pack("<II", *u32(2))),
    ], [
        event(rng),
        element(21, struct.pack("<QQQQ", *ipv6(rng), *ipv6(rng))) if six else element(
            20, struct.pack("<II", *u32(2))),
        element(22, struct.pack("<HH", rng.randrange(65536), rng.randrange(65536))),
        element(26, struct.pack("<HHHH", *(rng.randrange(65536) for _ in range(4)))),
        element(33, struct.pack("<QII", rng.getrandbits(64), *u32(1), 0)),
        element(36, struct.pack("<II", *u32(2))),
    ]


def flow(rng, everything):
    six = rng.random() < 0.3
    addresses = element(3, struct.pack("<QQQQ", *ipv6(rng), *ipv6(rng))) if six else element(
        2, struct.pack("<II", rng.getrandbits(32), rng.getrandbits(32)))
    shown, events = optional(rng, six)
    some = shown if everything else [e for e in shown + events if rng.random() < 0.5]
    elements = [generic(rng), addresses] + some
    body = b"".join(elements)
    return struct.pack("<HHHBBHBB", 11, 12 + len(body), len(elements), rng.randrange(4),
                       rng.randrange(4), rng.choice(list(EXPORTERS)), 0, 9) + body


def exporter(number):
    address = bytes.fromhex(EXPORTERS[number])
    family = 2 if len(address) == 4 else 10
    high, low = (0, int.from_bytes(address, "big")) if family == 2 else struct.unpack(
        ">QQ", address)
    return struct.pack("<HHIQQHHI", 7, 32, 9, high, low, family, number, 0)


def block(records):
    body = b"".join(records)
    return struct.pack("<IIHH", len(records), len(body), 3, 0) + body


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flows", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--block", type=int, default=300)
    parser.add_argument("--no-exporters", action="store_true")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    flows = [flow(rng, options.all) for _ in range(options.flows)]
    blocks = []
    if not options.no_exporters:
        blocks.append(block([exporter(number) for number in EXPORTERS]))
    for start in range(0, len(flows), options.block):
        blocks.append(block(flows[start:start + options.block]))
    header = struct.pack("<HHIQBBHIQII", 0xA50C, 2, 0x01070100, 1_795_344_000, 0, 0, 0, 0, 0, 0,
                         len(blocks))
    sys.stdout.buffer.write(header + b"".join(blocks))


if __name__ == "__main__":
    main()
