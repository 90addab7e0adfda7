"""Random traces: flows in a form that can be written again without some of them."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "data"))

import flow_tools
import make_flow_tools
import make_nfql
from fields import FIELDS, Address

ADDRESSES = [Address.of(text) for text in (
    "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.1.1", "10.0.1.9", "192.168.7.7")]
WIDE_ADDRESSES = [Address.of(text) for text in (
    "2001:db8::1", "2001:db8::2", "2001:db8:0:1::9", "::1", "fe80::10")]
PORTS = (53, 80, 443, 1024, 1025, 5353, 65535, 0)
EPOCH_MS = 1_335_771_830_057
# flow-tools names fields of its records in its own way.
FLOW_TOOLS_NAMES = {"inif": "input", "outif": "output", "exporter": "exaddr", "srcas": "src_as",
                    "dstas": "dst_as", "srcmask": "src_mask", "dstmask": "dst_mask"}
ROUTING = set(flow_tools.TAIL_5)  # what records of version 1 do not know
COMPUTED = ("duration", "flows", "flowId")


class Trace:
    """A file of flows: rows as its writer takes them, and how they are written."""

    def __init__(self, path, rows, writer, **options):
        self.path = path
        self.rows = rows
        self.writer = writer
        self.options = options

    def with_rows(self, rows):
        return Trace(self.path, rows, self.writer, **self.options)

    def write(self):
        with open(self.path, "wb") as file:
            file.write(self.writer(self.rows, **self.options))

    def is_native(self):
        return self.writer is make_nfql.make

    def read(self):
        """The flows, without what they are only among others (flowId, identity)."""
        if not self.is_native():
            return flow_tools.read_flows(self.path)
        return [native_flow(row, self.options["names"]) for row in self.rows]


def native_flow(row, names):
    """A row of make_nfql as a flow."""
    flow = {name: row.get(name) for name in names}
    for name, value in flow.items():
        if value is not None and FIELDS[name][1] == "address":
            flow[name] = Address.of(value)
    flow["duration"] = None if None in (flow["start"], flow["end"]) else flow["end"] - flow["start"]
    flow.setdefault("flows", 1)
    return flow


def read_all(traces):
    """The flows of several traces as one input, with a value or None for each field that one has."""
    unknown = dict.fromkeys(fields_of(traces))
    inputs = [(pathlib.Path(trace.path).read_bytes(), trace.read()) for trace in traces]
    return [unknown | flow for flow in flow_tools.joined(inputs)]


def fields_of(traces):
    """The fields that a query over these traces may name."""
    names = set(COMPUTED)
    for trace in traces:
        if trace.is_native():
            names |= set(trace.options["names"])
        else:
            names |= set(FIELDS) - (ROUTING if trace.options.get("version") == 1 else set())
    if len({trace.is_native() for trace in traces}) > 1:
        names.discard("flows")  # one says it, the other does not: LANGUAGE.md is silent
    return [name for name in FIELDS if name in names]


# ---- random ones

def random_values(chance, addresses, spread):
    """A flow; few distinct values, so that queries match."""
    start = EPOCH_MS + spread * chance.randrange(20)
    large = chance.random() < 0.1
    return {
        "start": start, "end": start + spread * chance.choice((0, 0, 1, 1, 2, 3, 5, 8)),
        "srcip": chance.choice(addresses), "dstip": chance.choice(addresses),
        "srcport": chance.choice(PORTS), "dstport": chance.choice(PORTS),
        "proto": chance.choice((6, 6, 6, 17, 17, 1, 47)),
        "flags": chance.choice((0, 2, 16, 18, 27, 31)),
        "packets": 2**32 - 1 - chance.randrange(3) if large else chance.randrange(1, 12),
        "bytes": 2**32 - 1 - chance.randrange(3) if large else 40 * chance.randrange(1, 100),
        "tos": chance.choice((0, 0, 8)), "inif": chance.randrange(3),
        "outif": chance.randrange(3), "nexthop": chance.choice(addresses[:2]),
        "exporter": ADDRESSES[-1], "engine_type": 0, "engine_id": chance.randrange(2),
        "srcas": chance.choice((0, 7018, 64512)), "dstas": chance.choice((0, 7018, 65535)),
        "srcmask": chance.choice((8, 24, 32)), "dstmask": chance.choice((0, 16)),
    }


def flow_tools_row(values, sysuptime):
    """Values as make_flow_tools takes them."""
    row = {FLOW_TOOLS_NAMES.get(name, name):
           int(value.standard) if isinstance(value, Address) else value
           for name, value in values.items()}
    return row | {"pad": 0, "tail": 0, "unix_secs": None, "unix_nsecs": None,
                  "sysuptime": sysuptime}


def random_flow_tools(chance, path, count):
    spread = chance.choice((10, 100, 5000))
    addresses = chance.sample(ADDRESSES, chance.choice((2, 3, 6)))
    rows = [flow_tools_row(random_values(chance, addresses, spread),
                           chance.choice((None, 1000, 2**32 - 1))) for _ in range(count)]
    flags = chance.choice((make_flow_tools.DONE, make_flow_tools.STREAMING))
    flags |= chance.choice((0, make_flow_tools.COMPRESS))
    # Records of version 1 know neither routing nor engine.
    version = chance.choice((5, 5, 5, 1)) if path.endswith("1.ft") else 5
    return Trace(path, rows, make_flow_tools.make, order=chance.choice("<>"), flags=flags,
                 version=version)


def random_native(chance, path, count):
    """IPv6 and unknown values, and not all columns."""
    spread = chance.choice((10, 100, 5000))
    addresses = chance.sample(ADDRESSES + WIDE_ADDRESSES, chance.choice((2, 3, 6)))
    rows = [random_values(chance, addresses, spread) for _ in range(count)]
    names = [name for name in rows[0] if name in ("start", "end", "srcip", "dstip")
             or chance.random() < 0.85] if rows else ["start", "end", "srcip", "dstip"]
    doubtful = {name: chance.choice((0.1, 0.3, 1)) for name in names if chance.random() < 0.3}
    for name in ("start", "end"):  # seldom: hardly anything holds without times
        if name in doubtful and chance.random() < 0.7:
            del doubtful[name]
        elif name in doubtful:
            doubtful[name] = min(doubtful[name], 0.3)
    for row in rows:
        for name, value in row.items():
            if chance.random() < doubtful.get(name, 0):
                row[name] = None
            elif isinstance(value, Address):
                row[name] = value.standard
    return Trace(path, rows, make_nfql.make, names=names,
                 rows_per_block=chance.choice((3, 16, 65536)))


def random_traces(chance, folder, few):
    """One or two random traces."""
    traces = []
    for index in range(chance.choice((1, 1, 1, 2))):
        count = chance.choice((6, 9, 14)) if few else chance.choice((10, 20, 40))
        if chance.random() < 0.05:
            count = chance.choice((0, 1))
        make, ending = chance.choice(((random_flow_tools, "ft"), (random_native, "nfql")))
        traces.append(make(chance, f"{folder}/trace{index}.{ending}", count))
    if chance.random() < 0.1:
        traces.append(traces[0])  # its flows are the same flows again
    return traces


def window_of(chance, flows, folder, few):
    """A few flows in a row of a real trace, in which there are relations that chance does not make."""
    count = min(len(flows), chance.choice((8, 14) if few else (20, 40, 60)))
    at = chance.randrange(len(flows) - count + 1)
    rows = []
    for flow in flows[at:at + count]:
        values = {name: value for name, value in flow.items() if name in FIELDS}
        rows.append(flow_tools_row(values, None))
    return [Trace(f"{folder}/trace0.ft", rows, make_flow_tools.make)]
