#!/usr/bin/python3
"""Reads flow-tools files of NetFlow v5 and v1 records; shares nothing with the C++ reader.

usage: flow_tools.py FILE...        prints the flows as CSV
"""

import csv
import struct
import sys
import zlib

from fields import Address

# Offset and struct format in a record of stream version 3, after FORMATS.md 1.4.
COMMON = {
    "unix_secs": (0, "I"), "unix_nsecs": (4, "I"), "sysuptime": (8, "I"), "exporter": (12, "I"),
    "srcip": (16, "I"), "dstip": (20, "I"), "nexthop": (24, "I"), "inif": (28, "H"),
    "outif": (30, "H"), "packets": (32, "I"), "bytes": (36, "I"), "first": (40, "I"),
    "last": (44, "I"), "srcport": (48, "H"), "dstport": (50, "H"), "proto": (52, "B"),
    "tos": (53, "B"), "flags": (54, "B"),
}
TAIL_5 = {
    "engine_type": (56, "B"), "engine_id": (57, "B"), "srcmask": (58, "B"), "dstmask": (59, "B"),
    "srcas": (60, "H"), "dstas": (62, "H"),
}
LAYOUTS = {1: (60, COMMON), 5: (64, COMMON | TAIL_5)}
ADDRESSES = ("exporter", "srcip", "dstip", "nexthop")
EX_VERSION, HEADER_FLAGS = 2, 8
COMPRESSED = 2


class BadFile(Exception):
    """The file is not what this reader reads."""


def _read_header(data):
    """(byte order, record version, compressed?, offset of the records) of a version 3 stream."""
    if data[:2] != b"\xcf\x10" or data[2] not in (1, 2) or data[3] != 3:
        raise BadFile("not a flow-tools stream of version 3")
    order = "<" if data[2] == 1 else ">"
    (end,) = struct.unpack_from(order + "I", data, 4)
    at, version, flags = 8, None, 0
    while at + 4 <= end:
        kind, length = struct.unpack_from(order + "HH", data, at)
        value = data[at + 4 : at + 4 + length]
        if kind == EX_VERSION:
            (version,) = struct.unpack(order + "H", value)
        elif kind == HEADER_FLAGS:
            (flags,) = struct.unpack(order + "I", value)
        at += 4 + length
    return order, version, bool(flags & COMPRESSED), end


def _wall_clock(record, uptime):
    """ms since the epoch of an uptime stamp; one far ahead of the export is from before a wrap."""
    if uptime > record["sysuptime"] + 2**31:
        uptime -= 2**32
    exported = record["unix_secs"] * 1000 + record["unix_nsecs"] // 1_000_000
    return exported - record["sysuptime"] + uptime


def _flow_of(record):
    flow = dict(record)
    for name in ADDRESSES:
        flow[name] = Address.of(flow[name])
    flow["start"] = _wall_clock(record, record["first"])
    flow["end"] = _wall_clock(record, record["last"])
    flow["duration"] = flow["end"] - flow["start"]
    flow["flows"] = 1
    return flow


def read_flows(path):
    """The flows of a file as dicts, in order, without flowId."""
    with open(path, "rb") as file:
        data = file.read()
    order, version, compressed, at = _read_header(data)
    if version not in LAYOUTS:
        raise BadFile(f"records of version {version}")
    size, fields = LAYOUTS[version]
    body = zlib.decompress(data[at:]) if compressed else data[at:]
    if len(body) % size:
        raise BadFile("the last record is cut short")
    flows = []
    for offset in range(0, len(body), size):
        flows.append(_flow_of({
            name: struct.unpack_from(order + kind, body, offset + place)[0]
            for name, (place, kind) in fields.items()}))
    return flows


def joined(inputs):
    """Several inputs, (content, flows) each, as one: flowIds run on, and what one lacks is None.

    `identity` tells which flows are the same: same content of the source, same place in it.
    """
    result, names = [], {}
    for content, flows in inputs:
        for ordinal, flow in enumerate(flows):
            result.append(flow | {"flowId": len(result), "identity": (content, ordinal)})
            names.update(dict.fromkeys(result[-1]))
    return [dict.fromkeys(names) | flow for flow in result]


def read_inputs(paths):
    """The flows of several files as one input."""
    inputs = []
    for path in paths:
        with open(path, "rb") as file:
            inputs.append((file.read(), read_flows(path)))
    return joined(inputs)


def main():
    flows = read_inputs(sys.argv[1:])
    writer = csv.writer(sys.stdout, lineterminator="\n")
    names = [name for name in (flows[0] if flows else ()) if name != "identity"]
    writer.writerow(names)
    for flow in flows:
        writer.writerow([flow[name] for name in names])


if __name__ == "__main__":
    main()
