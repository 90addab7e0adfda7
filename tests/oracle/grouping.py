"""Groups of flows: the partition by modules of terms, flow by flow and group by group."""

import math

import aggregates
from expressions import compared, truth
from fields import DEFAULT_COLUMNS, Address, Column, canonical, kind_of

UNKNOWN_TIME = -math.inf  # a flow of unknown start comes before all others
BUILT_IN = [Column("start", "start", "time", "plain"), Column("end", "end", "time", "plain"),
            Column("count", None, "number", "plain")]


def in_order(flows):
    """(start, flowId) order."""
    return sorted(flows, key=lambda flow: (
        UNKNOWN_TIME if flow["start"] is None else flow["start"], flow["flowId"]))


def least(flows):
    return min((flow["start"] for flow in flows if flow["start"] is not None), default=None)


def greatest(flows):
    return max((flow["end"] for flow in flows if flow["end"] is not None), default=None)


class Group:
    """One row of a branch: values by column, and the flows they come from."""

    def __init__(self, columns, values, members):
        self.columns = columns
        self.values = values
        self.members = members
        self.start = least(members)
        self.end = greatest(members)

    def get(self, name):
        """The value of a column, by its own name or by one of the field it holds."""
        for column, value in zip(self.columns, self.values):
            if column.name.lower() == name.lower():
                return value
        field = canonical(name)
        for column, value in zip(self.columns, self.values):
            if field and column.field == field:
                return value
        if field == "duration":
            return None if None in (self.start, self.end) else self.end - self.start
        raise KeyError(name)


class FlowGroup(Group):
    """A flow as a group: its columns are the flow's own fields and count."""

    def get(self, name):
        return 1 if name.lower() == "count" else self.members[0][canonical(name)]


# ---- terms

def key_name(key):
    """The column of a key term."""
    _, field, length, alias = key
    if alias:
        return alias
    return field if length is None else f"prefix({field}, {length})"


def key_column(key):
    field = canonical(key[1])
    return Column(key_name(key), field if key[2] is None else None, kind_of(field), "plain")


def key_value(key, flow):
    _, field, length, _ = key
    value = flow[canonical(field)]
    return value if length is None or value is None else Address.network(value, length)


def old_value(which, name, members):
    """OLD.name of a group with these members so far."""
    field = canonical(name)
    if which == "first":
        return members[0][field]
    if which == "last":
        return members[-1][field]
    known = [flow[field] for flow in members if flow[field] is not None]
    return {"min": min, "max": max}[which](known, default=None)


def relates(op, old, new, delta):
    """old op new; of an ordering the delta bounds the gap between them."""
    if delta is None or op in ("=", "!="):
        return compared(op, old, new, delta)
    if old is None or new is None:
        return None
    gap = new - old if op in ("<", "<=") else old - new
    return 0 <= gap and (gap < delta if op in ("<", ">") else gap <= delta)


def term_holds(term, members, flow):
    """Whether a term of a module lets a flow into a group."""
    if term[0] == "key":  # the one comparison in which unknown equals unknown
        return key_value(term, members[0]) == key_value(term, flow)
    kind, (which, name), op, new_name, amount = term
    old, new = old_value(which, name, members), flow[canonical(new_name)]
    if kind == "net":
        networks = (None if ip is None else ip.network(amount) for ip in (old, new))
        return compared(op, *networks) is True
    if kind == "gap":
        gap = None if None in (old, new) else new - old
        return compared(op, gap, amount) is True
    assert kind == "rel", term
    return relates(op, old, new, amount) is True


# ---- the partition

class OpenGroup:
    """The members of a group so far: all, and those that each module accepts."""

    def __init__(self, founder, module_count):
        self.members = [founder]
        self.parts = [[founder] for _ in range(module_count)]

    def accepting(self, modules, flow):
        """The numbers of the modules that accept a flow."""
        return [number for number, module in enumerate(modules)
                if all(term_holds(term, self.members, flow) for term in module)]

    def add(self, flow, accepting):
        self.members.append(flow)
        for number in accepting:
            self.parts[number].append(flow)


def partition(flows, modules):
    """The groups in the order in which they were founded, for flows in the order they are taken."""
    groups = []
    for flow in flows:
        for group in groups:
            accepting = group.accepting(modules, flow)
            if accepting:
                group.add(flow, accepting)
                break
        else:
            groups.append(OpenGroup(flow, len(modules)))
    return groups


def shared_keys(modules):
    """The equality terms that all modules have, in the order and under the names of the first."""
    def what(term):
        return canonical(term[1]), term[2]

    return [term for term in modules[0] if term[0] == "key" and all(
        any(other[0] == "key" and what(other) == what(term) for other in module)
        for module in modules[1:])]


def grouped(flows, group):
    """The columns and groups of a branch."""
    modules = group["modules"] or [[]]  # no terms: every flow is let in
    keys = shared_keys(modules)
    key_names = {key_name(key).lower() for key in keys}
    items = [item for item in group["aggregates"] if not aggregates.is_built_in(item)]
    items = [item for item in items if item["function"]  # a key itself is there already
             or aggregates.aggregate_column(item).name.lower() not in key_names]
    columns = [key_column(key) for key in keys]
    columns += [aggregates.aggregate_column(item) for item in items] + BUILT_IN
    taken = flows if group["order"] == "input" else in_order(flows)
    groups = []
    for each in partition(taken, modules):
        values = [key_value(key, each.members[0]) for key in keys]
        for item in items:
            number = item.get("module")
            values.append(aggregates.value_in(
                item, each.members if number is None else each.parts[number]))
        values += [least(each.members), greatest(each.members), len(each.members)]
        groups.append(Group(columns, values, each.members))
    return columns, groups


def flow_columns(flows_have):
    """The columns that flows are printed with, of those that the input has."""
    return [Column(name, name, kind_of(name), "plain")
            for name in DEFAULT_COLUMNS if name in flows_have]


def each_its_own(flows, flows_have):
    """The columns and groups of a branch without grouper."""
    columns = flow_columns(flows_have)
    with_count = [*columns, BUILT_IN[-1]]
    return with_count, [
        FlowGroup(with_count, [flow[column.name] for column in columns] + [1], [flow])
        for flow in flows]


# ---- the stages around

def filtered(flows, expr):
    if expr is None:
        return flows
    return [flow for flow in flows if truth(expr, lambda name: flow[canonical(name)]) is True]


def group_filtered(groups, expr):
    if expr is None:
        return groups
    return [group for group in groups if truth(expr, group.get) is True]
