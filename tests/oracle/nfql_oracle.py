#!/usr/bin/python3
"""Evaluates whole queries by brute force, as LANGUAGE.md says and with no code of the engine.

Queries are trees of plain tuples and dicts, never text:

expr    ("any",) ("and", [e...]) ("or", [e...]) ("not", e)
        ("cmp", op, operand, operand, delta)          delta is None or a number in the field's unit
        ("in", operand, negated, operand)  ("intersects", operand, operand)
        ("allen", left, relation, right, delta)       branch names; relation is a symbol
operand ("field", name) ("const", value, text) ("prefix", network) ("flags", bits, mask, text)
        ("arith", op, o, o) ("call", name, [o...]) ("set", [o...]) ("range", o, o)

A branch is {"name", "filter", "group", "gfilter"}; what is None does not run. group is {"keys":
[{"field", "length", "alias"}...], "aggregates": [{"function", "field", "argument", "alias"}...]}.
A query is {"branches": [...], "merge": expr or None, "emit", "ungroup": None or {"flat": bool}}.
"""

import collections
import fractions
import ipaddress
import itertools
import math

# Canonical short name -> (other names, kind).
FIELDS = {
    "start": (("flowStartMilliseconds", "stime"), "time"),
    "end": (("flowEndMilliseconds", "etime"), "time"),
    "duration": (("flowDurationMilliseconds", "td"), "duration"),
    "srcip": (("sourceIPv4Address", "src", "sip", "srcaddr"), "address"),
    "srcport": (("sourceTransportPort", "sport"), "port"),
    "dstip": (("destinationIPv4Address", "dst", "dip", "dstaddr"), "address"),
    "dstport": (("destinationTransportPort", "dport"), "port"),
    "proto": (("protocolIdentifier", "prot"), "protocol"),
    "flags": (("tcpControlBits", "tcp_flags"), "flags"),
    "packets": (("packetDeltaCount", "pkts", "dPkts"), "number"),
    "bytes": (("octetDeltaCount", "octets", "dOctets"), "number"),
    "flows": (("deltaFlowCount", "dFlows"), "number"),
    "tos": (("ipClassOfService",), "number"),
    "inif": (("ingressInterface", "input", "sif"), "number"),
    "outif": (("egressInterface", "output", "dif"), "number"),
    "nexthop": (("ipNextHopIPv4Address",), "address"),
    "srcas": (("bgpSourceAsNumber", "src_as"), "number"),
    "dstas": (("bgpDestinationAsNumber", "dst_as"), "number"),
    "srcmask": (("sourceIPv4PrefixLength", "src_mask"), "number"),
    "dstmask": (("destinationIPv4PrefixLength", "dst_mask"), "number"),
    "exporter": (("exporterIPv4Address", "exaddr"), "address"),
    "engine_type": (("engineType",), "number"),
    "engine_id": (("engineId",), "number"),
    "flowId": (("rec_id",), "number"),
}
BITS = {"srcport": 16, "dstport": 16, "proto": 8, "flags": 8, "tos": 8, "srcmask": 8, "dstmask": 8,
        "engine_type": 8, "engine_id": 8, "inif": 32, "outif": 32, "srcas": 32, "dstas": 32}
DEFAULT_COLUMNS = ("start", "end", "srcip", "srcport", "dstip", "dstport", "proto", "flags",
                   "packets", "bytes")
CANONICAL = {name.lower(): field for field, (names, _) in FIELDS.items()
             for name in (field, *names)}


def canonical(name):
    """The short name of the field that `name` is a name of, or None."""
    return CANONICAL.get(name.lower())


# What a column is: `field` the field it holds the values of (None for computed ones), `form` one of
# "plain", "real" and "set".
Column = collections.namedtuple("Column", "name field kind form")


class Near(float):
    """A real number that another evaluation may miss by as much as `slack`."""

    slack = 0.0

    @classmethod
    def of(cls, value, slack):
        near = cls(value)
        near.slack = slack
        return near


class Group:
    """One row of a branch: values by column, and the flows they come from."""

    def __init__(self, columns, values, members):
        self.columns = columns
        self.values = values
        self.members = members
        self.start = min(flow["start"] for flow in members)
        self.end = max(flow["end"] for flow in members)

    def get(self, name):
        for column, value in zip(self.columns, self.values):
            if column.name.lower() == name.lower():
                return value
        field = canonical(name)
        for column, value in zip(self.columns, self.values):
            if field and column.field == field:
                return value
        if field == "duration":
            return self.end - self.start
        raise KeyError(name)


# ---- expressions -----------------------------------------------------------------------------

def value_of(operand, get):
    """The value of an operand, None when unknown; get(name) gives that of a field."""
    kind = operand[0]
    if kind == "field":
        return get(operand[1])
    if kind == "const":
        return operand[1]
    if kind == "set":
        return frozenset(value_of(item, get) for item in operand[1])
    if kind == "arith":
        return combined(operand[1], value_of(operand[2], get), value_of(operand[3], get))
    assert kind == "call", operand
    arguments = [value_of(argument, get) for argument in operand[2]]
    if None in arguments:
        return None
    if operand[1] == "prefix":
        return network_address(*arguments)
    if operand[1] == "gap":
        return arguments[1] - arguments[0]
    return combined({"bitAND": "&", "bitOR": "|"}[operand[1]], *arguments)


def combined(op, a, b):
    if a is None or b is None:
        return None
    if op == "+":
        return a + b
    if op == "-":
        return a - b
    if op == "&":
        return a & b
    assert op == "|"
    return a | b


def network_address(address, length):
    return ipaddress.IPv4Network((address, length), strict=False).network_address


def contains(container, value, get):
    """Whether a value is in a prefix, range, set literal or set column."""
    kind = container[0]
    if kind == "prefix":
        return value in container[1]
    if kind == "range":
        return value_of(container[1], get) <= value <= value_of(container[2], get)
    if kind == "set":
        return any(contains(item, value, get) for item in container[1])
    held = value_of(container, get)
    return value in held if isinstance(held, frozenset) else value == held


def membership(left, right, get):
    value = value_of(left, get)
    if value is None or (right[0] == "field" and value_of(right, get) is None):
        return None
    if isinstance(value, frozenset):
        return all(contains(right, item, get) for item in value)
    return contains(right, value, get)


def intersection(left, right, get):
    values = value_of(left, get)
    if values is None or (right[0] == "field" and value_of(right, get) is None):
        return None
    return any(contains(right, item, get) for item in values)


def comparison(op, left, right, delta, get):
    if right[0] == "prefix":
        return negated_if(op == "!=", membership(left, right, get))
    a = value_of(left, get)
    if right[0] == "flags":
        return None if a is None else negated_if(op == "!=", a & right[2] == right[1])
    b = value_of(right, get)
    if a is None or b is None:
        return None
    d = 0 if delta is None else delta
    if op in ("=", "!="):
        near = a == b if delta is None else abs(a - b) <= d
        return near if op == "=" else not near
    if delta is None:
        return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[op]
    return {"<": a < b + d, "<=": a <= b + d, ">": a > b - d, ">=": a >= b - d}[op]


def negated_if(condition, value):
    return None if value is None else value != condition


def truth(expr, get, intervals=None):
    """True, False, or None for unknown. intervals: the groups by branch, for Allen's relations."""
    kind = expr[0]
    if kind == "any":
        return True
    if kind == "not":
        return negated_if(True, truth(expr[1], get, intervals))
    if kind in ("and", "or"):
        parts = [truth(part, get, intervals) for part in expr[1]]
        decisive = kind == "or"
        if decisive in parts:
            return decisive
        return None if None in parts else not decisive
    if kind == "cmp":
        return comparison(*expr[1:], get)
    if kind == "in":
        return negated_if(expr[2], membership(expr[1], expr[3], get))
    if kind == "intersects":
        return intersection(expr[1], expr[2], get)
    assert kind == "allen", expr
    return allen_holds(expr[2], intervals[expr[1]], intervals[expr[3]], expr[4])


def three_way(x, y, delta):
    """-1, 0 or 1: 0 when they differ by at most delta."""
    if abs(x - y) <= delta:
        return 0
    return -1 if x < y else 1


def allen_relation(x, y, delta):
    """The one relation in which x is to y, by the table of LANGUAGE.md."""
    a = three_way(x.start, y.start, delta)
    b = three_way(x.end, y.end, delta)
    if (a, b) == (-1, -1):
        return {-1: "<", 0: "m", 1: "o"}[three_way(x.end, y.start, delta)]
    if (a, b) == (1, 1):
        return {1: ">", 0: "mi", -1: "oi"}[three_way(x.start, y.end, delta)]
    return {(0, 0): "=", (0, -1): "s", (0, 1): "si", (1, 0): "f", (-1, 0): "fi", (1, -1): "d",
            (-1, 1): "di"}[a, b]


def allen_holds(relation, x, y, delta):
    if delta is not None and relation in ("<", ">"):
        gap = y.start - x.end if relation == "<" else x.start - y.end
        return allen_relation(x, y, 0) == relation and gap <= delta
    return allen_relation(x, y, delta or 0) == relation


# ---- aggregates ------------------------------------------------------------------------------

def exact_mean(values):
    return fractions.Fraction(sum(values), len(values))


def stddev(values):
    mean = exact_mean(values)
    variance = sum((fractions.Fraction(v) - mean) ** 2 for v in values) / len(values)
    # Of nearly equal large values the digits that differ are few; every method loses the others.
    return Near.of(math.sqrt(variance), 1e-12 * max(abs(v) for v in values))


def quantile(values, q):
    ranked = sorted(values)
    rank = fractions.Fraction(q) * (len(ranked) - 1)
    low = math.floor(rank)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (rank - low) * (ranked[high] - ranked[low])


def folded(values, op, identity):
    result = identity
    for value in values:
        result = op(result, value)
    return result


def as_real(value, kind):
    """Means and their like: a time stays a time, to the nearest ms or so; all else is f64."""
    return Near.of(float(value), 1.0) if kind == "time" else float(value)


def aggregated(function, values, field, argument):
    """The aggregate over all known values, in member order. None when there is none to speak of."""
    if function == "count":
        return len(values)
    if function == "sum":
        return min(sum(values), 2**64 - 1)
    if not values:
        return None
    kind = FIELDS[field][1]
    if function in ("mean", "avg"):
        return as_real(exact_mean(values), kind)
    if function == "median":
        return as_real(quantile(values, "0.5"), kind)
    if function == "quantile":
        return as_real(quantile(values, argument), kind)
    ones = 2 ** BITS.get(field, 64) - 1
    return {
        "min": min, "max": max,
        "first": lambda v: v[0], "static": lambda v: v[0], "": lambda v: v[0],
        "last": lambda v: v[-1],
        "prod": lambda v: folded(v, lambda a, b: a * float(b), 1.0),
        "stddev": stddev,
        "and": lambda v: folded(v, lambda a, b: a & b, ones),
        "or": lambda v: folded(v, lambda a, b: a | b, 0),
        "xor": lambda v: folded(v, lambda a, b: a ^ b, 0),
        "union": frozenset, "unique": lambda v: len(frozenset(v)),
    }[function](values)


def plain_function(written):
    """bitAND is and, whatever its case; the rest is as written."""
    low = written.lower()
    return low[3:] if low.startswith("bit") else low


def aggregate_column(item):
    """The column of an aggregate; None when it is one that every group has anyway."""
    function, field = plain_function(item["function"]), item["field"]
    if not field:
        return None
    name = item["alias"] or default_name(item)
    known = canonical(field)
    kind = FIELDS[known][1]
    if function == "union":
        return Column(name, None, kind, "set")
    if function in ("mean", "avg", "median", "quantile"):
        return Column(name, None, kind if kind == "time" else "number", "real")
    if function in ("prod", "stddev"):
        return Column(name, None, "number", "real")
    if function in ("count", "sum", "unique"):
        return Column(name, None, "number", "plain")
    own = known in ("start", "end", "duration")  # of a group these are others than of a flow
    keeps = function in ("", "first", "static") and not own
    return Column(name, known if keeps else None, kind, "plain")


def default_name(item):
    if not item["function"]:
        return item["field"]
    name = f"{item['function']}_{item['field']}"
    return f"{name}_{item['argument']}" if item["argument"] else name


# ---- stages ----------------------------------------------------------------------------------

def filtered(flows, expr):
    if expr is None:
        return flows
    return [flow for flow in flows if truth(expr, lambda name: flow[canonical(name)]) is True]


def in_order(flows):
    return sorted(flows, key=lambda flow: (flow["start"], flow["flowId"]))


def key_name(key):
    if key["alias"]:
        return key["alias"]
    return key["field"] if key["length"] is None else f"prefix({key['field']}, {key['length']})"


def key_value(key, flow):
    value = flow[canonical(key["field"])]
    if key["length"] is None or value is None:
        return value
    return network_address(value, key["length"])


def grouped(flows, group):
    """The columns and groups of a branch."""
    keys = group["keys"]
    key_names = {key_name(key).lower() for key in keys}
    items = [(item, aggregate_column(item)) for item in group["aggregates"]]
    items = [(item, column) for item, column in items if column is not None and not (
        not item["function"] and column.name.lower() in key_names)]
    columns = [Column(key_name(key), canonical(key["field"]) if key["length"] is None else None,
                      FIELDS[canonical(key["field"])][1], "plain") for key in keys]
    columns += [column for _, column in items]
    columns += [Column("start", "start", "time", "plain"), Column("end", "end", "time", "plain"),
                Column("count", None, "number", "plain")]
    buckets = {}
    for flow in in_order(flows):
        buckets.setdefault(tuple(key_value(key, flow) for key in keys), []).append(flow)
    groups = []
    for key, members in buckets.items():
        values = list(key)
        for item, _ in items:
            field = canonical(item["field"])
            known = [flow[field] for flow in members if flow[field] is not None]
            values.append(aggregated(plain_function(item["function"]), known, field,
                                     item["argument"]))
        values += [min(f["start"] for f in members), max(f["end"] for f in members), len(members)]
        groups.append(Group(columns, values, members))
    return columns, groups


def each_its_own(flows):
    """The groups of a branch without grouper."""
    names = list(DEFAULT_COLUMNS)
    columns = [Column(name, name, FIELDS[name][1], "plain") for name in names]
    columns.append(Column("count", None, "number", "plain"))
    groups = []
    for flow in flows:
        group = Group(columns, [flow[name] for name in names] + [1], [flow])
        group.get = lambda name, flow=flow: 1 if name == "count" else flow[canonical(name)]
        groups.append(group)
    return columns, groups


def group_filtered(groups, expr):
    if expr is None:
        return groups
    return [group for group in groups if truth(expr, group.get) is True]


def merged(branches, expr):
    """All tuples of one group a branch for which expr is true; branches is {name: groups}."""
    tuples = []
    for combination in itertools.product(*branches.values()):
        by_name = dict(zip(branches, combination))

        def get(name, by_name=by_name):
            branch, field = name.split(".", 1)
            return by_name[branch].get(field)

        if truth(expr, get, by_name) is True:
            tuples.append(combination)
    return tuples


def components(tuples):
    """{(branch index, group): component}: groups of one tuple are connected."""
    parent = {}

    def root(node):
        while parent[node] != node:
            node = parent[node]
        return node

    for combination in tuples:
        nodes = list(enumerate(combination))
        for node in nodes:
            parent.setdefault(node, node)
        for node in nodes[1:]:
            parent[root(node)] = root(nodes[0])
    return {node: root(node) for node in parent}


def stream_of(groups):
    """The flows of some groups in (start, flowId) order, each once."""
    flows, seen = [], set()
    for flow in in_order([flow for group in groups for flow in group.members]):
        if flow["identity"] not in seen:
            seen.add(flow["identity"])
            flows.append(flow)
    return flows


def ungrouped(tuples, flat):
    """The streams, one a tuple; with `flat` one of all."""
    if flat:
        return [stream_of([group for combination in tuples for group in combination])]
    return [stream_of(combination) for combination in tuples]
