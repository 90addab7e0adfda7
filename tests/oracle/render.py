"""Writes the trees of nfql_oracle as text of the language, in as many ways as it allows."""

import ipaddress
import random

import nfql_oracle as oracle

SPELLINGS = {"=": ("=", "=="), "!=": ("!=", "<>"), "<": ("<",), "<=": ("<=",), ">": (">",),
             ">=": (">=",)}
ALLEN_NAMES = {"<": ("before", "<"), ">": ("after", ">"), "m": ("meets", "m"),
               "mi": ("met-by", "mi"), "o": ("overlaps", "o"), "oi": ("overlapped-by", "oi"),
               "s": ("starts", "s"), "si": ("started-by", "si"), "d": ("during", "d"),
               "di": ("contains", "di"), "f": ("finishes", "f"), "fi": ("finished-by", "fi"),
               "=": ("equals", "eq", "=")}


class Renderer:
    """Renders with one source of chance; the same seed gives the same text."""

    def __init__(self, chance=None):
        self.chance = chance or random.Random(0)

    def expression(self, expr, parent=None):
        kind = expr[0]
        if kind == "any":
            return "any"
        if kind == "not":
            return self.chance.choice(("not (", "!(", "NOT (")) + self.expression(expr[1]) + ")"
        if kind in ("and", "or"):
            words = (" and ", " && ", ", ", " AND ") if kind == "and" else (" or ", " || ", " OR ")
            text = self.chance.choice(words).join(self.expression(e, kind) for e in expr[1])
            # `or` binds less than `and`; elsewhere parentheses only now and then.
            needed = (parent, kind) == ("and", "or")
            return f"({text})" if needed or self.chance.random() < 0.2 else text
        return self.term(expr)

    def term(self, expr):
        kind = expr[0]
        if kind == "cmp":
            _, op, left, right, delta = expr
            text = f"{self.operand(left)} {self.chance.choice(SPELLINGS[op])} {self.operand(right)}"
            return text if delta is None else f"{text} delta {self.delta(delta, left)}"
        if kind == "in":
            word = "not in" if expr[2] else "in"
            return f"{self.operand(expr[1])} {word} {self.operand(expr[3])}"
        if kind == "intersects":
            return f"{self.operand(expr[1])} intersects {self.operand(expr[2])}"
        assert kind == "allen", expr
        text = f"{expr[1]} {self.chance.choice(ALLEN_NAMES[expr[2]])} {expr[3]}"
        return text if expr[4] is None else f"{text} delta {self.duration(expr[4])}"

    def delta(self, amount, left):
        """A tolerance; for times and durations possibly with a unit."""
        name = left[1].split(".")[-1] if left[0] == "field" else ""
        field = oracle.canonical(name)
        timed = field and oracle.FIELDS[field][1] in ("time", "duration")
        return self.duration(amount) if timed else str(amount)

    def duration(self, ms):
        """ms as a number, bare or with a unit that gives exactly it."""
        texts = [str(ms), f"{ms}ms", f"{ms * 1000}us"]
        for unit, size in (("s", 1000), ("m", 60_000), ("min", 60_000), ("h", 3_600_000)):
            if ms and ms % size == 0:
                texts.append(f"{ms // size}{unit}")
        return self.chance.choice(texts)

    def operand(self, operand, inner=False):
        kind = operand[0]
        if kind == "field":
            return operand[1]
        if kind == "const":
            return operand[2] if operand[2] is not None else self.constant(operand[1])
        if kind == "prefix":
            return str(operand[1])
        if kind == "flags":
            return operand[3]
        if kind == "set":
            return "{" + ", ".join(self.operand(item) for item in operand[1]) + "}"
        if kind == "range":
            return f"{self.operand(operand[1])}..{self.operand(operand[2])}"
        if kind == "call":
            return f"{operand[1]}(" + ", ".join(self.operand(o) for o in operand[2]) + ")"
        assert kind == "arith", operand
        text = f"{self.operand(operand[2])} {operand[1]} {self.operand(operand[3], inner=True)}"
        return f"({text})" if inner or self.chance.random() < 0.3 else text

    def constant(self, value):
        if isinstance(value, ipaddress.IPv4Address):
            return str(value)
        if isinstance(value, float):
            return repr(value)
        texts = [str(value)]
        if value >= 0:
            texts.append(hex(value))
        if value > 0 and value % 1000 == 0:
            texts.append(f"{value // 1000}k")
        if value > 0 and value % 1024 == 0:
            texts.append(f"{value // 1024}Ki")
        return self.chance.choice(texts)

    def keys(self, keys):
        return self.chance.choice((", ", " and ")).join(self.key(key) for key in keys)

    def key(self, key):
        if key["length"] is not None:
            text = f"prefix({key['field']}, {key['length']})"
        elif not key["alias"] and self.chance.random() < 0.2:
            text = f"{key['field']} = {key['field']}"
        else:
            text = key["field"]
        return f"{text} as {key['alias']}" if key["alias"] else text

    @staticmethod
    def aggregates(items):
        texts = []
        for item in items:
            function, field = item["function"], item["field"]
            argument = f", {item['argument']}" if item["argument"] else ""
            text = field if not function else f"{function}({field}{argument})" if field else function
            texts.append(f"{text} as {item['alias']}" if item["alias"] else text)
        return ", ".join(texts)

    def branch(self, branch):
        """A branch as strings; what does not run is not there."""
        texts = {}
        if branch["filter"] is not None:
            texts["filter"] = self.expression(branch["filter"])
        if branch["group"] is not None:
            texts["group"] = self.keys(branch["group"]["keys"])
            if branch["group"]["aggregates"]:
                texts["aggregate"] = self.aggregates(branch["group"]["aggregates"])
        if branch["gfilter"] is not None:
            texts["gfilter"] = self.expression(branch["gfilter"])
        return texts

    def query(self, query):
        """The query in the expression form of JSON, as an object."""
        result = {"branches": {b["name"]: self.branch(b) for b in query["branches"]}}
        if query["merge"] is not None:
            result["merge"] = self.expression(query["merge"])
        if query["emit"] is not None:
            result["emit"] = query["emit"]
        if query["ungroup"] is not None:
            result["ungroup"] = {"flat": True} if query["ungroup"]["flat"] else {}
        return result
