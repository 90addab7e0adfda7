#!/usr/bin/python3
"""Writes a stream of flows, byte by byte after nfql-stream(5); shares nothing with the C++ code.

usage: make_nfql.py < ROWS > FILE

ROWS is CSV with a header that names the columns, of those in COLUMNS; an empty cell is an unknown
value. Times are ms since the epoch. flowIds count from 0.
"""

import csv
import ipaddress
import struct
import sys

import xxh3

MAGIC = bytes.fromhex("894e46514c0d0a1a")
FLOWS, SOURCES, END = 2, 1, 255  # kinds of blocks
TYPES = {"u8": (1, "B"), "u16": (2, "H"), "u32": (3, "I"), "u64": (4, "Q"), "i64": (5, "q"),
         "address": (7, "")}
WIDTHS = {"u8": 1, "u16": 2, "u32": 4, "u64": 8, "i64": 8}
NUMBER, TIME, PORT, PROTOCOL, FLAGS, ADDRESS = 0, 1, 3, 4, 5, 6  # meanings
PLAIN, UNKNOWN = 0, 2  # encodings
BITMAP, EXTREMES = 1, 2

# IPFIX element, type and meaning.
COLUMNS = {
    "start": (152, "i64", TIME), "end": (153, "i64", TIME),
    "srcip": (8, "address", ADDRESS), "srcport": (7, "u16", PORT),
    "dstip": (12, "address", ADDRESS), "dstport": (11, "u16", PORT),
    "proto": (4, "u8", PROTOCOL), "flags": (6, "u8", FLAGS),
    "packets": (2, "u64", NUMBER), "bytes": (1, "u64", NUMBER), "flows": (3, "u64", NUMBER),
    "tos": (5, "u8", NUMBER), "inif": (10, "u32", NUMBER), "outif": (14, "u32", NUMBER),
    "nexthop": (15, "address", ADDRESS), "srcas": (16, "u32", NUMBER),
    "dstas": (17, "u32", NUMBER), "srcmask": (9, "u8", NUMBER), "dstmask": (13, "u8", NUMBER),
    "exporter": (130, "address", ADDRESS), "engine_type": (38, "u8", NUMBER),
    "engine_id": (39, "u8", NUMBER), "flowId": (148, "u64", NUMBER),
}


def padded(content):
    return content + bytes(-len(content) % 8)


def name_bytes(name):
    encoded = name.encode()
    return struct.pack("<H", len(encoded)) + encoded


def header(names):
    schema = struct.pack("<H", len(names))
    for name in names:
        element, kind, meaning = COLUMNS[name]
        number = TYPES[kind][0]
        schema += struct.pack("<IHBBB", 0, element, number, meaning, number) + name_bytes(name)
    # One branch without a name, a schema of groups without columns, and that of the flows.
    payload = padded(struct.pack("<H", 1) + name_bytes("") + struct.pack("<H", 0) + schema)
    head = MAGIC + struct.pack("<HBBI", 1, 1, 0, len(payload))
    return head + struct.pack("<Q", xxh3.xxh3(head + payload)) + payload


def block(kind, rows, columns):
    """columns: (fields of a directory entry but lengths and checksum, stored bytes) each."""
    directory = b"".join(
        struct.pack("<BBBBIQQQqq" if low < 0 else "<BBBBIQQQQQ", encoding, 0, width, flags, 0,
                    len(stored), len(stored), xxh3.xxh3(stored), low, high)
        for (encoding, width, flags, low, high), stored in columns)
    payload = b"".join(padded(stored) for _, stored in columns)
    head = struct.pack("<BBHIIIQ", kind, 0, 0, rows, len(columns), len(directory), len(payload))
    return head + struct.pack("<Q", xxh3.xxh3(head + directory)) + directory + payload


def address_number(value):
    """The 128 bits of an address; IPv4 is mapped."""
    return int(value) if value.version == 6 else 0xFFFF << 32 | int(value)


def address_bytes(values):
    """Width and bytes of a column of addresses."""
    if all(value.version == 4 for value in values if value is not None):
        return 4, b"".join(struct.pack("<I", int(value or 0)) for value in values)
    numbers = [0 if value is None else address_number(value) for value in values]
    return 16, b"".join(struct.pack("<QQ", n >> 64, n & 2**64 - 1) for n in numbers)


def column(kind, values):
    known = [value for value in values if value is not None]
    if kind == "address":
        width, stored = address_bytes(values)
        known = [int(value) for value in known] if width == 4 else known
    else:
        width = WIDTHS[kind]
        stored = struct.pack(f"<{len(values)}{TYPES[kind][1]}", *(v or 0 for v in values))
    if not known:
        return (UNKNOWN, width, 0, 0, 0), b""
    flags = 0
    if len(known) < len(values):
        bits = sum(1 << i for i, value in enumerate(values) if value is not None)
        stored = bits.to_bytes((len(values) + 63) // 64 * 8, "little") + stored
        flags = BITMAP
    if width == 16:
        return (PLAIN, width, flags, 0, 0), stored
    return (PLAIN, width, flags | EXTREMES, min(known), max(known)), stored


def only_bytes(content):
    return [((PLAIN, 1, 0, 0, 0), content)]


def make(rows, names, rows_per_block=65536):
    """The bytes of a stream; rows are dicts, None or no entry is unknown; flowId is added."""
    names = [name for name in names if name != "flowId"] + ["flowId"]
    rows = [{**row, "flowId": i} for i, row in enumerate(rows)]
    # So that different flows come from different sources, the fingerprint is of all rows.
    fingerprint = xxh3.xxh3(repr([[row.get(name) for name in names] for row in rows]).encode())
    source = struct.pack("<QQ", fingerprint, 0) + name_bytes("made by make_nfql.py")
    blocks = [block(SOURCES, 1, only_bytes(source))]
    for at in range(0, len(rows), rows_per_block):
        part = rows[at:at + rows_per_block]
        blocks.append(block(FLOWS, len(part), [
            column(COLUMNS[name][1], [row.get(name) for row in part]) for name in names]))
    totals = struct.pack("<6Q", len(blocks), 1, len(rows), 0, 0, 0)
    return header(names) + b"".join(blocks) + block(END, 0, only_bytes(totals))


def parse(name, cell):
    if cell == "":
        return None
    return ipaddress.ip_address(cell) if COLUMNS[name][1] == "address" else int(cell, 0)


def main():
    reader = csv.reader(sys.stdin)
    names = next(reader)
    rows = [{name: parse(name, cell) for name, cell in zip(names, line)} for line in reader]
    sys.stdout.buffer.write(make(rows, names))


if __name__ == "__main__":
    main()
