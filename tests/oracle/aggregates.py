"""The aggregates of a group, each over the known values of its members in the order they joined."""

import fractions
import math

from fields import BITS, Column, canonical, kind_of

LARGEST_SUM = 2**64 - 1


class Near(float):
    """A real number that another evaluation may miss by as much as `slack`."""

    slack = 0.0

    @classmethod
    def of(cls, value, slack):
        near = cls(value)
        near.slack = slack
        return near


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
    """Means and their like: a time stays a time, to the nearest ms; all else is f64."""
    if kind != "time":
        return float(value)
    # Half a ms may go either way when it comes from an interpolation.
    return Near.of(math.floor(value + fractions.Fraction(1, 2)), 1.0)


def aggregated(function, values, field, argument):
    """The aggregate over all known values, in member order. None when there is none to speak of."""
    if function == "count":
        return len(values)
    if function == "sum":
        return min(sum(values), LARGEST_SUM)
    if not values:
        return None
    kind = kind_of(field)
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


def is_built_in(item):
    """Whether the group has the column anyway: count of all members."""
    return item["function"] == "count" and not item["field"] and item.get("module") is None


def aggregate_column(item):
    """The column of an aggregate; None when it is one that every group has anyway."""
    if is_built_in(item):
        return None
    function = plain_function(item["function"])
    name = item["alias"] or default_name(item)
    if function in ("count", "unique"):
        return Column(name, None, "number", "plain")
    known = canonical(item["field"])
    kind = kind_of(known)
    if function == "sum":
        return Column(name, None, kind, "plain")  # of durations a duration
    if function == "union":
        # Sets of numbers of different sizes are not compared.
        return Column(name, None, f"{kind}{BITS.get(known, '')}" if kind == "number" else kind,
                      "set")
    if function in ("mean", "avg", "median", "quantile"):
        return Column(name, None, kind if kind == "time" else "number", "real")
    if function in ("prod", "stddev"):
        return Column(name, None, "number", "real")
    own = known in ("start", "end", "duration")  # of a group these are others than of a flow
    keeps = function in ("", "first", "static") and not own and item.get("module") is None
    return Column(name, known if keeps else None, kind, "plain")


def default_name(item):
    if not item["function"]:
        return item["field"]
    parts = [item["function"], item["field"], item["argument"]]
    if item.get("module") is not None:
        parts.insert(0, module_name(item["module"]))
    return "_".join(part for part in parts if part)


def module_name(index):
    """What the expression form calls a module."""
    return f"g{index + 1}"


def value_in(item, members):
    """The value of an aggregate over flows, in the order they joined."""
    if not item["field"]:
        return len(members)
    field = canonical(item["field"])
    known = [flow[field] for flow in members if flow[field] is not None]
    return aggregated(plain_function(item["function"]), known, field, item["argument"])
