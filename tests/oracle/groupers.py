"""Random groupers: keys, relative terms, modules and aggregates."""

import aggregates
from fields import FIELDS, canonical, kind_of
from terms import ORDER, TermMaker

NUMBERS = ("packets", "bytes", "tos", "srcas", "dstas", "inif", "srcmask", "flows")
KEYS = ("srcip", "dstip", "srcport", "dstport", "proto", "flags", "tos", "inif", "srcas", "dstas",
        "srcmask", "packets", "nexthop", "engine_id")
OWN = ("start", "end", "duration", "count")  # columns that every group has
WHICH = ("first", "last", "min", "max")
# What may be compared: fields of one kind, and deltas that some pairs of random flows are within.
RELATED = {
    "time": (("start", "end"), (0, 10, 100, 500, 5000, 10_000)),
    "duration": (("duration",), (0, 10, 100, 5000)),
    "port": (("srcport", "dstport"), (0, 1, 30, 1000)),
    "number": (("packets", "bytes", "srcas", "inif", "outif", "tos"), (0, 1, 2, 100, 1000)),
}
# Pairs that groups are really made by.
USUAL = (
    ("gap", ("last", "end"), ORDER, "start"), ("gap", ("max", "end"), ORDER, "start"),
    ("gap", ("last", "start"), ORDER, "start"), ("gap", ("first", "start"), ORDER, "start"),
    ("rel", ("last", "end"), ORDER, "start"), ("rel", ("first", "start"), ORDER, "start"),
    ("rel", ("max", "end"), (">", ">="), "start"), ("rel", ("first", "srcip"), ("=",), "dstip"),
    ("rel", ("first", "dstip"), ("=",), "srcip"), ("rel", ("last", "dstip"), ("=",), "srcip"),
    ("rel", ("first", "srcport"), ("=",), "dstport"), ("rel", ("last", "dstip"), ("!=",), "dstip"),
    ("rel", ("last", "dstport"), ("<",), "dstport"), ("rel", ("first", "bytes"), ("=",), "bytes"),
)


class GrouperMaker(TermMaker):
    """Makes groupers over flows that have certain fields."""

    def __init__(self, chance, fields):
        super().__init__(chance)
        self.fields = fields

    def having(self, names):
        return [name for name in names if name in self.fields]

    # ---- terms

    def key(self, field):
        length, alias = None, ""
        if kind_of(field) == "address" and self.likely(0.3):
            length = self.chance.choice((0, 8, 16, 24, 31, 32, 64, 128))
            alias = f"net_{field}" if self.likely(0.6) else ""
        name = field if self.likely(0.7) else FIELDS[field][0][0]
        return ("key", name, length, alias)

    def keys(self, counts):
        count = self.chance.choice(counts)
        fields = self.having(KEYS)
        return [self.key(field) for field in self.chance.sample(fields, min(count, len(fields)))]

    def relative_term(self):
        term = self.usual_term() if self.likely(0.5) else self.any_relative_term()
        _, (_, old), _, new, _ = term
        both = {canonical(old), canonical(new)}
        return term if both <= set(self.fields) else self.relative_term()

    def usual_term(self):
        kind, old, ops, new = self.chance.choice(USUAL)
        op = self.chance.choice(ops)
        field_kind = kind_of(new)
        amount = None
        if kind == "gap" or (field_kind in RELATED and self.likely(0.7)):
            amount = self.chance.choice(RELATED[field_kind][1])
        return self.no_key((kind, old, op, new, amount))

    @staticmethod
    def no_key(term):
        """The term, or a looser one: what is equal to that of the first flow is a key."""
        kind, (which, old), op, new, amount = term
        if kind == "rel" and (which, old, op) == ("first", new, "=") and not amount:
            return (kind, (which, old), op, new, RELATED[kind_of(new)][1][1])
        return term

    def any_relative_term(self):
        if self.likely(0.2):
            return self.address_term_between(*self.chance.sample(("srcip", "dstip", "nexthop"), 2))
        names, amounts = RELATED[self.chance.choice(list(RELATED))]
        old, new = self.chance.choice(names), self.chance.choice(names)
        op = self.chance.choice(("=", "!=", *ORDER))
        amount = self.chance.choice((None, *amounts))
        if self.likely(0.15) and kind_of(new) in ("time", "number"):
            return ("gap", (self.chance.choice(WHICH), old), op, new, amount or 0)
        kind, (which, old), op, new, amount = self.no_key(
            ("rel", (self.chance.choice(WHICH), old), op, new, amount))
        return (kind, (which, self.any_name(old)), op, self.any_name(new), amount)

    def address_term_between(self, old, new):
        which = self.chance.choice(WHICH)
        if self.likely(0.4):
            length = self.chance.choice((8, 16, 23, 24, 31, 64, 120))
            return ("net", (which, old), self.chance.choice(("=", "=", "!=")), new, length)
        return ("rel", (which, old), self.chance.choice(("=", "=", "!=", "<", ">=")), new, None)

    def modules(self):
        """No terms, or lists of terms of which few are too narrow to let anything in."""
        pick = self.chance.random()
        if pick < 0.35:
            keys = self.keys((0, 1, 1, 2, 2, 3))
            return [keys] if keys else []
        if pick < 0.65:
            terms = self.keys((0, 1, 1, 2)) + self.relative_terms((1, 1, 2))
            self.chance.shuffle(terms)
            return [terms]
        shared = self.keys((0, 0, 1))
        taken = {canonical(key[1]) for key in shared}
        modules = []
        for _ in range(self.chance.choice((2, 2, 3))):
            own = [key for key in self.keys((0, 1)) if canonical(key[1]) not in taken]
            terms = own + self.relative_terms((0, 1, 1, 2)) + shared
            if self.likely(0.3):
                self.chance.shuffle(terms)
            modules.append(terms or self.relative_terms((1,)))
        return modules

    def relative_terms(self, counts):
        return [self.relative_term() for _ in range(self.chance.choice(counts))]

    # ---- aggregates

    def aggregate_list(self, modules):
        items = []
        names = {name.lower() for module in modules for term in module if term[0] == "key"
                 for name in (term[3], *self.names_of(term[1])) if name} | set(OWN)
        for _ in range(self.chance.choice((0, 1, 2, 3, 5))):
            item = self.aggregate(len(modules))
            name = (item["alias"] or aggregates.default_name(item)).lower()
            if item["field"] and name not in names:
                names.add(name)
                items.append(item)
        if self.likely(0.2):
            items.append({"function": "count", "field": "", "argument": "", "alias": "",
                          "module": None})
        return items

    @staticmethod
    def names_of(name):
        field = canonical(name)
        return field, *FIELDS[field][0]

    def aggregate(self, module_count):
        kinds = [("", "any"), ("count", "any"), ("min", "any"), ("max", "any"), ("first", "any"),
                 ("last", "any"), ("static", "any"), ("union", "any"), ("union", "any"),
                 ("unique", "any"), ("sum", "number"), ("and", "bits"), ("or", "bits"),
                 ("xor", "bits"), ("bitAND", "bits"), ("bitOR", "bits"), ("bitXOR", "bits"),
                 ("prod", "number"), ("mean", "mid"), ("avg", "mid"), ("stddev", "number"),
                 ("median", "mid"), ("quantile", "mid")]
        function, takes = self.chance.choice(kinds)
        field = self.chance.choice(self.having({
            "any": [name for name in FIELDS if name != "flowId"],
            "number": [*NUMBERS, "duration"],
            "mid": [*NUMBERS, "duration", "start", "end"],
            "bits": ["flags", "tos", "packets", "bytes", "srcas", "flows"]}[takes]))
        name = field if self.likely(0.7) else FIELDS[field][0][0]
        argument = self.chance.choice(("0", "0.25", "0.5", "0.9", "1")) if function == "quantile" \
            else ""
        # A bare field that is called as the group's own columns would collide with them.
        alias = f"x{self.chance.randrange(1000)}" if self.likely(0.3) or (
            argument or (function == "" and field in OWN)) else ""
        module = None
        if module_count > 1 and function and self.likely(0.5):
            module = self.chance.randrange(module_count)
        return {"function": function, "field": name, "argument": argument, "alias": alias,
                "module": module}

    # ---- the whole

    def group(self):
        modules = self.modules()
        return {"modules": modules, "aggregates": self.aggregate_list(modules),
                "order": "input" if self.likely(0.2) else None}

    def simple_group(self):
        """With columns of the same names and kinds, whatever else it is grouped by."""
        keys = [("key", name, None, "") for name in ("srcip", "dstip")]
        terms = keys + (self.relative_terms((1,)) if self.likely(0.5) else [])
        return {"modules": [terms], "aggregates": [], "order": None}
