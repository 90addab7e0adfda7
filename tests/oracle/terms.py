"""Random traces, and random queries that are likely to find something in them."""

import datetime
import ipaddress

import nfql_oracle as oracle

ADDRESSES = [ipaddress.IPv4Address(text) for text in (
    "10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.1.1", "10.0.1.9", "192.168.7.7")]
PORTS = (53, 80, 443, 1024, 1025, 5353, 65535, 0)
NAMED_PORTS = {53: "domain", 80: "http", 443: "https"}
NAMED_PROTOCOLS = {6: "tcp", 17: "udp", 1: "icmp"}
FLAG_LETTERS = {"F": 1, "S": 2, "R": 4, "P": 8, "A": 16, "U": 32}
EPOCH_MS = 1_335_771_830_057
ORDER = ("<", "<=", ">", ">=")
KEYS = ("srcip", "dstip", "srcport", "dstport", "proto", "flags", "tos", "inif", "srcas", "dstas",
        "srcmask", "packets", "nexthop", "engine_id")
NUMBERS = ("packets", "bytes", "tos", "srcas", "dstas", "inif", "srcmask", "flows")


def random_rows(chance, count):
    """Rows as make_flow_tools.make() takes them; few distinct values, so that queries match."""
    rows = []
    spread = chance.choice((10, 100, 5000))
    for _ in range(count):
        start = EPOCH_MS + spread * chance.randrange(20)
        large = chance.random() < 0.1
        rows.append({
            "start": start, "end": start + spread * chance.randrange(8),
            "srcip": int(chance.choice(ADDRESSES)), "dstip": int(chance.choice(ADDRESSES)),
            "srcport": chance.choice(PORTS), "dstport": chance.choice(PORTS),
            "proto": chance.choice((6, 6, 6, 17, 17, 1, 47)),
            "flags": chance.choice((0, 2, 16, 18, 27, 31)),
            "packets": 2**32 - 1 - chance.randrange(3) if large else chance.randrange(1, 12),
            "bytes": 2**32 - 1 - chance.randrange(3) if large else 40 * chance.randrange(1, 100),
            "tos": chance.choice((0, 0, 8)), "input": chance.randrange(3),
            "output": chance.randrange(3), "nexthop": int(chance.choice(ADDRESSES[:2])),
            "exaddr": int(ADDRESSES[-1]), "engine_type": 0, "engine_id": chance.randrange(2),
            "src_as": chance.choice((0, 7018, 64512)), "dst_as": chance.choice((0, 7018, 65535)),
            "src_mask": chance.choice((8, 24, 32)), "dst_mask": chance.choice((0, 16)),
            "pad": 0, "tail": 0, "unix_secs": None, "unix_nsecs": None,
            "sysuptime": chance.choice((None, 1000, 2**32 - 1)),
        })
    return rows


class Generator:
    """Makes queries over given flows; looks at their values, so that constants hit."""

    def __init__(self, chance, flows, reals=True):
        self.chance = chance
        self.flows = flows
        self.reals = reals

    # ---- columns to write terms about: (name, kind, form, values seen)

    def flow_columns(self):
        columns = []
        for name in oracle.FIELDS:
            values = [flow[name] for flow in self.flows if flow.get(name) is not None]
            if values:
                columns.append((self.any_name(name), oracle.FIELDS[name][1], "plain", values))
        return columns

    def any_name(self, field):
        name = self.chance.choice((field, field, *oracle.FIELDS[field][0]))
        return name.upper() if self.chance.random() < 0.05 else name

    def group_columns(self, columns, groups):
        result = []
        for index, column in enumerate(columns):
            values = [g.values[index] for g in groups if g.values[index] is not None]
            # A name with a dot or parentheses cannot be written in an expression.
            if values and column.name.replace("_", "").isalnum():
                result.append((column.name, column.kind, column.form, values))
        if groups and all(column.name != "duration" for column in columns):
            result.append(("duration", "duration", "plain", [g.end - g.start for g in groups]))
        return result

    # ---- constants

    def constant(self, kind, values):
        """A constant of a kind, mostly one that occurs."""
        value = self.chance.choice(values)
        if kind == "address":
            return ("const", self.chance.choice((value, *ADDRESSES)), None)
        if kind == "port" and value in NAMED_PORTS and self.chance.random() < 0.4:
            name = NAMED_PORTS[value]
            return ("const", value, self.chance.choice((name, f'port("{name}")')))
        if kind == "protocol" and value in NAMED_PROTOCOLS and self.chance.random() < 0.6:
            name = NAMED_PROTOCOLS[value]
            return ("const", value, self.chance.choice((name, name.upper(), f'protocol("{name}")')))
        if kind == "time" and self.chance.random() < 0.7:
            return ("const", value, f'"{time_text(value)}"')
        return ("const", value, None)

    def number(self, kind, values):
        """A plain integer near one that occurs, within the range of small fields."""
        value = self.chance.choice(values)
        if kind in ("number", "time", "duration") and value > 2 and self.chance.random() < 0.3:
            value -= self.chance.choice((1, 2))
        return ("const", value, None)

    def network(self, values):
        length = self.chance.choice((0, 8, 16, 23, 24, 30, 32))
        return ipaddress.IPv4Network((self.chance.choice(values), length), strict=False)

    # ---- terms

    def term(self, columns):
        name, kind, form, values = self.chance.choice(columns)
        if form == "set":
            return self.set_term(name, kind, values)
        if form == "real":
            threshold = round(abs(float(self.chance.choice(values))) % 1e15, 1) + 0.317
            return ("cmp", self.chance.choice(ORDER), ("field", name), ("const", threshold, None),
                    None)
        if kind == "address":
            return self.address_term(name, values, columns)
        if kind == "flags" and self.chance.random() < 0.5:
            return self.flags_term(name)
        return self.number_term(name, kind, values, columns)

    def set_term(self, name, kind, values):
        members = [value for held in values for value in sorted(held)]
        pick = self.chance.randrange(4)
        if pick == 0:
            return ("in", self.constant(kind, members), False, ("field", name))
        literal = sorted(self.chance.choice(values))[:4]
        if pick == 1 and self.chance.random() < 0.5:
            literal.append(self.chance.choice(members))
        literal = ("set", [self.constant_of(kind, value) for value in literal])
        if pick == 1:
            return ("cmp", self.chance.choice(("=", "!=")), ("field", name), literal, None)
        if pick == 2:
            return ("intersects", ("field", name), literal)
        return ("in", ("field", name), self.chance.random() < 0.3, literal)

    def constant_of(self, kind, value):
        return ("const", value, f'"{time_text(value)}"' if kind == "time" else None)

    def address_term(self, name, values, columns):
        left = ("field", name)
        pick = self.chance.randrange(6)
        others = [column[0] for column in columns if column[1:3] == ("address", "plain")]
        if pick == 0:
            return ("cmp", self.chance.choice(("=", "!=")), left, ("prefix", self.network(values)),
                    None)
        if pick == 1:
            return ("in", left, self.chance.random() < 0.3, ("prefix", self.network(values)))
        if pick == 2:
            items = [("const", self.chance.choice(ADDRESSES), None),
                     ("prefix", self.network(values))]
            return ("in", left, self.chance.random() < 0.3, ("set", items))
        if pick == 3:
            low, high = sorted((self.chance.choice(ADDRESSES), self.chance.choice(values)))
            return ("in", left, False, ("range", ("const", low, None), ("const", high, None)))
        if pick == 4:
            return ("cmp", self.chance.choice(("=", "!=")), left,
                    ("field", self.chance.choice(others)), None)
        return ("cmp", self.chance.choice(("=", "!=")), left, self.constant("address", values),
                None)

    def flags_term(self, name):
        letters = "".join(l for l in FLAG_LETTERS if self.chance.random() < 0.4) or "S"
        bits = sum(FLAG_LETTERS[letter] for letter in letters)
        if self.chance.random() < 0.5:
            mask = "".join(l for l in FLAG_LETTERS if l in letters or self.chance.random() < 0.3)
            mask_bits = sum(FLAG_LETTERS[letter] for letter in mask)
            text = f"{letters}/{mask}"
            return ("cmp", self.chance.choice(("=", "!=")), ("field", name),
                    ("flags", bits, mask_bits, self.quoted(text)), None)
        if self.chance.random() < 0.5:
            return ("cmp", "!=", ("arith", "&", ("field", name), ("const", bits, letters)),
                    ("const", 0, "0"), None)
        return ("cmp", self.chance.choice(("=", "!=")), ("field", name),
                ("const", bits, self.quoted(letters)), None)

    def quoted(self, text):
        return self.chance.choice((text, f'"{text}"'))

    def number_term(self, name, kind, values, columns):
        left = ("field", name)
        op = self.chance.choice(("=", "!=", *ORDER))
        delta = None
        if kind not in ("flags", "protocol") and self.chance.random() < 0.25:
            delta = self.chance.choice((0, 1, 5, 100, 1000))
        pick = self.chance.randrange(6)
        others = [c for c in columns if c[1] == kind and c[2] == "plain"]
        if pick == 0 and len(others) > 1:
            return ("cmp", op, left, ("field", self.chance.choice(others)[0]), delta)
        if pick == 1:
            low, high = sorted((self.chance.choice(values), self.chance.choice(values)))
            return ("in", left, self.chance.random() < 0.3,
                    ("range", self.constant_of(kind, low), self.constant_of(kind, high)))
        if pick == 2:
            items = [self.constant(kind, values) for _ in range(self.chance.randrange(1, 4))]
            return ("in", left, self.chance.random() < 0.3, ("set", items))
        if pick == 3 and kind == "number":
            other = self.chance.choice(others)
            arith = self.chance.choice("+-&|")
            return ("cmp", op, ("arith", arith, left, ("field", other[0])),
                    self.number(kind, values), None)
        if pick == 3 and kind == "flags":
            function = self.chance.choice(("bitAND", "bitOR"))
            return ("cmp", op, ("call", function, [left, ("const", 0x12, "0x12")]),
                    self.number(kind, [0, 2, 0x12, 0x13]), None)
        if pick == 3 and kind == "time":
            return self.time_arithmetic(left, op, others)
        return ("cmp", op, left, self.constant(kind, values), delta)

    def time_arithmetic(self, left, op, others):
        """The distance of two times against a span, or a moved time against another."""
        right = ("field", self.chance.choice(others)[0])
        span = self.chance.choice((0, 70, 500, 1000))
        pick = self.chance.randrange(3)
        if pick == 0:
            return ("cmp", op, ("call", "gap", [left, right]), ("const", span, None), None)
        if pick == 1:
            return ("cmp", op, ("arith", "-", left, right), ("const", span, None), None)
        return ("cmp", op, ("arith", "+", left, ("const", span, None)), right, None)

    def expression(self, make_term, depth=2):
        pick = self.chance.random()
        if depth == 0 or pick < 0.45:
            return make_term()
        if pick < 0.55:
            return ("not", self.expression(make_term, depth - 1))
        parts = [self.expression(make_term, depth - 1) for _ in range(self.chance.choice((2, 2, 3)))]
        # Terms are mostly false already: more `or` than `and`, or nothing would be found.
        return (self.chance.choice(("and", "or", "or")), parts)

    # ---- stages

    def branch(self, name, simple_columns=False):
        """A branch, and the groups it has (None when it is only filtered)."""
        flows_expr = group = gfilter = None
        flows = self.flows
        if self.flows and self.chance.random() < 0.8:
            columns = self.flow_columns()
            flows_expr = self.expression(lambda: self.term(columns))
            flows = oracle.filtered(flows, flows_expr)
        if self.chance.random() < 0.9:
            group = self.group(simple_columns)
            columns, groups = oracle.grouped(flows, group)
            usable = self.group_columns(columns, groups)
            if usable and self.chance.random() < 0.7:
                gfilter = self.expression(lambda: self.term(usable))
        return {"name": name, "filter": flows_expr, "group": group, "gfilter": gfilter}

    def group(self, simple=False):
        if simple:
            keys = [{"field": field, "length": None, "alias": ""} for field in ("srcip", "dstip")]
            return {"keys": keys, "aggregates": []}
        fields = self.chance.sample(KEYS, self.chance.choice((0, 1, 1, 2, 2, 3, 4)))
        keys = []
        for field in fields:
            length, alias = None, ""
            if oracle.FIELDS[field][1] == "address" and self.chance.random() < 0.3:
                length = self.chance.choice((0, 8, 16, 24, 31, 32))
                alias = f"net_{field}" if self.chance.random() < 0.6 else ""
            name = field if self.chance.random() < 0.7 else oracle.FIELDS[field][0][0]
            keys.append({"field": name, "length": length, "alias": alias})
        return {"keys": keys, "aggregates": self.aggregates(fields)}

    def aggregates(self, key_fields):
        items, names = [], {name.lower() for field in key_fields
                            for name in (field, *oracle.FIELDS[field][0])}
        names |= {"start", "end", "count", "duration"}
        for _ in range(self.chance.choice((0, 1, 2, 3, 5))):
            item = self.aggregate()
            name = (item["alias"] or oracle.default_name(item)).lower()
            if item["field"] and name not in names:
                names.add(name)
                items.append(item)
        if self.chance.random() < 0.2:
            items.append({"function": "count", "field": "", "argument": "", "alias": ""})
        return items

    def aggregate(self):
        kinds = [("", "any"), ("count", "any"), ("min", "any"), ("max", "any"), ("first", "any"),
                 ("last", "any"), ("static", "any"), ("union", "any"), ("unique", "any"),
                 ("sum", "number"), ("and", "bits"), ("or", "bits"), ("xor", "bits"),
                 ("bitAND", "bits"), ("bitOR", "bits"), ("bitXOR", "bits")]
        if self.reals:
            kinds += [("prod", "number"), ("mean", "mid"), ("avg", "mid"), ("stddev", "number"),
                      ("median", "mid"), ("quantile", "mid")]
        function, takes = self.chance.choice(kinds)
        fields = {"any": [f for f in oracle.FIELDS if f != "flowId"],
                  "number": [*NUMBERS, "duration"],
                  "mid": [*NUMBERS, "duration", "start", "end"],
                  "bits": ["flags", "tos", "packets", "bytes", "srcas"]}[takes]
        field = self.chance.choice(fields)
        name = field if self.chance.random() < 0.7 else oracle.FIELDS[field][0][0]
        argument = self.chance.choice(("0", "0.25", "0.5", "0.9", "1")) if function == "quantile" \
            else ""
        # A bare field that is called as the group's own columns would collide with them.
        alias = f"x{self.chance.randrange(1000)}" if self.chance.random() < 0.3 or (
            argument or (function == "" and field in ("start", "end", "duration"))) else ""
        return {"function": function, "field": name, "argument": argument, "alias": alias}

    def merge_term(self, tables):
        """A term over branches; tables is {name: columns as of group_columns}."""
        left, right = self.chance.sample(list(tables), 2)
        pick = self.chance.random()
        if pick < 0.3:
            relation = self.chance.choice(list("<>=") + ["m", "mi", "o", "oi", "s", "si", "d", "di",
                                                         "f", "fi"])
            delta = self.chance.choice((None, None, 1, 50, 1000))
            return ("allen", left, relation, right, delta)
        name, kind, form, values = self.chance.choice(
            [column for column in tables[left] if column[2] != "real"])
        if form == "set":
            return self.set_term(f"{left}.{name}", kind, values)
        if pick < 0.4:
            return ("cmp", self.chance.choice(("=", "!=")), ("field", f"{left}.{name}"),
                    self.constant(kind, values), None)
        holders = [c for c in tables[right] if c[1] == kind and c[2] == "set"]
        if holders and pick < 0.6:
            return ("in", ("field", f"{left}.{name}"), self.chance.random() < 0.2,
                    ("field", f"{right}.{self.chance.choice(holders)[0]}"))
        addresses = [c for c in tables[left] if c[1] == "address" and c[2] == "plain"]
        if addresses and self.chance.random() < 0.4:
            name, kind, _, values = self.chance.choice(addresses)
        mates = [c for c in tables[right] if c[1] == kind and c[2] == "plain"]
        if not mates:
            return self.merge_term(tables)
        op = self.chance.choice(("=", "=", "=", "!=", *ORDER) if kind != "address" else "===")
        delta = self.chance.choice((None, None, 0, 1, 100)) \
            if kind in ("number", "port", "time", "duration") else None
        return ("cmp", op, ("field", f"{left}.{name}"),
                ("field", f"{right}.{self.chance.choice(mates)[0]}"), delta)

    def merge(self, tables):
        if self.chance.random() < 0.05:
            return ("any",)
        return self.expression(lambda: self.merge_term(tables))


def time_text(ms):
    """ISO 8601 UTC with milliseconds."""
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=ms)
    return moment.isoformat(timespec="milliseconds") + "Z"
