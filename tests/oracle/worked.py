"""What the hand-worked examples share: short ways to write flows and trees."""

import tempfile

import flow_tools
import nfql_oracle as oracle
from fields import Address
from traces import make_flow_tools, native_flow

IP = Address.of

FLOWS = """
    3000,4000,10.0.0.1,1024,10.0.0.9,80,6,0x1b,10,1000
    1000,2500,10.0.0.2,1025,10.0.0.9,80,6,0x02,1,40
    2000,2000,10.0.0.1,1026,10.0.0.9,53,17,0,2,200
    1000,9000,10.0.0.1,1027,10.0.1.9,80,6,0x12,4,400
"""


def flows_of(text, **options):
    """Flows of rows of text, written as a flow-tools file and read again."""
    rows = [make_flow_tools.parse_row(line.strip()) for line in text.strip().splitlines()]
    with tempfile.NamedTemporaryFile() as file:
        file.write(make_flow_tools.make(rows, **options))
        file.flush()
        return flow_tools.read_inputs([file.name])


def flows_with(*rows):
    """Flows of dicts, unknown where they say nothing."""
    known = {name: None for name in oracle.FIELDS}
    return [known | native_flow({"start": 0, "end": 0} | row, [*{"start", "end"} | set(row)])
            | {"flowId": i, "identity": i} for i, row in enumerate(rows)]


def field(name):
    return ("field", name)


def const(value, text=None):
    return ("const", value, text)


def term(left, op, right, delta=None):
    return ("cmp", op, field(left), right, delta)


def pair(left, op, right, delta=None):
    return term(left, op, field(right), delta)


def ids(flows):
    return [flow["flowId"] for flow in flows]


def key(name, length=None, alias=""):
    return ("key", name, length, alias)


def rel(old, op, new, delta=None):
    """rel("last.end", "<", "start", 10) is `end < start rdelta 10`."""
    return ("rel", tuple(old.split(".")), op, new, delta)


def gap(old, new, op, bound):
    return ("gap", tuple(old.split(".")), op, new, bound)


def item(function, name, argument="", alias="", module=None):
    return {"function": function, "field": name, "argument": argument, "alias": alias,
            "module": module}


def group_of(*modules, aggregates=(), order=None):
    return {"modules": [list(module) for module in modules], "aggregates": list(aggregates),
            "order": order}


class Interval:
    def __init__(self, start, end):
        self.start, self.end = start, end
