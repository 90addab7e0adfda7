"""Random queries over given flows that are likely to find something in them."""

import itertools

import nfql_oracle as oracle
from groupers import GrouperMaker
from terms import ORDER, TermMaker
from traces import EPOCH_MS

RELATIONS = ("<", "<", ">", "=", "m", "mi", "o", "o", "oi", "s", "si", "d", "d", "di", "f", "fi")
NAMES = ("A", "B", "m", "request", "C2", "delta1")
MAX_TUPLES = 4000  # of groups that the brute force has to look at
# What every group has, for branches that have no groups to take values from.
ANY_GROUP = (("start", "time", "plain", [EPOCH_MS]), ("end", "time", "plain", [EPOCH_MS]),
             ("count", "number", "plain", [1]))


def branch_groups(flows, fields, branch):
    """The columns and groups that a branch ends with."""
    flows = oracle.filtered(flows, branch["filter"])
    if branch["group"] is None:
        return oracle.each_its_own(flows, fields)
    columns, groups = oracle.grouped(flows, branch["group"])
    return columns, oracle.group_filtered(groups, branch["gfilter"])


def term_columns(columns, groups):
    """The columns of groups that terms may be about, as TermMaker wants them."""
    result = []
    for index, column in enumerate(columns):
        values = [g.values[index] for g in groups if g.values[index] is not None]
        # A name with a dot or parentheses cannot be written in an expression.
        if values and column.name.replace("_", "").isalnum():
            result.append((column.name, column.kind, column.form, values))
    durations = [g.get("duration") for g in groups if None not in (g.start, g.end)]
    if durations and all(column.name != "duration" for column in columns):
        result.append(("duration", "duration", "plain", durations))
    return result


class MergeMaker(TermMaker):
    """Makes expressions over branches; tables is {name: columns as of term_columns}."""

    def __init__(self, chance, tables):
        super().__init__(chance)
        self.tables = tables

    def branch_term(self, names):
        """A term over the branches of these names."""
        if len(names) == 1:
            return self.constant_term(names[0])
        left, right = self.chance.sample(names, 2)
        pick = self.chance.random()
        if pick < 0.25:
            delta = self.chance.choice((None, None, 1, 50, 1000, 10_000))
            return ("allen", left, self.chance.choice(RELATIONS), right, delta)
        if pick < 0.35:
            return self.constant_term(left)
        term = self.set_pair(left, right) if pick < 0.5 else None
        return term or self.pair(left, right)

    def constant_term(self, branch):
        columns = [(f"{branch}.{name}", *rest) for name, *rest in self.tables[branch]]
        return self.term(columns)

    def set_pair(self, left, right):
        """A set of one branch and a set or value of the other; None when there is no such pair."""
        sets = [column for column in self.tables[right] if column[2] == "set"]
        pairs = [(own, held) for own in self.tables[left] for held in sets
                 if own[1:3] == held[1:3]
                 or (own[1], own[2]) == (held[1].rstrip("0123456789"), "plain")]
        if not pairs:
            return None
        own, held = self.chance.choice(pairs)
        a, b = ("field", f"{left}.{own[0]}"), ("field", f"{right}.{held[0]}")
        return self.term_of_sets(a, b) if own[2] == "set" else ("in", a, self.likely(0.2), b)

    def pair(self, left, right):
        """Two columns of one kind. Every group has some of those."""
        pairs = [(a, b) for a in self.tables[left] for b in self.tables[right]
                 if a[1] == b[1] and a[2] == b[2] == "plain"]
        addresses = [(a, b) for a, b in pairs if a[1] == "address"]
        if addresses and self.likely(0.4):
            pairs = addresses
        a, b = self.chance.choice(pairs)
        operands = ("field", f"{left}.{a[0]}"), ("field", f"{right}.{b[0]}")
        if a[1] in ("number", "time") and self.likely(0.15):
            return self.computed_pair(a[1], *operands, a[3])
        op = self.chance.choice(("=", "=", "=", "!=", *ORDER) if a[1] != "address" else
                                ("=", "=", "=", "=", "!=", "<"))
        return ("cmp", op, *operands, self.tolerance(a[1], 0.4))

    def computed_pair(self, kind, a, b, values):
        op = self.chance.choice(ORDER)
        if kind == "time":
            return self.time_arithmetic(a, op, b)
        return ("cmp", op, ("arith", self.chance.choice("+-"), a, b), self.number(kind, values),
                None)

    def merge(self, names):
        if self.likely(0.05):
            return ("any",)
        return self.expression(lambda: self.branch_term(names))

    def exception(self, inside, further):
        """What removes tuples: mostly one of all branches, narrow enough to leave some."""
        names = inside + further
        first = self.branch_term(self.chance.sample(names, min(2, len(names))))
        return first if self.likely(0.3) else ("and", [first, self.branch_term(names)])


class QueryMaker(GrouperMaker):
    """Makes whole queries."""

    def __init__(self, chance, flows, fields):
        super().__init__(chance, fields)
        self.flows = flows

    def flow_table(self):
        result = []
        for name in self.fields:
            values = [flow[name] for flow in self.flows if flow[name] is not None]
            if values:
                result.append((self.any_name(name), oracle.kind_of(name), "plain", values))
        return result

    def branch(self, name, simple):
        expr = group = gfilter = None
        flows = self.flows
        if flows and self.likely(0.7):
            table = self.flow_table()
            expr = self.expression(lambda: self.term(table))
            flows = oracle.filtered(flows, expr)
        if simple or self.likely(0.9):
            group = self.simple_group() if simple else self.group()
            table = term_columns(*oracle.grouped(flows, group))
            if table and self.likely(0.5):
                gfilter = self.expression(lambda: self.term(table))
        return {"name": name, "filter": expr, "group": group, "gfilter": gfilter}

    def query(self, branch_count):
        """A query, or None when its result would be too large."""
        query = {"branches": [], "merge": None, "except": [], "emit": None, "ungroup": None,
                 "limit": None}
        collection = branch_count > 1 and self.likely(0.2)
        for name in self.chance.sample(NAMES, branch_count):
            simple = collection and self.likely(0.5)
            query["branches"].append(self.branch(name, simple))
        if branch_count > 1 and self.likely(0.12):  # compare a branch with itself
            query["branches"][1] = query["branches"][0] | {"name": query["branches"][1]["name"]}
        if branch_count > 1:
            if collection:
                for branch in query["branches"]:
                    branch["group"] = branch["group"] or self.simple_group()
            query["emit"] = "collection" if collection else self.chance.choice((None, "tuples"))
            if not self.add_merge(query):
                return None
        grouped = branch_count > 1 or query["branches"][0]["group"] is not None
        if grouped and self.likely(0.4):
            query["ungroup"] = {"flat": self.likely(0.4)}
        if self.likely(0.1) and not collection:
            query["limit"] = self.chance.choice((0, 1, 3, 10))
        return query

    def add_merge(self, query):
        results = {branch["name"]: branch_groups(self.flows, self.fields, branch)
                   for branch in query["branches"]}
        product = 1
        for _, groups in results.values():
            product *= max(1, len(groups))
        if product > MAX_TUPLES:
            return False
        tables = {name: term_columns(*result) or ANY_GROUP for name, result in results.items()}
        make = MergeMaker(self.chance, tables)
        names = list(results)
        further = []
        if self.likely(0.4):
            further = self.chance.sample(names, self.chance.randrange(len(names)))
        inside = [name for name in names if name not in further]
        query["merge"] = make.merge(inside)
        if query["emit"] == "collection" and len(inside) > 1 and self.likely(0.5):
            # Narrow enough for more than one component.
            query["merge"] = ("and", [make.pair(*inside[:2]), make.pair(*inside[-2:])])
        count = self.chance.choice((1, 1, 2, 3)) if further else self.chance.choice((0,) * 8 + (1,))
        query["except"] = [make.exception(inside, further) for _ in range(count)]
        # Branches that only exceptions name are in no tuple; the query must be meant so.
        return not query["except"] or \
            oracle.further_branches(query["merge"], query["except"]) == set(further)


def random_query(chance, flows, fields, branch_count):
    """A query with a merge that is not too large."""
    maker = QueryMaker(chance, flows, fields)
    return next(query for query in (maker.query(branch_count) for _ in itertools.count())
                if query is not None)
