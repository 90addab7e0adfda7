"""Writes the trees of nfql_oracle as text of the language, in as many ways as it allows."""

import random

from aggregates import module_name
from fields import FIELDS, Address, canonical

SPELLINGS = {"=": ("=", "=="), "!=": ("!=", "<>"), "<": ("<",), "<=": ("<=",), ">": (">",),
             ">=": (">=",)}
ALLEN_NAMES = {"<": ("before", "<"), ">": ("after", ">"), "m": ("meets", "m"),
               "mi": ("met-by", "mi"), "o": ("overlaps", "o"), "oi": ("overlapped-by", "oi"),
               "s": ("starts", "s"), "si": ("started-by", "si"), "d": ("during", "d"),
               "di": ("contains", "di"), "f": ("finishes", "f"), "fi": ("finished-by", "fi"),
               "=": ("equals", "eq", "=")}
ANDS, ORS = (" and ", " && ", ", ", " AND "), (" or ", " || ", " OR ")


class Renderer:
    """Renders with one source of chance; the same seed gives the same text."""

    def __init__(self, chance=None):
        self.chance = chance or random.Random(0)

    # ---- expressions

    def expression(self, expr, parent=None):
        kind = expr[0]
        if kind == "any":
            return "any"
        if kind == "not":
            return self.chance.choice(("not (", "!(", "NOT (")) + self.expression(expr[1]) + ")"
        if kind in ("and", "or"):
            word = self.chance.choice(ANDS if kind == "and" else ORS)
            text = word.join(self.expression(e, kind) for e in expr[1])
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
        return self.amount(amount, left[1]) if left[0] == "field" else str(amount)

    def amount(self, amount, name):
        field = canonical(name.split(".")[-1])
        timed = field and FIELDS[field][1] in ("time", "duration")
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
        if kind == "file":
            return f"@{operand[1]}"
        if kind == "range":
            return f"{self.operand(operand[1])}..{self.operand(operand[2])}"
        if kind == "call":
            return f"{operand[1]}(" + ", ".join(self.operand(o) for o in operand[2]) + ")"
        assert kind == "arith", operand
        text = f"{self.operand(operand[2])} {operand[1]} {self.operand(operand[3], inner=True)}"
        return f"({text})" if inner or self.chance.random() < 0.3 else text

    def constant(self, value):
        if isinstance(value, Address):
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

    # ---- groupers

    def modules(self, modules):
        return self.chance.choice(ORS).join(
            self.chance.choice(ANDS).join(map(self.group_term, module)) for module in modules)

    def group_term(self, term):
        if term[0] == "key":
            return self.key(term)
        kind, (which, old), op, new, amount = term
        op = self.chance.choice(SPELLINGS[op])
        if kind == "gap":
            amount = self.amount(amount, new)
            return f"gap({which}.{old}, {new}) {op} {amount}"
        if kind == "net":
            old = old if which == "first" else f"{which}.{old}"
            return f"prefix({old}, {amount}) {op} prefix({new}, {amount})"
        if amount is None:
            bare = which == "first" and self.chance.random() < 0.6
            return f"{old if bare else f'{which}.{old}'} {op} {new}"
        amount = self.amount(amount, new)
        words = {"first": (old, "delta"), "last": (old, "rdelta")}
        if which not in words or self.chance.random() < 0.3:
            return f"{which}.{old} {op} {new} delta {amount}"
        old, word = words[which]
        return f"{old} {op} {new} {word} {amount}"

    def key(self, key):
        _, field, length, alias = key
        if length is not None:
            text = f"prefix({field}, {length})"
        elif not alias and self.chance.random() < 0.3:
            kind = FIELDS[canonical(field)][1]
            texts = (f"{field} = {field}", f"first.{field} = {field}", f"{field} = {field} delta 0")
            text = self.chance.choice(texts[:3 if kind in ("number", "port", "time") else 2])
        else:
            text = field
        return f"{text} as {alias}" if alias else text

    @staticmethod
    def aggregates(items):
        texts = []
        for item in items:
            function, field = item["function"], item["field"]
            argument = f", {item['argument']}" if item["argument"] else ""
            text = field if not function else f"{function}({field}{argument})" if field else function
            if item["module"] is not None:
                text = f"{module_name(item['module'])}.{text}"
            texts.append(f"{text} as {item['alias']}" if item["alias"] else text)
        return ", ".join(texts)

    # ---- whole queries

    def branch(self, branch):
        """A branch as strings; what does not run is not there."""
        texts = {}
        if branch["filter"] is not None:
            texts["filter"] = self.expression(branch["filter"])
        group = branch["group"]
        if group is not None:
            texts["group"] = self.modules(group["modules"])
            if group["aggregates"]:
                texts["aggregate"] = self.aggregates(group["aggregates"])
            if group["order"] is not None:
                texts["order"] = group["order"]
        if branch["gfilter"] is not None:
            texts["gfilter"] = self.expression(branch["gfilter"])
        return texts

    def query(self, query):
        """The query in the expression form of JSON, as an object."""
        result = {"branches": {b["name"]: self.branch(b) for b in query["branches"]}}
        if query["merge"] is not None:
            result["merge"] = self.expression(query["merge"])
        if query["except"]:
            result["except"] = [self.expression(expr) for expr in query["except"]]
        if query["emit"] is not None:
            result["emit"] = query["emit"]
        if query["ungroup"] is not None:
            result["ungroup"] = {"flat": True} if query["ungroup"]["flat"] else {}
        if query["limit"] is not None:
            result["limit"] = query["limit"]
        return result
