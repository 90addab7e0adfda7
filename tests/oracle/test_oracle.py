#!/usr/bin/python3
"""Hand-worked examples: the oracle must be right before it may judge."""

import ipaddress
import itertools
import os
import pathlib
import random
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "data"))

import check
import flow_tools
import generate
import make_flow_tools
import nfql_oracle as oracle
import render

IP = ipaddress.IPv4Address


def flows_of(text, **options):
    """Flows of rows of text, written as a flow-tools file and read again."""
    rows = [make_flow_tools.parse_row(line.strip()) for line in text.strip().splitlines()]
    with tempfile.NamedTemporaryFile() as file:
        file.write(make_flow_tools.make(rows, **options))
        file.flush()
        return flow_tools.read_inputs([file.name])


FLOWS = """
    3000,4000,10.0.0.1,1024,10.0.0.9,80,6,0x1b,10,1000
    1000,2500,10.0.0.2,1025,10.0.0.9,80,6,0x02,1,40
    2000,2000,10.0.0.1,1026,10.0.0.9,53,17,0,2,200
    1000,9000,10.0.0.1,1027,10.0.1.9,80,6,0x12,4,400
"""


def field(name):
    return ("field", name)


def const(value, text=None):
    return ("const", value, text)


def term(left, op, right, delta=None):
    return ("cmp", op, field(left), right, delta)


def ids(flows):
    return [flow["flowId"] for flow in flows]


def key(name, length=None, alias=""):
    return {"field": name, "length": length, "alias": alias}


def item(function, name, argument="", alias=""):
    return {"function": function, "field": name, "argument": argument, "alias": alias}


class Interval:
    def __init__(self, start, end):
        self.start, self.end = start, end


class ReaderTest(unittest.TestCase):
    def test_every_way_of_writing_is_read_alike(self):
        plain = flows_of(FLOWS)
        for order, flags in itertools.product("<>", (1, 3, 8, 10)):
            flows = flows_of(FLOWS, order=order, flags=flags)
            for one, other in zip(plain, flows):
                self.assertEqual({**one, "identity": 0}, {**other, "identity": 0})

    def test_times_survive_a_wrap_of_the_uptime(self):
        # Up for 0.5 s since the wrap when exported, and the flow began before it.
        (flow,) = flows_of("1335771830057,1335771835057,1.2.3.4,1,5.6.7.8,2,6,0,1,1,sysuptime=500")
        self.assertGreater(flow["first"], flow["sysuptime"])
        self.assertEqual((flow["start"], flow["end"]), (1335771830057, 1335771835057))
        self.assertEqual(flow["srcip"], IP("1.2.3.4"))

    def test_a_cut_file_is_refused(self):
        rows = [make_flow_tools.parse_row("1,2,1.2.3.4,1,5.6.7.8,2,6,0,1,1")]
        with tempfile.NamedTemporaryFile() as file:
            file.write(make_flow_tools.make(rows)[:-1])
            file.flush()
            with self.assertRaises(flow_tools.BadFile):
                flow_tools.read_flows(file.name)


class ExpressionTest(unittest.TestCase):
    def setUp(self):
        self.flows = flows_of(FLOWS)

    def kept(self, expr):
        return ids(oracle.filtered(self.flows, expr))

    def test_comparisons(self):
        for op, expected in {"=": [2], "!=": [0, 1, 3], "<": [1], "<=": [1, 2], ">": [0, 3],
                             ">=": [0, 2, 3]}.items():
            self.assertEqual(self.kept(term("bytes", op, const(200))), expected, op)

    def test_delta_is_a_tolerance(self):
        for op, expected in {"=": [2, 3], "!=": [0, 1], "<": [1, 2], "<=": [1, 2, 3],
                             ">": [0, 3], ">=": [0, 2, 3]}.items():
            self.assertEqual(self.kept(term("bytes", op, const(300), 100)), expected, op)

    def test_prefixes_sets_ranges_and_flags(self):
        prefix = ("prefix", ipaddress.IPv4Network("10.0.1.0/24"))
        self.assertEqual(self.kept(term("dst", "=", prefix)), [3])
        self.assertEqual(self.kept(term("dst", "!=", prefix)), [0, 1, 2])
        self.assertEqual(self.kept(("in", field("dstip"), True, prefix)), [0, 1, 2])
        ports = ("set", [const(53), ("range", const(60), const(80))])
        self.assertEqual(self.kept(("in", field("dport"), False, ports)), [0, 1, 2, 3])
        self.assertEqual(self.kept(term("flags", "=", ("flags", 0x02, 0x12, "S/SA"))), [1])
        self.assertEqual(self.kept(("cmp", "!=", ("arith", "&", field("flags"), const(0x10)),
                                    const(0), None)), [0, 3])

    def test_arithmetic_is_signed(self):
        difference = ("arith", "-", field("packets"), field("bytes"))
        self.assertEqual(self.kept(("cmp", "<", difference, const(-198), None)), [0, 3])

    def test_unknown_is_neither_true_nor_false(self):
        unknown = term("x", "=", const(1))
        yes, no = ("any",), ("not", ("any",))
        cases = {("not", unknown): None, ("and", (unknown, yes)): None,
                 ("and", (unknown, no)): False, ("or", (unknown, yes)): True,
                 ("or", (unknown, no)): None, ("not", ("and", (unknown, no))): True}
        for expr, expected in cases.items():
            self.assertIs(oracle.truth(expr, lambda name: None), expected, expr)


class AllenTest(unittest.TestCase):
    def test_worked_pairs(self):
        cases = {"<": (1, 2, 3, 4), "m": (1, 3, 3, 4), "o": (1, 3, 2, 4), "s": (1, 2, 1, 4),
                 "d": (2, 3, 1, 4), "f": (3, 4, 1, 4), "=": (1, 4, 1, 4)}
        inverse = {"<": ">", "m": "mi", "o": "oi", "s": "si", "d": "di", "f": "fi", "=": "="}
        for relation, (a, b, c, d) in cases.items():
            x, y = Interval(a, b), Interval(c, d)
            self.assertEqual(oracle.allen_relation(x, y, 0), relation)
            self.assertEqual(oracle.allen_relation(y, x, 0), inverse[relation])

    def test_delta_blurs_equality_but_bounds_gaps(self):
        x, y = Interval(0, 10), Interval(12, 20)
        self.assertTrue(oracle.allen_holds("m", x, y, 2))
        self.assertFalse(oracle.allen_holds("m", x, y, 1))
        self.assertTrue(oracle.allen_holds("<", x, y, 2))
        self.assertFalse(oracle.allen_holds("<", x, y, 1))
        self.assertTrue(oracle.allen_holds(">", y, x, 2))

    def test_exactly_one_relation_holds(self):
        names = ("<", ">", "m", "mi", "o", "oi", "s", "si", "d", "di", "f", "fi", "=")
        intervals = [Interval(a, b) for a in range(5) for b in range(a, 5)]
        for x, y in itertools.product(intervals, repeat=2):
            self.assertEqual(sum(oracle.allen_holds(name, x, y, None) for name in names), 1)


class GroupTest(unittest.TestCase):
    def setUp(self):
        self.flows = flows_of(FLOWS)

    def group(self, keys, aggregates=()):
        return oracle.grouped(self.flows, {"keys": keys, "aggregates": list(aggregates)})

    def test_groups_stand_in_the_order_of_their_first_flows(self):
        columns, groups = self.group([key("srcip"), key("dstip", 24, "net")])
        self.assertEqual([c.name for c in columns], ["srcip", "net", "start", "end", "count"])
        self.assertEqual([g.values for g in groups], [
            [IP("10.0.0.2"), IP("10.0.0.0"), 1000, 2500, 1],
            [IP("10.0.0.1"), IP("10.0.1.0"), 1000, 9000, 1],
            [IP("10.0.0.1"), IP("10.0.0.0"), 2000, 4000, 2]])
        self.assertEqual([ids(g.members) for g in groups], [[1], [3], [2, 0]])

    def test_aggregates_of_one_group(self):
        # In (start, flowId) order: bytes 40, 400, 200, 1000; flags 0x02, 0x12, 0, 0x1b.
        worked = {
            ("count", "bytes"): 4, ("sum", "bytes"): 1640, ("prod", "packets"): 80.0,
            ("min", "bytes"): 40, ("max", "bytes"): 1000, ("first", "bytes"): 40,
            ("last", "bytes"): 1000, ("", "bytes"): 40, ("avg", "bytes"): 410.0,
            ("median", "bytes"): 300.0, ("and", "flags"): 0, ("bitOR", "flags"): 0x1B,
            ("xor", "flags"): 0x0B, ("unique", "dstport"): 2,
            ("union", "dstport"): frozenset((53, 80)),
        }
        columns, (group,) = self.group([], [item(*each) for each in worked])
        self.assertEqual(group.values[:-3], list(worked.values()))
        self.assertEqual(columns[6].name, "last_bytes")

    def test_deviation_and_quantiles(self):
        columns, (group,) = self.group([], [
            item("stddev", "packets"), item("quantile", "bytes", "0.9"),
            item("quantile", "bytes", "0"), item("median", "start")])
        # packets 1 4 2 10: mean 4.25, squares 10.5625 0.0625 5.0625 33.0625, mean of them 12.1875.
        self.assertAlmostEqual(group.values[0], 12.1875 ** 0.5, 12)
        # bytes 40 200 400 1000: rank 0.9 * 3 = 2.7, so 400 + 0.7 * 600.
        self.assertAlmostEqual(group.values[1], 820.0)
        self.assertEqual(group.values[2:4], [40.0, 1500.0])
        self.assertEqual(columns[1].name, "quantile_bytes_0.9")

    def test_aggregates_of_nothing(self):
        self.assertEqual(oracle.aggregated("sum", [], "bytes", ""), 0)
        self.assertEqual(oracle.aggregated("count", [], "bytes", ""), 0)
        self.assertIsNone(oracle.aggregated("min", [], "bytes", ""))
        self.assertIsNone(oracle.aggregated("and", [], "bytes", ""))
        self.assertEqual(oracle.aggregated("sum", [2**64 - 1, 1], "bytes", ""), 2**64 - 1)

    def test_a_key_among_the_aggregates_is_the_key_and_count_is_there_anyway(self):
        columns, _ = self.group([key("srcip")], [item("", "srcip"), item("count", "")])
        self.assertEqual([c.name for c in columns], ["srcip", "start", "end", "count"])


class MergeTest(unittest.TestCase):
    def setUp(self):
        flows = flows_of(FLOWS)
        self.columns, self.groups = oracle.grouped(flows, {"keys": [key("dstport")],
                                                           "aggregates": [item("union", "srcport")]})

    def test_tuples_come_first_branch_slowest(self):
        branches = {"A": self.groups, "B": self.groups}
        tuples = oracle.merged(branches, ("any",))
        self.assertEqual([(a.values[0], b.values[0]) for a, b in tuples],
                         [(80, 80), (80, 53), (53, 80), (53, 53)])
        equal = ("cmp", "=", field("A.dstport"), field("B.dport"), None)
        self.assertEqual(len(oracle.merged(branches, equal)), 2)
        during = ("allen", "A", "d", "B", None)
        self.assertEqual([a.values[0] for a, _ in oracle.merged(branches, during)], [53])

    def test_a_stream_has_each_flow_once_in_order(self):
        everything = [(self.groups[0], self.groups[1]), (self.groups[0], self.groups[0])]
        streams = oracle.ungrouped(everything, flat=False)
        self.assertEqual([ids(stream) for stream in streams], [[1, 3, 2, 0], [1, 3, 0]])
        self.assertEqual([ids(s) for s in oracle.ungrouped(everything, flat=True)], [[1, 3, 2, 0]])

    def test_flows_of_the_same_file_twice_are_the_same_flows(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "x.ft")
            rows = generate.random_rows(random.Random(3), 4)
            pathlib.Path(path).write_bytes(make_flow_tools.make(rows))
            flows = flow_tools.read_inputs([path, path])
        self.assertEqual(ids(flows), list(range(8)))
        _, (group,) = oracle.grouped(flows, {"keys": [], "aggregates": []})
        self.assertEqual(len(group.members), 8)
        self.assertEqual(len(oracle.stream_of([group])), 4)

    def test_components_join_tuples_that_share_a_group(self):
        a, b = self.groups
        found = oracle.components([(a, a), (a, b), (b, b)])
        self.assertEqual(len(set(found.values())), 1)
        self.assertEqual(len(set(oracle.components([(a, a), (b, b)]).values())), 2)


class RenderTest(unittest.TestCase):
    def test_precedence(self):
        plain = render.Renderer(random.Random(1))
        plain.chance.random = lambda: 0.9
        plain.chance.choice = lambda texts: texts[0]
        a, b = term("packets", "=", const(1)), term("tos", ">", const(2), 3)
        self.assertEqual(plain.expression(("and", [a, ("or", [a, b])])),
                         "packets = 1 and (packets = 1 or tos > 2 delta 3)")
        self.assertEqual(plain.expression(("not", ("or", [a, b]))),
                         "not (packets = 1 or tos > 2 delta 3)")
        nested = ("arith", "-", field("bytes"), ("arith", "-", field("packets"), const(1)))
        self.assertEqual(plain.expression(("cmp", "=", nested, const(1), None)),
                         "bytes - (packets - 1) = 1")
        self.assertEqual(plain.expression(("allen", "A", "mi", "B", 2000)),
                         "A met-by B delta 2000")

    def test_an_integer_that_looks_different_is_the_same(self):
        texts = {render.Renderer(random.Random(seed)).constant(1024) for seed in range(50)}
        self.assertEqual(texts, {"1024", "0x400", "1Ki"})
        texts = {render.Renderer(random.Random(seed)).duration(60_000) for seed in range(90)}
        self.assertEqual(texts, {"60000", "60000ms", "60000000us", "60s", "1m", "1min"})


class CompareTest(unittest.TestCase):
    COLUMNS = [oracle.Column("srcip", "srcip", "address", "plain"),
               oracle.Column("avg_bytes", None, "number", "real"),
               oracle.Column("start", "start", "time", "plain"),
               oracle.Column("ports", None, "port", "set")]
    ROW = [IP("10.0.0.1"), 0.1 + 0.2, 1335771830057, frozenset((80, 9))]
    TEXT = "srcip,avg_bytes,start,ports\n10.0.0.1,0.3,2012-04-30T07:43:50.057Z,{9;80}\n"

    def test_equal_but_for_the_last_digits(self):
        check.compare("x", self.COLUMNS, [self.ROW], self.TEXT)

    def test_every_difference_is_seen(self):
        for old, new in (("srcip", "src"), ("10.0.0.1", "10.0.0.2"), ("0.3", "0.3000001"),
                         ("057", "058"), ("{9;80}", "{80;9}"), ("{9;80}\n", "{9;80}\nx\n"),
                         ("\n10.0.0.1,0.3,2012-04-30T07:43:50.057Z,{9;80}", "")):
            self.assertIn(old, self.TEXT)
            with self.assertRaises(check.Mismatch):
                check.compare("x", self.COLUMNS, [self.ROW], self.TEXT.replace(old, new, 1))

    def test_unknown_is_empty(self):
        check.compare("x", self.COLUMNS, [[None] * 4], "srcip,avg_bytes,start,ports\n,,,\n")


if __name__ == "__main__":
    unittest.main()
