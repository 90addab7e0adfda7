#!/usr/bin/python3
"""Writes a flow-tools file, byte by byte, from rows of text; shares nothing with the C++ code.

usage: make_flow_tools.py [options] < ROWS > FILE

Each row is start,end,srcip,srcport,dstip,dstport,proto,flags,packets,bytes and may go on with
NAME=VALUE for the other fields of a record: tos, input, output, nexthop, exaddr, engine_type,
engine_id, src_as, dst_as, src_mask, dst_mask, pad, unix_secs, unix_nsecs, sysuptime, tail.
Times are ms since the epoch or 2012-04-30T07:43:50.057Z. Blank lines and lines with # are skipped.
"""

import argparse
import datetime
import ipaddress
import struct
import sys
import zlib

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
COLUMNS = ("start", "end", "srcip", "srcport", "dstip", "dstport", "proto", "flags", "packets",
           "bytes")
ADDRESSES = ("srcip", "dstip", "nexthop", "exaddr")
OTHERS = ("tos", "input", "output", "nexthop", "exaddr", "engine_type", "engine_id", "src_as",
          "dst_as", "src_mask", "dst_mask", "pad", "unix_secs", "unix_nsecs", "sysuptime", "tail")

# Bytes after the 56 that versions 1, 5, 6, 7 and 1005 share.
TAILS = {1: "I", 5: "BBBBHH", 6: "BBBBHHBBHI", 7: "BBBBHHI", 1005: "BBBBHHII"}

DONE, COMPRESS, STREAMING = 1, 2, 8


def parse_time(text):
    """Milliseconds since the epoch."""
    if text.lstrip("-").isdigit():
        return int(text)
    moment = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.timezone.utc)
    return (moment - EPOCH) // datetime.timedelta(milliseconds=1)


def parse_address(text):
    return int(text) if text.isdigit() else int(ipaddress.IPv4Address(text))


def parse_row(line):
    """A dict of all fields of a record."""
    cells = [cell.strip() for cell in line.split(",")]
    row = dict.fromkeys(OTHERS, 0)
    row["unix_secs"] = row["unix_nsecs"] = row["sysuptime"] = None
    for name, cell in zip(COLUMNS, cells):
        row[name] = cell
    if len(cells) < len(COLUMNS):
        raise ValueError(f"row has {len(cells)} cells, needs {len(COLUMNS)}: {line}")
    for cell in cells[len(COLUMNS):]:
        name, value = cell.split("=")
        if name not in OTHERS:
            raise ValueError(f"no such field: {name}")
        row[name] = value
    for name, value in row.items():
        if value is None:
            continue
        if name in ("start", "end"):
            row[name] = parse_time(str(value))
        elif name in ADDRESSES:
            row[name] = parse_address(str(value))
        else:
            row[name] = int(str(value), 0)
    return row


def uptimes(row):
    """unix_secs, unix_nsecs, sysUpTime, First, Last such that the wall clock comes out right.

    Unless the row says otherwise the record is exported at its end and the router has been up for
    a day; uptimes are modulo 2**32, as on routers.
    """
    secs = row["unix_secs"] if row["unix_secs"] is not None else row["end"] // 1000
    nsecs = row["unix_nsecs"] if row["unix_nsecs"] is not None else row["end"] % 1000 * 1_000_000
    uptime = row["sysuptime"] if row["sysuptime"] is not None else 86_400_000
    boot = secs * 1000 + nsecs // 1_000_000 - uptime
    return secs, nsecs, uptime, (row["start"] - boot) % 2**32, (row["end"] - boot) % 2**32


def pack_record(row, version, order):
    secs, nsecs, uptime, first, last = uptimes(row)
    head = struct.pack(
        order + "7I2H4I2H4B", secs, nsecs, uptime, row["exaddr"], row["srcip"], row["dstip"],
        row["nexthop"], row["input"], row["output"], row["packets"], row["bytes"], first, last,
        row["srcport"], row["dstport"], row["proto"], row["tos"], row["flags"], row["pad"])
    tail = [row["engine_type"], row["engine_id"], row["src_mask"], row["dst_mask"], row["src_as"],
            row["dst_as"]]
    if version == 1:
        tail = [row["tail"]]
    elif version == 6:
        tail += [row["tail"] & 0xFF, row["tail"] >> 8 & 0xFF, 0, 0]
    elif version == 7:
        tail += [row["tail"]]
    elif version == 1005:
        tail += [row["tail"], 0]
    return head + struct.pack(order + TAILS[version], *tail)


def pack_compat_record(row, order):
    """A record of stream version 1, which knows no uptime at export: First and Last count from its
    unix_secs, here the flow's start unless the row says otherwise.
    """
    base = {"unix_secs": row["start"] // 1000, "unix_nsecs": row["start"] % 1000 * 1_000_000}
    given = {name: row[name] for name in base if row[name] is not None}
    secs, nsecs, _, first, last = uptimes(row | base | given | {"sysuptime": 0})
    return struct.pack(
        order + "5I2H4I3H3B3x2H2BH", secs, nsecs // 1_000_000, row["srcip"], row["dstip"],
        row["nexthop"], row["input"], row["output"], row["packets"], row["bytes"], first, last,
        row["srcport"], row["dstport"], 0, row["proto"], row["tos"], row["flags"], row["src_as"],
        row["dst_as"], row["src_mask"], row["dst_mask"], 0)


def magic(order, stream_version):
    return bytes((0xCF, 0x10, 1 if order == "<" else 2, stream_version))


def header_v3(order, version, flags, rows):
    """The header of stream version 3; a streaming one is the 24 bytes that flow-cat pipes."""
    options = [struct.pack(order + "HHH", 2, 2, version), struct.pack(order + "HHI", 8, 4, flags)]
    if not flags & STREAMING:
        start = min((row["start"] for row in rows), default=0) // 1000
        end = max((row["end"] for row in rows), default=0) // 1000
        for kind, value in ((6, start), (7, end), (10, len(rows))):
            options.append(struct.pack(order + "HHI", kind, 4, value))
        comment = b"made by make_flow_tools.py\0"
        options.append(struct.pack(order + "HH", 0x10, len(comment)) + comment)
    body = b"".join(options)
    body += bytes(-len(body) % 4)
    return magic(order, 3) + struct.pack(order + "I", 8 + len(body)) + body


def header_v1(order, version, flags, rows):
    """The 360 fixed bytes of stream version 1."""
    return magic(order, 1) + struct.pack(
        order + "HH7I68s256s", version, 0, rows[0]["start"] // 1000 if rows else 0,
        rows[-1]["end"] // 1000 if rows else 0, flags, 0, len(rows), 0, 0, b"host",
        b"made by make_flow_tools.py")


def make(rows, version=5, order="<", flags=DONE, stream_version=3):
    """The bytes of a whole file; flags COMPRESS and STREAMING are obeyed."""
    if stream_version == 1:
        head = header_v1(order, version, flags, rows)
        body = b"".join(pack_compat_record(row, order) for row in rows)
    else:
        head = header_v3(order, version, flags, rows)
        body = b"".join(pack_record(row, version, order) for row in rows)
    return head + (zlib.compress(body) if flags & COMPRESS else body)


def main():
    parser = argparse.ArgumentParser(description="flow-tools file from rows of text on stdin")
    parser.add_argument("--big-endian", action="store_true")
    parser.add_argument("--compress", action="store_true")
    parser.add_argument("--streaming", action="store_true", help="the header that pipes carry")
    parser.add_argument("--version", type=int, default=5, choices=sorted(TAILS))
    parser.add_argument("--stream-version", type=int, default=3, choices=(1, 3))
    options = parser.parse_args()
    lines = (line.strip() for line in sys.stdin)
    rows = [parse_row(line) for line in lines if line and not line.startswith("#")]
    flags = STREAMING if options.streaming else DONE
    flags |= COMPRESS if options.compress else 0
    sys.stdout.buffer.write(make(rows, options.version, ">" if options.big_endian else "<", flags,
                                 options.stream_version))


if __name__ == "__main__":
    main()
