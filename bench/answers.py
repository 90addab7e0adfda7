"""Reads what a contender wrote, of whatever format, so that two answers can be compared.

An answer is (rows, digest). Of flows the digest is the sums of packets and bytes; of CSV it is a
checksum of all rows in any order.
"""

import glob
import json
import os
import re
import subprocess
import zlib

import jobs


def _said(command: str, environment: dict) -> str:
    done = subprocess.run(
        ["/bin/sh", "-c", command], env=environment, stdout=subprocess.PIPE, check=True, text=True
    )
    return done.stdout


def _ours(path: str, environment: dict):
    """A file that the tools read."""
    text = _said(
        f"nfql-group '' -a 'sum(packets) as packets, sum(bytes) as bytes' --no-members -O csv"
        f" --columns count,packets,bytes '{path}'",
        environment,
    )
    lines = text.split()[1:]  # the first names the columns; without flows there is no other
    count, packets, octets = map(int, lines[0].split(",") if lines else (0, 0, 0))
    return count, (packets, octets)


def _groups(path: str, environment: dict):
    """A stream of groups, of ours: how many, and the sums of their flows."""
    return _rows_and_sums(
        f"nfql-gfilter any '{path}' -O csv --columns packets,bytes | tail -n +2", environment
    )


def _tuples(path: str, environment: dict):
    """What nfql-merge wrote: each tuple is a stream of flows."""
    stats = json.loads(_said(f"nfql-ungroup '{path}' --stats=json -o /dev/null 2>&1", environment))
    return stats["stages"][0]["streams"], None


def _silk_groups(path: str, environment: dict):
    """What rwgroup wrote: it numbers groups in the field of the next hop."""
    return _rows_and_sums(
        "rwuniq --fields=nhip --values=packets,bytes --no-titles --no-columns --column-separator=,"
        f" --no-final-delimiter '{path}' | cut -d , -f 2,3",
        environment,
    )


def _nfdump_groups(path: str, environment: dict):
    """What nfdump -a wrote; its summary counts the flows, not the records."""
    return _rows_and_sums(f"nfdump -r '{path}' -N -q -o fmt:%pkt,%byt | grep ,", environment)


def _rows_and_sums(command: str, environment: dict):
    adds_up = """ | awk -F , '{ p += $1; b += $2 } END { printf "%d %d %d", NR, p, b }'"""
    rows, packets, octets = map(int, _said(command + adds_up, environment).split())
    return rows, (packets, octets)


def _nfdump(path: str, environment: dict):
    text = _said(f"nfdump -r '{path}' -N -o null", environment)
    found = re.search(r"total flows: (\d+), total bytes: (\d+), total packets: (\d+)", text)
    count, octets, packets = map(int, found.groups())
    return count, (packets, octets)


def _silk(path: str, environment: dict):
    text = _said(
        f"rwtotal --proto --summation --skip-zeroes --no-titles --no-columns '{path}'", environment
    )
    count, octets, packets = re.search(r"TOTALS\|(\d+)\|(\d+)\|(\d+)", text).groups()
    return int(count), (int(packets), int(octets))


def _parquet(path: str, environment: dict):
    sql = f"select count(*), coalesce(sum(packets), 0), coalesce(sum(bytes), 0) from '{path}'"
    count, packets, octets = map(int, _said(f'$duckdb "{sql}"', environment).split(","))
    return count, (packets, octets)


def _printed(path: str, _environment: dict):
    """Flows as flow-print and the 2013 engine print them: packets and bytes come last."""
    count = packets = octets = 0
    with open(path, encoding="ascii") as lines:
        for line in lines:
            cells = line.split()
            if len(cells) == 12 and cells[0][0].isdigit():
                count += 1
                packets += int(cells[-2])
                octets += int(cells[-1])
    return count, (packets, octets)


def _csv(path: str, _environment: dict):
    """Rows of numbers and addresses; a line that has letters is a title."""
    rows = digest = 0
    known: dict = {}
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            cells = [_plain(cell, known) for cell in line.split(",")]
            if all(cells):
                rows += 1
                digest += zlib.crc32(",".join(cells).encode())
    return rows, digest


def _plain(cell: str, known: dict) -> str:
    """A number as it is, an address as a number, nothing for what is neither."""
    cell = cell.strip()
    if cell.isdigit():
        return cell
    if cell not in known:
        parts = cell.split(".")
        known[cell] = ""
        if len(parts) == 4 and all(part.isdigit() for part in parts):
            known[cell] = str(int.from_bytes(bytes(map(int, parts)), "big"))
    return known[cell]


_READERS = {
    ".groups": _groups,
    ".tuples": _tuples,
    ".rwgroups": _silk_groups,
    ".nfgroups": _nfdump_groups,
    ".nfql": _ours,
    ".ft": _ours,
    ".ftz": _ours,
    ".ipfix": _ours,
    ".nfdump": _nfdump,
    ".rw": _silk,
    ".parquet": _parquet,
    ".txt": _printed,
    ".csv": _csv,
    ".lines": lambda path, _: (int(_said(f"wc -l < '{path}'", None)), None),
}


def outputs(contender) -> list:
    return glob.glob(contender.environment["out"] + ".*")


def take(contender) -> None:
    """Remembers the answer and the size of the output."""
    for path in outputs(contender):
        reader = _READERS.get(os.path.splitext(path)[1])
        if reader is not None:
            contender.answer = reader(path, contender.environment)
            contender.size = os.path.getsize(path)
            return


def agree(ours, other, how) -> bool:
    if how is None:
        return True
    if how == jobs.ABOUT:
        return abs(ours[0] - other[0]) <= 0.05 * ours[0]
    if how == jobs.ROWS:
        return ours[0] == other[0]
    return ours == other
