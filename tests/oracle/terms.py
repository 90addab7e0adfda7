"""Random terms and expressions that are likely to hold for some of given rows."""

import math

from fields import FIELDS, Prefix, time_text
from traces import ADDRESSES, WIDE_ADDRESSES

NAMED_PORTS = {53: "domain", 80: "http", 443: "https"}
NAMED_PROTOCOLS = {6: "tcp", 17: "udp", 1: "icmp"}
FLAG_LETTERS = {"F": 1, "S": 2, "R": 4, "P": 8, "A": 16, "U": 32}
ORDER = ("<", "<=", ">", ">=")
TOLERANCES = (0, 1, 5, 100, 1000)


class TermMaker:
    """Makes terms about columns, which are (name, kind, form, values seen) each.

    It looks at the values, so that constants hit.
    """

    def __init__(self, chance):
        self.chance = chance

    def likely(self, share):
        return self.chance.random() < share

    def any_name(self, field):
        """One of the names of a field."""
        name = self.chance.choice((field, field, *FIELDS[field][0]))
        return name.upper() if self.likely(0.05) else name

    # ---- constants

    def constant(self, kind, values):
        """A constant of a kind, mostly one that occurs."""
        value = self.chance.choice(values)
        if kind == "address":
            other = self.chance.choice((*ADDRESSES, *WIDE_ADDRESSES))
            return ("const", value if self.likely(0.6) else other, None)
        if kind == "port" and value in NAMED_PORTS and self.likely(0.4):
            name = NAMED_PORTS[value]
            return ("const", value, self.chance.choice((name, f'port("{name}")')))
        if kind == "protocol" and value in NAMED_PROTOCOLS and self.likely(0.6):
            name = NAMED_PROTOCOLS[value]
            return ("const", value, self.chance.choice((name, name.upper(), f'protocol("{name}")')))
        if kind == "time" and self.likely(0.7):
            return self.constant_of(kind, value)
        return ("const", value, None)

    def constant_of(self, kind, value):
        return ("const", value, f'"{time_text(value)}"' if kind == "time" else None)

    def number(self, kind, values):
        """A plain integer near one that occurs, within the range of small fields."""
        value = self.chance.choice(values)
        if kind in ("number", "time", "duration") and value > 2 and self.likely(0.3):
            value -= self.chance.choice((1, 2))
        return ("const", value, None)

    def network(self, values):
        address = self.chance.choice(values)
        lengths = (0, 8, 16, 23, 24, 30, 32) if address.is_v4 else (0, 16, 32, 64, 127, 128)
        return ("prefix", Prefix(address, self.chance.choice(lengths)))

    # ---- terms

    def term(self, columns):
        name, kind, form, values = self.chance.choice(columns)
        if form == "set":
            return self.set_term(name, kind, values, columns)
        if form == "real":
            return self.real_term(name, values)
        if kind == "address":
            return self.address_term(name, values, columns)
        if kind == "flags" and self.likely(0.5):
            return self.flags_term(name)
        return self.number_term(name, kind, values, columns)

    def real_term(self, name, values):
        """Against a threshold that no value hits, for the last digits are anyone's guess."""
        size = abs(float(self.chance.choice(values)))  # products may be infinite
        threshold = (round(size % 1e15, 1) if math.isfinite(size) else 0) + 0.317
        return ("cmp", self.chance.choice(ORDER), ("field", name), ("const", threshold, None), None)

    def set_term(self, name, kind, values, columns):
        left = ("field", name)
        members = [value for held in values for value in sorted(held)]
        others = [column for column in columns if column[1:3] == (kind, "set")]
        if others and self.likely(0.35):
            return self.term_of_sets(left, ("field", self.chance.choice(others)[0]))
        if self.likely(0.25):
            return ("in", self.constant(kind, members), self.likely(0.2), left)
        literal = sorted(self.chance.choice(values))[:4]
        if self.likely(0.3):
            literal.append(self.chance.choice(members))
        return self.term_of_sets(left, ("set", [self.constant_of(kind, v) for v in literal]))

    def term_of_sets(self, left, right):
        pick = self.chance.randrange(3)
        if pick == 0:
            return ("cmp", self.chance.choice(("=", "!=")), left, right, None)
        if pick == 1:
            return ("intersects", left, right)
        return ("in", left, self.likely(0.3), right)

    def address_term(self, name, values, columns):
        left = ("field", name)
        pick = self.chance.randrange(6)
        others = [column[0] for column in columns if column[1:3] == ("address", "plain")]
        op = self.chance.choice(("=", "!="))
        if pick == 0:
            return ("cmp", op, left, self.network(values), None)
        if pick == 1:
            return ("in", left, self.likely(0.3), self.network(values))
        if pick == 2:
            items = [("const", self.chance.choice(ADDRESSES), None), self.network(values)]
            return ("in", left, self.likely(0.3), self.set_of(items))
        if pick == 3:
            low, high = sorted((self.chance.choice(ADDRESSES), self.chance.choice(values)))
            return ("in", left, False, ("range", ("const", low, None), ("const", high, None)))
        if pick == 4:
            return ("cmp", self.chance.choice(("=", "!=", *ORDER)), left,
                    ("field", self.chance.choice(others)), None)
        return ("cmp", op, left, self.constant("address", values), None)

    def set_of(self, items):
        """A set, in the query or in a file of its own."""
        if self.likely(0.7):
            return ("set", items)
        return ("file", f"list{self.chance.randrange(10**6)}", items)

    def flags_term(self, name):
        letters = "".join(l for l in FLAG_LETTERS if self.likely(0.4)) or "S"
        bits = sum(FLAG_LETTERS[letter] for letter in letters)
        left, op = ("field", name), self.chance.choice(("=", "!="))
        if self.likely(0.5):
            mask = "".join(l for l in FLAG_LETTERS if l in letters or self.likely(0.3))
            mask_bits = sum(FLAG_LETTERS[letter] for letter in mask)
            text = self.quoted(f"{letters}/{mask}")
            return ("cmp", op, left, ("flags", bits, mask_bits, text), None)
        if self.likely(0.5):
            masked = ("arith", "&", left, ("const", bits, letters))
            return ("cmp", "!=", masked, ("const", 0, "0"), None)
        return ("cmp", op, left, ("const", bits, self.quoted(letters)), None)

    def quoted(self, text):
        return self.chance.choice((text, f'"{text}"'))

    def number_term(self, name, kind, values, columns):
        left = ("field", name)
        op = self.chance.choice(("=", "!=", *ORDER))
        delta = self.tolerance(kind, 0.25)
        pick = self.chance.randrange(6)
        others = [column for column in columns if column[1:3] == (kind, "plain")]
        if pick == 0 and len(others) > 1:
            return ("cmp", op, left, ("field", self.chance.choice(others)[0]), delta)
        if pick == 1:
            low, high = sorted((self.chance.choice(values), self.chance.choice(values)))
            return ("in", left, self.likely(0.3),
                    ("range", self.constant_of(kind, low), self.constant_of(kind, high)))
        if pick == 2:
            items = [self.constant(kind, values) for _ in range(self.chance.randrange(1, 4))]
            if kind == "number" and self.likely(0.3):
                items = [("const", item[1], str(item[1])) for item in items]
                return ("in", left, self.likely(0.3), self.set_of(items))
            return ("in", left, self.likely(0.3), ("set", items))
        if pick == 3:
            return self.arithmetic(left, kind, values, others) or \
                ("cmp", op, left, self.constant(kind, values), delta)
        return ("cmp", op, left, self.constant(kind, values), delta)

    def tolerance(self, kind, share):
        if kind in ("number", "port", "time", "duration") and self.likely(share):
            return self.chance.choice(TOLERANCES)
        return None

    def arithmetic(self, left, kind, values, others):
        """A term in which something is computed; None for kinds that do not compute."""
        op = self.chance.choice(("=", "!=", *ORDER))
        right = ("field", self.chance.choice(others)[0])
        if kind == "number":
            result = ("arith", self.chance.choice("+-&|"), left, right)
            delta = self.chance.choice(TOLERANCES) if self.likely(0.2) else None
            return ("cmp", op, result, self.number(kind, values), delta)
        if kind == "flags":
            masked = ("call", self.chance.choice(("bitAND", "bitOR")),
                      [left, ("const", 0x12, "0x12")])
            return ("cmp", op, masked, self.number(kind, [0, 2, 0x12, 0x13]), None)
        if kind == "time":
            return self.time_arithmetic(left, op, right)
        return None

    def time_arithmetic(self, left, op, right):
        """The distance of two times against a span, or a moved time against another."""
        span = ("const", self.chance.choice((0, 70, 500, 1000)), None)
        pick = self.chance.randrange(3)
        if pick == 0:
            return ("cmp", op, ("call", "gap", [left, right]), span, None)
        if pick == 1:
            return ("cmp", op, ("arith", "-", left, right), span, None)
        return ("cmp", op, ("arith", "+", left, span), right, None)

    def expression(self, make_term, depth=2):
        pick = self.chance.random()
        if depth == 0 or pick < 0.45:
            return make_term()
        if pick < 0.55:
            return ("not", self.expression(make_term, depth - 1))
        parts = [self.expression(make_term, depth - 1) for _ in range(self.chance.choice((2, 2, 3)))]
        # Terms are mostly false already: more `or` than `and`, or nothing would be found.
        return (self.chance.choice(("and", "or", "or")), parts)
