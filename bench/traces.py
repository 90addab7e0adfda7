"""Makes what the jobs read: traces in the formats of ours and of the peers, queries, settings."""

import json
import os
import random
import re
import shutil
import subprocess
from functools import partial

import engine2013

CONVERSIONS = {
    ".ft": "-O flow-tools -z 6",
    ".plain.ft": "-O flow-tools -z 0",
    ".nfdump": "-O nfdump -z lz4",
    ".ipfix": "-O ipfix",
}
SMALL = 556  # as many flows as the example trace of the 2013 engine has
INTERVALS = 100_000  # on each side of the merge by time

NFILTER = """filter-primitive ssh
  type ip-port
  permit 22

filter-primitive one
  type counter
  permit gt 0

filter-primitive more
  type counter
  permit gt 1

filter-definition few
  match ip-destination-port ssh

filter-definition half
  match packets more

filter-definition all
  match packets one
"""

# Addresses as numbers, times as milliseconds: what DuckDB is fastest on.
TO_PARQUET = """copy (select epoch_ms("start") as "start", epoch_ms("end") as "end",
  {srcip} as srcip, srcport::usmallint as srcport, {dstip} as dstip, dstport::usmallint as dstport,
  proto::utinyint as proto, flags::utinyint as flags, packets::uinteger as packets,
  bytes::uinteger as bytes from read_csv('{csv}')) to '{parquet}' (format parquet)"""


def _address(name: str) -> str:
    parts = (f"split_part({name}, '.', {i + 1})::uinteger << {24 - 8 * i}" for i in range(4))
    return "(" + " | ".join(f"({part})" for part in parts) + ")"


def _say(environment: dict, command: str) -> None:
    subprocess.run(["/bin/sh", "-c", command], env=environment, check=True)


def _older(path: str, than: str) -> bool:
    return not os.path.exists(path) or os.path.getmtime(path) < os.path.getmtime(than)


def make_native(environment: dict, flows: int, note) -> None:
    """Makes the trace in our format, again whenever the tools are new."""
    stem = environment["flows"]
    generator = shutil.which("nfql-bench-generate", path=environment["PATH"])
    if generator is None:
        raise SystemExit("bench: nfql-bench-generate is not built")
    if _older(stem + ".nfql", generator):
        note(f"making {stem}.nfql")
        _say(environment, f"nfql-bench-generate --flows {flows} -o '{stem}.nfql'")


def read_by(command: str) -> set:
    """Suffixes of the traces that a command reads."""
    return set(re.findall(r"\$flows((?:\.\w+)+)", command))


def make(environment: dict, flows: int, suffixes: set, note) -> None:
    """Makes the trace in these formats, as far as the tools are there, and in ours. Those of others
    are made again when bench/traffic.cc, which says how flows look, is younger."""
    make_native(environment, flows, note)
    stem = environment["flows"]
    recipe = os.path.join(os.path.dirname(__file__), "traffic.cc")
    silk = shutil.which("rwipfix2silk", path=environment["PATH"]) is not None
    makers = {suffix: partial(_convert, how) for suffix, how in CONVERSIONS.items()}
    makers |= {".rw": _make_silk} if silk else {}
    makers |= {".parquet": _make_parquet} if environment["duckdb"] else {}
    for suffix, maker in makers.items():
        if suffix in suffixes and _older(stem + suffix, recipe):
            note(f"making {stem}{suffix}")
            maker(environment, stem + suffix)
    for suffix in {".nfql", *suffixes}:
        if os.path.exists(stem + suffix):  # into the page cache
            _say(environment, f"cat '{stem}{suffix}' > /dev/null")


def _convert(how: str, environment: dict, path: str) -> None:
    _say(environment, f"nfql-filter any $flows.nfql {how} -o '{path}'")


def _make_silk(environment: dict, path: str) -> None:
    _say(
        environment,
        f"rm -f '{path}'; nfql-filter any $flows.nfql -O ipfix -o '{path}.ipfix'"
        f" && rwipfix2silk --compression-method=none --silk-output='{path}' '{path}.ipfix'"
        f" && rm '{path}.ipfix'",
    )


def _make_parquet(environment: dict, path: str) -> None:
    columns = "start,end,srcip,srcport,dstip,dstport,proto,flags,packets,bytes"
    sql = TO_PARQUET.format(
        csv=path + ".csv", parquet=path, srcip=_address("srcip"), dstip=_address("dstip")
    ).replace('"', '\\"')
    _say(
        environment,
        f"nfql-filter $flows.nfql -O csv --columns {columns} -o '{path}.csv'"
        f" && $duckdb \"{sql}\" > /dev/null; rm -f '{path}.csv'",
    )


def make_aux(environment: dict) -> None:
    """Queries, settings of flow-nfilter, the small trace, and intervals to merge by time."""
    aux = environment["aux"]
    os.makedirs(aux, exist_ok=True)
    queries = {
        "few": engine2013.few(),
        "all": engine2013.all_flows(),
        "groups": engine2013.groups(),
        "http-large": engine2013.http_sessions(200),
        "http-all": engine2013.http_sessions(0),
    }
    for name, query in queries.items():
        with open(f"{aux}/{name}.json", "w", encoding="ascii") as file:
            json.dump(query, file)
    with open(f"{aux}/nfilter", "w", encoding="ascii") as file:
        file.write(NFILTER)
    if not os.path.exists(environment["small"]):
        _say(
            environment,
            f"nfql-bench-generate --flows {SMALL}"
            f" | nfql-filter any -O flow-tools -o '{environment['small']}'",
        )
    _make_intervals(environment)


def _make_intervals(environment: dict) -> None:
    """In any order, each inner one during exactly one outer one."""
    aux = environment["aux"]
    order = random.Random(1)
    apart_ms = 10
    sides = {"inner": (3, 5), "outer": (1, 8)}  # from and to, of every stretch of 10 ms
    for side, (begin, end) in sides.items():
        numbers = list(range(INTERVALS))
        order.shuffle(numbers)
        with open(f"{aux}/{side}.csv", "w", encoding="ascii") as file:
            file.write("start,end,srcip,dstip,packets,bytes\n")
            for number in numbers:
                at = 1_700_000_000_000 + number * apart_ms
                file.write(f"{at + begin},{at + end},10.0.0.1,10.0.0.2,1,{number}\n")
        _say(environment, f"nfql-filter '{aux}/{side}.csv' -o '{aux}/{side}.nfql'")
