#!/usr/bin/python3
"""Writes a SiLK file, byte by byte, from rows of text; shares nothing with the C++ code.

usage: make_silk.py [options] < ROWS > FILE

Each row is start,end,srcip,srcport,dstip,dstport,proto,flags,packets,bytes and may go on with
NAME=VALUE for the other fields of a record: nexthop, input, output, sensor, type, initial, session,
state, application, memo. With initial or session the record says that it tells them apart.
Times are ms since the epoch or 2012-04-30T07:43:50.057Z. Blank lines and lines with # are skipped.
"""

import argparse
import ipaddress
import struct
import sys
import zlib

from make_flow_tools import COLUMNS, parse_time

OTHERS = ("nexthop", "input", "output", "sensor", "type", "initial", "session", "state",
          "application", "memo")
ADDRESSES = ("srcip", "dstip", "nexthop")
EXPANDED, IPV6 = 0x01, 0x80

# Number of the format, version and size of its records.
FORMATS = {"generic": (0x16, 5, 52), "routing1": (0x0C, 1, 88), "routing3": (0x0C, 3, 100)}
METHODS = ("none", "zlib", "lzo", "snappy")


def parse_row(line):
    cells = [cell.strip() for cell in line.split(",")]
    row = dict.fromkeys(OTHERS, "0") | dict(zip(COLUMNS, cells))
    row["nexthop"] = "::" if ":" in row["srcip"] else "0.0.0.0"
    given = dict(cell.split("=") for cell in cells[len(COLUMNS):])
    if not set(given) <= set(OTHERS):
        raise ValueError(f"no such field: {line}")
    row |= given
    for name, text in row.items():
        if name in ("start", "end"):
            row[name] = parse_time(text)
        elif name in ADDRESSES:
            row[name] = ipaddress.ip_address(text)
        else:
            row[name] = int(text, 0)
    row["state"] |= EXPANDED if {"initial", "session"} & set(given) else 0
    row["state"] |= IPV6 if row["srcip"].version == 6 else 0
    return row


def pack_address(address, layout, order):
    if layout == "generic":
        return struct.pack(order + "I", int(address))
    return address.packed if address.version == 6 else bytes(10) + b"\xff\xff" + address.packed


def pack_record(row, layout, order):
    elapsed = row["end"] - row["start"]
    head = struct.pack(order + "qIHHBBHBBBBHH", row["start"], elapsed, row["srcport"],
                       row["dstport"], row["proto"], row["type"], row["sensor"], row["flags"],
                       row["initial"], row["session"], row["state"], row["application"],
                       row["memo"])
    addresses = b"".join(pack_address(row[name], layout, order) for name in ADDRESSES)
    if layout == "routing3":
        counters = struct.pack(order + "IQQ", row["input"], row["packets"], row["bytes"])
        return head + counters + addresses + struct.pack(order + "I", row["output"])
    return head + struct.pack(order + "HHII", row["input"], row["output"], row["packets"],
                              row["bytes"]) + addresses


def header(layout, method, order):
    """With the command line that made the file, padded to a multiple of the record size."""
    number, version, size = FORMATS[layout]
    command = b"make_silk.py\0"
    start = struct.pack(">IBBBBIHH", 0xDEADBEEF, 1 if order == ">" else 0, number, 16,
                        METHODS.index(method), 3019001, size, version)
    entry = struct.pack(">II", 2, 8 + len(command)) + command
    padding = -(len(start) + len(entry) + 8) % size
    return start + entry + struct.pack(">II", 0, 8 + padding) + bytes(padding)


def lzo(raw):
    """LZO1X: one run of literals."""
    if len(raw) <= 238:
        return bytes((17 + len(raw),)) + raw + b"\x11\0\0"
    zeros, rest = divmod(len(raw) - 18 - 1, 255)
    return bytes(1 + zeros) + bytes((rest + 1,)) + raw + b"\x11\0\0"


def snappy(raw):
    """The size, then one literal of at most 64 KiB."""
    size, rest = b"", len(raw)
    while rest >= 0x80:
        size += bytes((rest & 0x7F | 0x80,))
        rest >>= 7
    return size + bytes((rest,)) + struct.pack("<BH", 61 << 2, len(raw) - 1) + raw


def block(raw, method):
    stored = {"zlib": zlib.compress, "lzo": lzo, "snappy": snappy}[method](raw)
    return struct.pack(">II", len(stored), len(raw)) + stored


def make(rows, layout, method, order):
    records = [pack_record(row, layout, order) for row in rows]
    if method == "none":
        return header(layout, method, order) + b"".join(records)
    most = 65536 // FORMATS[layout][2]
    blocks = [block(b"".join(records[at:at + most]), method)
              for at in range(0, len(records), most)]
    return header(layout, method, order) + b"".join(blocks)


def main():
    parser = argparse.ArgumentParser(description="SiLK file from rows of text on stdin")
    parser.add_argument("--big-endian", action="store_true")
    parser.add_argument("--compress", default="none", choices=METHODS)
    parser.add_argument("--layout", default="generic", choices=FORMATS)
    options = parser.parse_args()
    lines = (line.strip() for line in sys.stdin)
    rows = [parse_row(line) for line in lines if line and not line.startswith("#")]
    sys.stdout.buffer.write(make(rows, options.layout, options.compress,
                                 ">" if options.big_endian else "<"))


if __name__ == "__main__":
    main()
