"""Expressions as trees (nfql_oracle.py describes them): values, truth of three kinds, relations in time."""

from fields import Address


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
        return Address.network(*arguments)
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


def contains(container, value, get):
    """Whether a value is in a prefix, range, set literal or set column."""
    kind = container[0]
    if kind == "prefix":
        return value in container[1]
    if kind == "range":
        return value_of(container[1], get) <= value <= value_of(container[2], get)
    if kind in ("set", "file"):
        return any(contains(item, value, get) for item in container[-1])
    held = value_of(container, get)
    return value in held if isinstance(held, frozenset) else value == held


def is_unknown(container, get):
    return container[0] == "field" and value_of(container, get) is None


def membership(left, right, get):
    value = value_of(left, get)
    if value is None or is_unknown(right, get):
        return None
    if isinstance(value, frozenset):
        return all(contains(right, item, get) for item in value)
    return contains(right, value, get)


def intersection(left, right, get):
    values = value_of(left, get)
    if values is None or is_unknown(right, get):
        return None
    return any(contains(right, item, get) for item in values)


def comparison(op, left, right, delta, get):
    if right[0] == "prefix":
        return negated_if(op == "!=", membership(left, right, get))
    a = value_of(left, get)
    if right[0] == "flags":
        return None if a is None else negated_if(op == "!=", a & right[2] == right[1])
    return compared(op, a, value_of(right, get), delta)


def compared(op, a, b, delta=None):
    """a op b, the delta being a tolerance."""
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


def branches_of(expr):
    """The names of the branches in an expression over branches."""
    if expr is None or expr[0] == "any":
        return set()
    if expr[0] == "allen":
        return {expr[1], expr[3]}
    if expr[0] == "field":
        return {expr[1].split(".", 1)[0]}
    inner = [part for part in expr[1:] if isinstance(part, tuple)]
    inner += [item for part in expr[1:] if isinstance(part, list) for item in part]
    return set().union(*map(branches_of, inner))


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
    """None when an interval lacks an end."""
    if None in (x.start, x.end, y.start, y.end):
        return None
    if delta is not None and relation in ("<", ">"):
        gap = y.start - x.end if relation == "<" else x.start - y.end
        return allen_relation(x, y, 0) == relation and gap <= delta
    return allen_relation(x, y, delta or 0) == relation
