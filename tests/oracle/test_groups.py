#!/usr/bin/python3
"""Hand-worked groups: keys, aggregates, relative terms and modules."""

import unittest

import nfql_oracle as oracle
from aggregates import aggregated
from worked import FLOWS, IP, flows_of, flows_with, gap, group_of, ids, item, key, rel


def members(flows, *modules, order=None):
    """The flowIds of the members of each group, in the order they joined."""
    _, groups = oracle.grouped(flows, group_of(*modules, order=order))
    return [ids(group.members) for group in groups]


def times(*pairs):
    return flows_with(*({"start": start, "end": end} for start, end in pairs))


class KeyTest(unittest.TestCase):
    def setUp(self):
        self.flows = flows_of(FLOWS)

    def test_groups_stand_in_the_order_of_their_first_flows(self):
        columns, groups = oracle.grouped(
            self.flows, group_of([key("srcip"), key("dstip", 24, "net")]))
        self.assertEqual([c.name for c in columns], ["srcip", "net", "start", "end", "count"])
        self.assertEqual([g.values for g in groups], [
            [IP("10.0.0.2"), IP("10.0.0.0"), 1000, 2500, 1],
            [IP("10.0.0.1"), IP("10.0.1.0"), 1000, 9000, 1],
            [IP("10.0.0.1"), IP("10.0.0.0"), 2000, 4000, 2]])
        self.assertEqual([ids(g.members) for g in groups], [[1], [3], [2, 0]])

    def test_no_terms_are_one_group(self):
        self.assertEqual(members(self.flows), [[1, 3, 2, 0]])

    def test_order_of_the_input(self):
        self.assertEqual(members(self.flows, [key("srcip")], order="input"), [[0, 2, 3], [1]])
        columns, (group, _) = oracle.grouped(self.flows, group_of(
            [key("srcip")], aggregates=[item("first", "start"), item("last", "start")],
            order="input"))
        self.assertEqual([c.name for c in columns],
                         ["srcip", "first_start", "last_start", "start", "end", "count"])
        self.assertEqual(group.values, [IP("10.0.0.1"), 3000, 1000, 1000, 9000, 3])

    def test_unknown_equals_unknown_as_a_key(self):
        flows = flows_with({"tos": 1}, {}, {"tos": 1}, {})
        self.assertEqual(members(flows, [key("tos")]), [[0, 2], [1, 3]])

    def test_a_flow_of_unknown_start_comes_first(self):
        flows = times((5, 6), (None, 7), (1, None))
        self.assertEqual(members(flows), [[1, 2, 0]])
        _, (group,) = oracle.grouped(flows, group_of())
        self.assertEqual(group.values, [1, 7, 3])


class AggregateTest(unittest.TestCase):
    def setUp(self):
        self.flows = flows_of(FLOWS)

    def values(self, *aggregates):
        columns, (group,) = oracle.grouped(self.flows, group_of(aggregates=aggregates))
        return [c.name for c in columns][:-3], group.values[:-3]

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
        names, values = self.values(*(item(*each) for each in worked))
        self.assertEqual(values, list(worked.values()))
        self.assertEqual(names[6], "last_bytes")

    def test_deviation_and_quantiles(self):
        names, values = self.values(
            item("stddev", "packets"), item("quantile", "bytes", "0.9"),
            item("quantile", "bytes", "0"), item("median", "start"))
        # packets 1 4 2 10: mean 4.25, squares 10.5625 0.0625 5.0625 33.0625, mean of them 12.1875.
        self.assertAlmostEqual(values[0], 12.1875 ** 0.5, 12)
        # bytes 40 200 400 1000: rank 0.9 * 3 = 2.7, so 400 + 0.7 * 600.
        self.assertAlmostEqual(values[1], 820.0)
        self.assertEqual(values[2:4], [40.0, 1500.0])
        self.assertEqual(names[1], "quantile_bytes_0.9")

    def test_aggregates_of_nothing(self):
        self.assertEqual(aggregated("sum", [], "bytes", ""), 0)
        self.assertEqual(aggregated("count", [], "bytes", ""), 0)
        self.assertIsNone(aggregated("min", [], "bytes", ""))
        self.assertIsNone(aggregated("and", [], "bytes", ""))
        self.assertIsNone(aggregated("unique", [], "bytes", ""))
        self.assertEqual(aggregated("sum", [2**64 - 1, 1], "bytes", ""), 2**64 - 1)

    def test_a_key_among_the_aggregates_is_the_key_and_count_is_there_anyway(self):
        columns, _ = oracle.grouped(self.flows, group_of(
            [key("srcip")], aggregates=[item("", "srcip"), item("count", ""),
                                        item("", "srcip", alias="who")]))
        self.assertEqual([c.name for c in columns], ["srcip", "who", "start", "end", "count"])


class RelativeTest(unittest.TestCase):
    """Flows are taken by start; a flow joins the first group that lets it in."""

    def test_sessions_end_where_the_gap_is_too_large(self):
        flows = times((0, 10), (15, 20), (29, 40), (51, 60), (60, 61))
        self.assertEqual(members(flows, [gap("last.end", "start", "<", 10)]), [[0, 1, 2], [3, 4]])
        self.assertEqual(members(flows, [gap("last.end", "start", "<=", 11)]), [[0, 1, 2, 3, 4]])

    def test_the_last_flow_is_not_the_one_that_ends_last(self):
        flows = times((0, 100), (10, 20), (50, 60))
        self.assertEqual(members(flows, [gap("last.end", "start", "<=", 5)]), [[0, 1], [2]])
        self.assertEqual(members(flows, [gap("max.end", "start", "<=", 5)]), [[0, 1, 2]])

    def test_rdelta_bounds_the_gap_from_both_sides(self):
        # From the end before: -5, 0, 9 and 10.
        flows = times((0, 10), (5, 10), (10, 11), (20, 21), (31, 32))
        self.assertEqual(members(flows, [rel("last.end", "<", "start", 10)]),
                         [[0, 2, 3], [1], [4]])
        self.assertEqual(members(flows, [rel("last.end", "<=", "start", 10)]),
                         [[0, 2, 3, 4], [1]])

    def test_the_mirror_bounds_the_gap_too(self):
        flows = flows_with({"bytes": 100}, {"bytes": 95}, {"bytes": 90}, {"bytes": 101})
        self.assertEqual(members(flows, [rel("last.bytes", ">", "bytes", 10)]), [[0, 1, 2], [3]])
        self.assertEqual(members(flows, [rel("first.bytes", ">=", "bytes", 5)]), [[0, 1], [2], [3]])

    def test_a_plain_ordering_has_no_bound(self):
        flows = flows_with(*({"dstport": port} for port in (1, 5, 3, 4, 9)))
        self.assertEqual(members(flows, [rel("last.dstport", "<", "dstport")]), [[0, 1, 4], [2, 3]])
        self.assertEqual(members(flows, [rel("first.dstport", "<", "dstport")]), [[0, 1, 2, 3, 4]])

    def test_delta_is_to_the_first_and_rdelta_to_the_last(self):
        flows = flows_with(*({"bytes": size} for size in (10, 14, 18, 5)))
        self.assertEqual(members(flows, [rel("first.bytes", "=", "bytes", 5)]), [[0, 1, 3], [2]])
        self.assertEqual(members(flows, [rel("last.bytes", "=", "bytes", 5)]), [[0, 1, 2], [3]])
        self.assertEqual(members(flows, [rel("first.bytes", "!=", "bytes", 5)]), [[0, 2], [1, 3]])

    def test_running_extremes(self):
        flows = flows_with(*({"bytes": size} for size in (5, 9, 7, 4)))
        self.assertEqual(members(flows, [rel("max.bytes", "<", "bytes")]), [[0, 1], [2], [3]])
        self.assertEqual(members(flows, [rel("min.bytes", "<", "bytes")]), [[0, 1, 2], [3]])

    def test_different_fields(self):
        a, b, c = map(IP, ("10.0.0.1", "10.0.0.2", "10.0.0.3"))
        flows = flows_with({"srcip": a, "dstip": b}, {"srcip": b, "dstip": c},
                           {"srcip": c, "dstip": a}, {"srcip": b, "dstip": a})
        chain = [rel("last.dstip", "=", "srcip")]
        self.assertEqual(members(flows, chain), [[0, 1, 2], [3]])
        self.assertEqual(members(flows, [rel("first.dstip", "=", "srcip")]), [[0, 1, 3], [2]])

    def test_unknown_joins_nothing(self):
        flows = flows_with({"bytes": 1}, {}, {}, {"bytes": 2})
        self.assertEqual(members(flows, [rel("last.bytes", "<", "bytes")]), [[0, 3], [1], [2]])
        self.assertEqual(members(flows, [rel("last.bytes", "!=", "bytes")]), [[0, 3], [1], [2]])
        self.assertEqual(members(flows, [gap("max.bytes", "bytes", ">=", 0)]), [[0, 3], [1], [2]])

    def test_equal_starts_are_taken_by_flow_id(self):
        flows = times((7, 9), (7, 8), (7, 7))
        self.assertEqual(members(flows, [rel("last.end", ">", "end")]), [[0, 1, 2]])
        backward = times((9, 9), (8, 8), (7, 7))
        self.assertEqual(members(backward, [rel("last.end", ">", "end")]), [[2], [1], [0]])
        self.assertEqual(members(backward, [rel("last.end", ">", "end")], order="input"),
                         [[0, 1, 2]])


class ModuleTest(unittest.TestCase):
    def setUp(self):
        a, b, c = map(IP, ("10.0.0.1", "10.0.0.2", "10.0.0.3"))
        self.flows = flows_with(
            {"srcip": a, "dstip": b, "tos": 1, "bytes": 1},
            {"srcip": b, "dstip": a, "tos": 1, "bytes": 20},
            {"srcip": a, "dstip": b, "tos": 1, "bytes": 300},
            {"srcip": a, "dstip": c, "tos": 1, "bytes": 4000})
        self.there = [key("srcip"), key("dstip"), key("tos")]
        self.back = [rel("first.srcip", "=", "dstip"), rel("first.dstip", "=", "srcip"),
                     key("tos")]

    def test_one_of_the_modules_is_enough(self):
        self.assertEqual(members(self.flows, self.there, self.back), [[0, 1, 2], [3]])

    def test_each_module_counts_its_own_and_the_founder(self):
        columns, (group, _) = oracle.grouped(self.flows, group_of(
            self.there, self.back, aggregates=[
                item("sum", "bytes"), item("sum", "bytes", module=0),
                item("sum", "bytes", module=1), item("union", "bytes", alias="b", module=1)]))
        self.assertEqual([c.name for c in columns], [
            "tos", "sum_bytes", "g1_sum_bytes", "g2_sum_bytes", "b", "start", "end", "count"])
        self.assertEqual(group.values[:5], [1, 321, 301, 21, frozenset((1, 20))])

    def test_a_flow_counts_in_every_module_that_accepts_it(self):
        both = [key("tos")], [rel("last.bytes", "<", "bytes")]
        _, (group,) = oracle.grouped(self.flows, group_of(
            *both, aggregates=[item("count", "bytes", module=0), item("count", "bytes", module=1)]))
        self.assertEqual(group.values[:2], [4, 4])

    def test_only_shared_equalities_are_keys(self):
        columns, _ = oracle.grouped(self.flows, group_of(
            [key("srcip"), key("ipClassOfService")], [key("tos"), key("dstip")]))
        self.assertEqual([c.name for c in columns], ["ipClassOfService", "start", "end", "count"])

    def test_it_joins_the_group_that_was_founded_first(self):
        flows = flows_with({"tos": 1, "inif": 1}, {"tos": 2, "inif": 2}, {"tos": 2, "inif": 1})
        self.assertEqual(members(flows, [key("tos")], [key("inif")]), [[0, 2], [1]])


if __name__ == "__main__":
    unittest.main()
