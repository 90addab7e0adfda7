"""Tuples of groups, what they are without, their components, and their flows."""

import itertools

from expressions import branches_of, truth
from grouping import in_order


def holds(expr, by_name):
    """Whether an expression over branches is true; by_name: a group for each branch."""
    def get(name):
        branch, field = name.split(".", 1)
        return by_name[branch].get(field)

    return truth(expr, get, by_name) is True


def never_true(expr, branches):
    """Whether no groups make an expression over branches true."""
    names = [name for name in branches if name in branches_of(expr)]
    return not any(holds(expr, dict(zip(names, combination)))
                   for combination in itertools.product(*(branches[name] for name in names)))


def further_branches(expr, excepts):
    """The branches that only exceptions name: they are in no tuple."""
    return set().union(*map(branches_of, excepts)) - branches_of(expr)


def is_removed(by_name, expr, others):
    """Whether groups of the other branches exist that make an exception true."""
    names = [name for name in others if name in branches_of(expr)]
    return any(holds(expr, by_name | dict(zip(names, combination)))
               for combination in itertools.product(*(others[name] for name in names)))


def merged(branches, expr, excepts=()):
    """All tuples for which expr is true and no exception is; branches is {name: groups}."""
    outside = further_branches(expr, excepts)
    inside = {name: groups for name, groups in branches.items() if name not in outside}
    others = {name: groups for name, groups in branches.items() if name in outside}
    tuples = []
    for combination in itertools.product(*inside.values()):
        by_name = dict(zip(inside, combination))
        if holds(expr, by_name) and not any(is_removed(by_name, e, others) for e in excepts):
            tuples.append(combination)
    return tuples


def components(tuples):
    """{(branch index, group): component}: groups of one tuple are connected.

    Components are numbered in the order of their first tuples, which is that of their first groups.
    """
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
    numbers = {}
    for combination in tuples:
        numbers.setdefault(root((0, combination[0])), len(numbers))
    return {node: numbers[root(node)] for node in parent}


def component_groups(tuples):
    """The groups of each component, by its number."""
    parts = {}
    for (_, group), number in components(tuples).items():
        parts.setdefault(number, []).append(group)
    return [parts[number] for number in sorted(parts)]


def stream_of(groups):
    """The flows of some groups in (start, flowId) order, each once."""
    flows, seen = [], set()
    for flow in in_order([flow for group in groups for flow in group.members]):
        if flow["identity"] not in seen:
            seen.add(flow["identity"])
            flows.append(flow)
    return flows


def ungrouped(parts, flat):
    """The streams, one for each tuple or component; with `flat` one of all."""
    if flat:
        return [stream_of([group for part in parts for group in part])]
    return [stream_of(part) for part in parts]
