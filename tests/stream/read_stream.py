#!/usr/bin/python3
"""Prints a native stream of NFQL as JSON lines and checks all that nfql-stream(5) demands of it.

Written from that page alone: shares nothing with the library, which it is there to check.
Usage: read_stream.py [FILE]. Exit code 1 and a message on stderr for a stream that breaks a rule.
"""

import ipaddress
import json
import math
import re
import struct
import sys

import lz4.block
import xxhash
import zstandard

MAGIC = bytes.fromhex("894e46514c0d0a1a")
STREAM_KINDS = {1: "flows", 2: "groups", 3: "tuples", 4: "collection"}
BLOCK_KINDS = {1: "sources", 2: "flows", 3: "groups", 4: "members", 5: "tuples"}
END = 255
TYPES = {1: "u8", 2: "u16", 3: "u32", 4: "u64", 5: "i64", 6: "f64", 7: "address", 8: "set"}
WIDTHS = {"u8": [1], "u16": [2], "u32": [4], "u64": [8], "i64": [8], "f64": [8], "address": [4, 16]}
MEANINGS = ["number", "time", "duration", "port", "protocol", "flags", "address", "mac"]
LOCAL = 0xFFFFFFFF
COUNT = (LOCAL, 18)
FIXED_TYPES = {(0, 152): "i64", (0, 153): "i64", (0, 148): "u64", (LOCAL, 16): "u64",
               (LOCAL, 17): "u64", COUNT: "u64"}
PLAIN, CONSTANT, UNKNOWN, DELTA = range(4)
NARROW = {4: 1, 5: 2, 6: 4}
SEQUENCE = 7
MAX_ROWS, MAX_EXPANDED = 65536, 64 << 20


class Broken(Exception):
    """The stream is not what the page says."""


def demand(condition, message):
    if not condition:
        raise Broken(message)


def padding_after(size):
    return -size % 8


class Input:
    """Bytes taken from the front, never more than there are."""

    def __init__(self, content, what):
        self.content, self.what, self.at = content, what, 0

    def take(self, size):
        demand(self.at + size <= len(self.content), f"{self.what} ends at byte {len(self.content)}")
        taken = self.content[self.at:self.at + size]
        self.at += size
        return taken

    def number(self, size):
        return int.from_bytes(self.take(size), "little")

    def padding(self, size):
        demand(not any(self.take(size)), f"padding before byte {self.at} of {self.what} is not zero")

    def finish(self):
        demand(self.at == len(self.content), f"{self.what} has {len(self.content)} bytes, not {self.at}")


def xxh3(content):
    return xxhash.xxh3_64_intdigest(content)


def read_name(payload):
    name = payload.take(payload.number(2)).decode("utf-8", "strict")
    demand(not re.search("[\x00-\x1f\x7f]", name), "a name has control characters")
    return name


def read_column_of_schema(payload):
    enterprise, element = payload.number(4), payload.number(2)
    kind, meaning, element_type = payload.number(1), payload.number(1), payload.number(1)
    demand(kind in TYPES and element_type in TYPES, "a column has no such type")
    demand(TYPES[element_type] != "set", "a column is of sets of sets")
    demand(meaning < len(MEANINGS), "a column has no such meaning")
    column = {"name": read_name(payload), "enterprise": enterprise, "element": element,
              "type": TYPES[kind], "meaning": MEANINGS[meaning]}
    if column["type"] == "set":
        column["element_type"] = TYPES[element_type]
    demand(column["name"], "a column has no name")
    fixed = FIXED_TYPES.get((enterprise, element))
    demand(fixed in (None, column["type"]), f"column {column['name']} must be of type {fixed}")
    return column


def ascii_lower(text):
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


def read_schema(payload):
    count = payload.number(2)
    demand(count <= 4096, "a schema has too many columns")
    schema = [read_column_of_schema(payload) for _ in range(count)]
    demand(len({ascii_lower(column["name"]) for column in schema}) == count, "names are not distinct")
    return schema


def count_column(schema):
    found = [i for i, c in enumerate(schema) if (c["enterprise"], c["element"]) == COUNT]
    return found[0] if found else None


def read_header(stream):
    head = stream.take(24)
    demand(head[:8] == MAGIC, "the magic is missing")
    version, kind, flags, length, checksum = struct.unpack("<HBBIQ", head[8:])
    demand(version == 1, f"version {version} is not known")
    demand(kind in STREAM_KINDS and flags in (0, 1), "kind or flags of the stream are not known")
    demand(length % 8 == 0 and length <= 16 << 20, "the length of the header is not possible")
    content = stream.take(length)
    demand(xxh3(head[:16] + content) == checksum, "the checksum of the header is wrong")
    payload = Input(content, "the header")
    branches = []
    for _ in range(payload.number(2)):
        name, groups, flows = read_name(payload), read_schema(payload), read_schema(payload)
        demand(not flags or count_column(groups) is not None, "no column counts the members")
        branches.append({"name": name, "groups": groups, "flows": flows})
    payload.padding(padding_after(payload.at))
    payload.finish()
    demand(1 <= len(branches) <= (4096 if kind >= 3 else 1), "the number of branches is wrong")
    demand(len({b["name"] for b in branches}) == len(branches), "names of branches are not distinct")
    demand(sum(len(b["groups"]) + len(b["flows"]) for b in branches) <= 65535, "too many columns")
    demand(not (flags and kind == 1), "flows have no members")
    return {"version": version, "kind": STREAM_KINDS[kind], "members": flags == 1, "branches": branches}


def address(value):
    if isinstance(value, tuple):
        wide = ipaddress.IPv6Address(value[0] << 64 | value[1])
        return str(wide.ipv4_mapped or wide)
    return str(ipaddress.IPv4Address(value))


def unpack_values(content, kind, width, count):
    demand(len(content) == width * count, f"{len(content)} bytes for {count} values of {width} bytes")
    if kind == "address" and width == 16:
        return list(struct.iter_unpack("<QQ", content))
    letters = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q", "i64": "q", "f64": "d", "address": "I"}
    return list(struct.unpack(f"<{count}{letters[kind]}", content))


def undo_delta(content, kind, width, rows):
    bits = 8 * width
    before, values = 0, []
    for stored in unpack_values(content, {4: "u32", 8: "u64"}[width], width, rows):
        difference = stored // 2 if stored % 2 == 0 else -1 - stored // 2
        before = (before + difference) % (1 << bits)
        signed = kind == "i64" and before >= 1 << (bits - 1)
        values.append(before - (1 << bits) if signed else before)
    return values


def number_of(value, kind, width):
    """The value of a whole number or 4-byte address from a number without sign."""
    return unpack_values(value.to_bytes(width, "little"), kind, width, 1)[0]


def undo_narrow(content, kind, entry, rows):
    size, width = NARROW[entry["encoding"]], entry["width"]
    distances = (int.from_bytes(content[i * size:(i + 1) * size], "little") for i in range(rows))
    return [number_of((entry["min"] + d) % (1 << 8 * width), kind, width) for d in distances]


def undo_sequence(first, step, kind, width, rows):
    return [number_of((first + i * step) % (1 << 8 * width), kind, width) for i in range(rows)]


def decompress(entry, stored):
    if entry["method"] == 0:
        return stored
    demand(max(entry["raw"], len(stored)) <= MAX_EXPANDED, "a compressed column is too long")
    try:
        if entry["method"] == 1:
            return lz4.block.decompress(stored, uncompressed_size=entry["raw"])
        with zstandard.ZstdDecompressor().stream_reader(stored, read_across_frames=True) as reader:
            return reader.read(entry["raw"] + 1)
    except (lz4.block.LZ4BlockError, zstandard.ZstdError) as error:
        raise Broken(f"compressed bytes are corrupt: {error}") from error


def read_bitmap(raw, rows):
    bits = raw.take((rows + 63) // 64 * 8)
    number = int.from_bytes(bits, "little")
    demand(number >> rows == 0, "bits of the bitmap beyond the last row are not 0")
    return [number >> i & 1 == 1 for i in range(rows)]


def read_sets(raw, kind, width, rows):
    offsets = struct.unpack(f"<{rows + 1}I", raw.take(4 * (rows + 1)))
    raw.padding(padding_after(4 * (rows + 1)))
    demand(offsets[0] == 0 and list(offsets) == sorted(offsets), "offsets are out of order")
    values = unpack_values(raw.take(width * offsets[-1]), kind, width, offsets[-1])
    sets = [values[a:b] for a, b in zip(offsets, offsets[1:])]
    for one in sets:
        demand(not any(b <= a for a, b in zip(one, one[1:])), "values of a set are out of order")
    return sets


def check_entry(entry, column, rows):
    kind, width = column["type"], entry["width"]
    demand(entry["encoding"] in range(8) and entry["method"] in range(3), "no such encoding or method")
    demand(entry["flags"] < 4 and entry["zero"] == 0, "unknown flags")
    demand(width in WIDTHS[column.get("element_type", kind)], "the width is not possible")
    if entry["encoding"] == UNKNOWN:
        demand(not (entry["flags"] or entry["stored"] or entry["raw"] or entry["method"]),
               "a column without values has something")
    demand(entry["encoding"] != CONSTANT or kind != "set", "a constant set")
    demand(entry["encoding"] != DELTA or kind in ("u32", "u64", "i64"), "deltas of another type")
    if entry["encoding"] in NARROW:
        demand(kind in ("u16", "u32", "u64", "i64") or (kind, width) == ("address", 4),
               "narrow values of another type")
        demand(NARROW[entry["encoding"]] < width and entry["flags"] & 2, "narrow values cannot be so")
    if entry["encoding"] == SEQUENCE:
        demand(kind in ("u32", "u64", "i64") and not entry["flags"] & 1, "a sequence cannot be so")
    demand(entry["method"] != 0 or entry["raw"] == entry["stored"], "raw and stored lengths differ")
    expanded = entry["raw"] if entry["method"] or entry["encoding"] == DELTA else 0
    made = entry["encoding"] in (CONSTANT, SEQUENCE, *NARROW)
    return expanded + (rows * width if made else 0)


def check_extremes(entry, column, values):
    found = [v for v in values if v is not None]
    if column["type"] == "f64":
        found = [v for v in found if not math.isnan(v)]
    if not entry["flags"] & 2:
        demand(entry["min"] == 0 == entry["max"], "extremes without their flag")
        return
    demand(column["type"] != "set" and entry["width"] <= 8 and found, "extremes are not possible")
    given = struct.pack("<QQ", entry["min"], entry["max"])
    letter = {"i64": "q", "f64": "d"}.get(column["type"], "Q")
    demand(struct.unpack(f"<2{letter}", given) == (min(found), max(found)), "extremes are wrong")


def read_column(entry, column, rows, stored):
    """The values of all rows, None where unknown."""
    kind, width = column["type"], entry["width"]
    content = decompress(entry, stored)
    demand(len(content) == entry["raw"], "the raw length is wrong")
    raw = Input(content, f"column {column['name']}")
    if entry["encoding"] == UNKNOWN:
        known = [False] * rows
    else:
        known = read_bitmap(raw, rows) if entry["flags"] & 1 else [True] * rows
    if entry["encoding"] == UNKNOWN:
        values = [0] * rows
    elif kind == "set":
        values = read_sets(raw, column["element_type"], width, rows)
    elif entry["encoding"] == CONSTANT:
        values = unpack_values(raw.take(width), kind, width, 1) * rows
        raw.padding(padding_after(width))
    elif entry["encoding"] in NARROW:
        values = undo_narrow(raw.take(NARROW[entry["encoding"]] * rows), kind, entry, rows)
    elif entry["encoding"] == SEQUENCE:
        values = undo_sequence(raw.number(8), raw.number(8), kind, width, rows)
    elif entry["encoding"] == DELTA:
        values = undo_delta(raw.take(width * rows), kind, width, rows)
    else:
        values = unpack_values(raw.take(width * rows), kind, width, rows)
    raw.finish()
    values = [value if is_known else None for value, is_known in zip(values, known)]
    check_extremes(entry, column, values)
    return values


def printable(column, value):
    if value is None:
        return None
    if column["type"] == "set":
        return [address(v) for v in value] if column["element_type"] == "address" else value
    return address(value) if column["type"] == "address" else value


class Order:
    """Which block may come next, and the numbers that blocks must agree on."""

    def __init__(self, header):
        self.header = header
        self.groups = [0] * len(header["branches"])
        self.due, self.branch = 0, 0

    def schema(self, kind, branch):
        demand(branch < len(self.groups), f"there is no branch {branch}")
        demand(self.due == 0 or kind == "members", f"{self.due} members are missing")
        stream = self.header["kind"]
        demand((stream == "flows") == (kind == "flows"), f"{kind} in a stream of {stream}")
        if kind == "tuples":
            demand(stream == "tuples" and branch == 0, "tuples where none may be")
            return [{"name": b["name"], "type": "u64"} for b in self.header["branches"]]
        if kind == "members":
            demand(self.header["members"] and branch == self.branch, "members where none may be")
        return self.header["branches"][branch]["groups" if kind == "groups" else "flows"]

    def note(self, kind, branch, rows, columns):
        if kind == "groups":
            self.groups[branch] += rows
            if self.header["members"]:
                counts = columns[count_column(self.header["branches"][branch]["groups"])]
                demand(all(c is not None and c <= 1 << 40 for c in counts), "a count is not possible")
                self.due, self.branch = sum(counts), branch
        elif kind == "members":
            demand(rows <= self.due, "there are more members than counted")
            self.due -= rows
        elif kind == "tuples":
            for column, groups in zip(columns, self.groups):
                demand(all(i is not None and i < groups for i in column), "a tuple has no such group")


def read_block(stream):
    """The head, the directory's entries and the stored bytes of the columns."""
    head = stream.take(32)
    kind, flags, branch, rows, columns, directory_length, length, checksum = struct.unpack("<BBHIIIQQ", head)
    demand(columns <= 65535 and directory_length == 48 * columns, "the directory is not possible")
    directory = stream.take(directory_length)
    demand(xxh3(head[:24] + directory) == checksum, "the checksum of a block is wrong")
    names = ("encoding", "method", "width", "flags", "zero", "stored", "raw", "checksum", "min", "max")
    entries = [dict(zip(names, e)) for e in struct.iter_unpack("<BBBBIQQQQQ", directory)]
    demand(all(e["stored"] <= 1 << 40 for e in entries), "a column is too long")
    demand(length == sum(e["stored"] + padding_after(e["stored"]) for e in entries), "lengths differ")
    payload = Input(stream.take(length), "a block")
    stored = []
    for entry in entries:
        stored.append(payload.take(entry["stored"]))
        payload.padding(padding_after(entry["stored"]))
        demand(xxh3(stored[-1]) == entry["checksum"], "the checksum of a column is wrong")
    return {"kind": kind, "flags": flags, "branch": branch, "rows": rows}, entries, stored


def only_bytes(entries, stored):
    demand(len(entries) == 1, "the directory is not possible")
    expected = dict(entries[0], encoding=0, method=0, width=1, flags=0, zero=0, min=0, max=0,
                    raw=len(stored[0]))
    demand(entries[0] == expected, "the directory is not possible")
    return Input(stored[0], "a block")


def source_rows(head, entries, stored):
    content = only_bytes(entries, stored)
    rows = []
    for _ in range(head["rows"]):
        fingerprint, first = content.number(8), content.number(8)
        name = content.take(content.number(2)).decode("utf-8", "backslashreplace")
        rows.append({"name": name, "fingerprint": fingerprint, "first_flow": first})
    content.finish()
    return rows


def data_rows(order, kind, head, entries, stored):
    rows = head["rows"]
    demand(1 <= rows <= MAX_ROWS, f"a block of {rows} rows")
    schema = order.schema(kind, head["branch"])
    demand(len(entries) == len(schema), "the number of columns is wrong")
    expanded = sum(check_entry(e, c, rows) for e, c in zip(entries, schema))
    demand(expanded <= MAX_EXPANDED, "the block would expand too much")
    columns = [read_column(e, c, rows, s) for e, c, s in zip(entries, schema, stored)]
    order.note(kind, head["branch"], rows, columns)
    return [{c["name"]: printable(c, values[i]) for c, values in zip(schema, columns)}
            for i in range(rows)]


def read_end(order, head, entries, stored, totals):
    demand(head["branch"] == head["rows"] == head["flags"] == 0, "the end block is not possible")
    demand(order.due == 0, f"{order.due} members are missing")
    content = only_bytes(entries, stored)
    found = [content.number(8) for _ in range(6)]
    content.finish()
    demand(found == totals, f"the totals are {found}, but {totals} came")
    return {"kind": "end", "blocks": found[0], "rows": dict(zip(BLOCK_KINDS.values(), found[1:]))}


def read_stream(content, emit):
    stream = Input(content, "the stream")
    header = read_header(stream)
    emit(header)
    order, totals = Order(header), [0] * 6
    while True:
        head, entries, stored = read_block(stream)
        kind = BLOCK_KINDS.get(head["kind"])
        if head["kind"] == END:
            emit(read_end(order, head, entries, stored, totals))
            break
        totals[0] += 1
        if kind is None:
            demand(head["flags"] & 1, f"block kind {head['kind']} is not known")
            continue
        demand(head["flags"] < 2, "the flags of a block are not known")
        demand(head["branch"] < len(header["branches"]), "a block has no such branch")
        rows = (source_rows(head, entries, stored) if kind == "sources"
                else data_rows(order, kind, head, entries, stored))
        totals[head["kind"]] += head["rows"]
        for row in rows:
            emit({"kind": kind, "branch": head["branch"], "row": row})
    stream.finish()


def main():
    name = sys.argv[1] if len(sys.argv) > 1 else "-"
    sys.stdout.reconfigure(encoding="utf-8")
    try:
        with (sys.stdin.buffer if name == "-" else open(name, "rb")) as file:
            read_stream(file.read(), lambda value: print(
                json.dumps(value, ensure_ascii=False, separators=(",", ":"))))
    except (Broken, OSError, UnicodeDecodeError) as error:
        print(f"read_stream.py: {name}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
