#!/usr/bin/python3
"""Hand-worked expressions and relations in time: the oracle must be right before it may judge."""

import itertools
import unittest

import nfql_oracle as oracle
from fields import Prefix
from worked import FLOWS, IP, Interval, const, field, flows_of, flows_with, ids, pair, term

INVERSE = {"<": ">", "m": "mi", "o": "oi", "s": "si", "d": "di", "f": "fi", "=": "="}
INVERSE |= {other: one for one, other in INVERSE.items()}


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
        prefix = ("prefix", Prefix(IP("10.0.1.0"), 24))
        self.assertEqual(self.kept(term("dst", "=", prefix)), [3])
        self.assertEqual(self.kept(term("dst", "!=", prefix)), [0, 1, 2])
        self.assertEqual(self.kept(("in", field("dstip"), True, prefix)), [0, 1, 2])
        ports = ("set", [const(53), ("range", const(60), const(80))])
        self.assertEqual(self.kept(("in", field("dport"), False, ports)), [0, 1, 2, 3])
        listed = ("file", "list", [const(53), const(7)])
        self.assertEqual(self.kept(("in", field("dport"), True, listed)), [0, 1, 3])
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

    def test_a_tolerance_of_something_computed(self):
        total = ("arith", "+", field("packets"), field("bytes"))
        self.assertEqual(self.kept(("cmp", "=", total, const(200), 5)), [2])
        self.assertEqual(self.kept(("cmp", ">", total, const(404), 1)), [0, 3])

    def test_both_families_are_in_one_order(self):
        flows = flows_with({"srcip": IP("10.0.0.1")}, {"srcip": IP("2001:db8::1")},
                           {"srcip": IP("::1")}, {})
        below = ("cmp", "<", field("srcip"), const(IP("2001::")), None)
        self.assertEqual(ids(oracle.filtered(flows, below)), [0, 2])
        for text, length, expected in (("10.0.0.0", 8, [0]), ("2001:db8::", 32, [1]),
                                       ("::", 0, [0, 1, 2]), ("0.0.0.0", 0, [0])):
            prefix = ("prefix", Prefix(IP(text), length))
            self.assertEqual(ids(oracle.filtered(flows, term("srcip", "=", prefix))), expected)
        self.assertEqual(str(IP("2001:db8::1").network(32)), "2001:db8::")
        self.assertEqual(str(IP("10.1.2.3").network(16)), "10.1.0.0")
        self.assertEqual(str(IP("10.1.2.3").network(64)), "10.1.2.3")

    def test_sets_and_sets(self):
        row = {"p": frozenset((1, 2)), "q": frozenset((1, 2, 3)), "none": None}
        pairs = {("p", "=", "p"): True, ("p", "=", "q"): False, ("p", "!=", "q"): True,
                 ("p", "=", "none"): None}
        for (left, op, right), expected in pairs.items():
            self.assertIs(oracle.truth(pair(left, op, right), row.get), expected)
        self.assertTrue(oracle.truth(("in", field("p"), False, field("q")), row.get))
        self.assertFalse(oracle.truth(("in", field("q"), False, field("p")), row.get))
        self.assertTrue(oracle.truth(("intersects", field("q"), field("p")), row.get))
        self.assertTrue(oracle.truth(("in", const(3), False, field("q")), row.get))
        self.assertIsNone(oracle.truth(("in", const(3), True, field("none")), row.get))


class AllenTest(unittest.TestCase):
    def test_worked_pairs(self):
        cases = {"<": (1, 2, 3, 4), "m": (1, 3, 3, 4), "o": (1, 3, 2, 4), "s": (1, 2, 1, 4),
                 "d": (2, 3, 1, 4), "f": (3, 4, 1, 4), "=": (1, 4, 1, 4)}
        for relation, (a, b, c, d) in cases.items():
            x, y = Interval(a, b), Interval(c, d)
            self.assertEqual(oracle.allen_relation(x, y, 0), relation)
            self.assertEqual(oracle.allen_relation(y, x, 0), INVERSE[relation])

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

    def test_exactly_one_relation_holds_for_one_delta(self):
        intervals = [Interval(a, b) for a in range(5) for b in range(a, 5)]
        for x, y in itertools.product(intervals, repeat=2):
            for delta in (0, 1, 3):
                relation = oracle.allen_relation(x, y, delta)
                self.assertEqual(oracle.allen_relation(y, x, delta), INVERSE[relation])

    def test_an_interval_without_end_is_in_no_relation(self):
        self.assertIsNone(oracle.allen_holds("<", Interval(1, None), Interval(3, 4), None))


if __name__ == "__main__":
    unittest.main()
