#!/usr/bin/python3
"""Hand-worked tuples: what they are, what is removed from them, their components and flows."""

import os
import pathlib
import random
import tempfile
import unittest

import flow_tools
import nfql_oracle as oracle
import traces
from worked import (FLOWS, const, field, flows_of, flows_with, group_of, ids, item, key, pair,
                    term)


def ports(tuples):
    return [tuple(group.get("dstport") for group in combination) for combination in tuples]


class MergeTest(unittest.TestCase):
    def setUp(self):
        self.columns, self.groups = oracle.grouped(flows_of(FLOWS), group_of(
            [key("dstport")], aggregates=[item("union", "srcport", alias="ports"),
                                          item("max", "srcport", alias="highest")]))
        self.both = {"A": self.groups, "B": self.groups}

    def merged(self, expr, excepts=(), branches=None):
        return ports(oracle.merged(branches or self.both, expr, excepts))

    def test_tuples_come_first_branch_slowest(self):
        self.assertEqual(self.merged(("any",)), [(80, 80), (80, 53), (53, 80), (53, 53)])
        self.assertEqual(self.merged(pair("A.dstport", "=", "B.dport")), [(80, 80), (53, 53)])
        self.assertEqual(self.merged(("allen", "A", "d", "B", None)), [(53, 80)])
        self.assertEqual(self.merged(("not", ("allen", "A", "d", "B", None))),
                         [(80, 80), (80, 53), (53, 53)])

    def test_orderings_with_delta_are_tolerances(self):
        self.assertEqual(self.merged(pair("A.dstport", "<", "B.dstport")), [(53, 80)])
        self.assertEqual(self.merged(pair("A.dstport", "<", "B.dstport", 1)),
                         [(80, 80), (53, 80), (53, 53)])
        self.assertEqual(self.merged(pair("A.dstport", ">=", "B.dstport", 27)),
                         [(80, 80), (80, 53), (53, 80), (53, 53)])

    def test_sets(self):
        # Port 80 was asked from 1024, 1025 and 1027, port 53 from 1026.
        self.assertEqual(self.merged(pair("A.ports", "=", "B.ports")), [(80, 80), (53, 53)])
        self.assertEqual(self.merged(("intersects", field("A.ports"), field("B.ports"))),
                         [(80, 80), (53, 53)])
        self.assertEqual(self.merged(("in", field("A.highest"), True, field("B.ports"))),
                         [(80, 53), (53, 80)])
        self.assertEqual(self.merged(("in", field("A.ports"), False, field("B.ports"))),
                         [(80, 80), (53, 53)])

    def test_a_branch_without_groups_leaves_no_tuple(self):
        self.assertEqual(self.merged(("any",), branches={"A": self.groups, "B": []}), [])


class ExceptTest(MergeTest):
    def setUp(self):
        super().setUp()
        _, self.others = oracle.grouped(
            flows_with({"dstport": 53, "tos": 1}, {"dstport": 99, "tos": 2}),
            group_of([key("dstport"), key("tos")]))
        self.branches = self.both | {"C": self.others}
        self.equal = pair("A.dstport", "=", "B.dstport")

    def test_an_exception_of_the_same_branches(self):
        self.assertEqual(self.merged(self.equal, [term("A.dstport", "=", const(53))]), [(80, 80)])

    def test_further_branches_remove_and_are_in_no_tuple(self):
        met = pair("A.dstport", "=", "C.dstport")
        self.assertEqual(self.merged(self.equal, [met], self.branches), [(80, 80)])
        self.assertEqual(oracle.further_branches(self.equal, [met]), {"C"})

    def test_the_union_of_exceptions_is_removed(self):
        excepts = [pair("A.dstport", "=", "C.dstport"), term("B.dstport", "=", const(80))]
        self.assertEqual(self.merged(self.equal, excepts, self.branches), [])

    def test_of_one_group_all_of_the_exception_must_be_true(self):
        excepts = [("and", [pair("A.dstport", "=", "C.dstport"), term("C.tos", "=", const(2))])]
        self.assertEqual(self.merged(self.equal, excepts, self.branches), [(80, 80), (53, 53)])

    def test_a_further_branch_without_groups_removes_nothing(self):
        met = pair("A.dstport", "=", "C.dstport")
        self.assertEqual(self.merged(self.equal, [met], self.both | {"C": []}),
                         [(80, 80), (53, 53)])

    def test_unknown_does_not_remove(self):
        _, unknown = oracle.grouped(flows_with({"tos": 1}), group_of([key("dstport")]))
        met = pair("A.dstport", "=", "C.dstport")
        for expr in (met, ("not", met)):
            self.assertEqual(self.merged(self.equal, [expr], self.both | {"C": unknown}),
                             [(80, 80), (53, 53)])


class StreamTest(unittest.TestCase):
    def setUp(self):
        _, self.groups = oracle.grouped(flows_of(FLOWS), group_of([key("dstport")]))

    def test_a_stream_has_each_flow_once_in_order(self):
        everything = [(self.groups[0], self.groups[1]), (self.groups[0], self.groups[0])]
        streams = oracle.ungrouped(everything, flat=False)
        self.assertEqual([ids(stream) for stream in streams], [[1, 3, 2, 0], [1, 3, 0]])
        self.assertEqual([ids(s) for s in oracle.ungrouped(everything, flat=True)], [[1, 3, 2, 0]])

    def test_flows_of_the_same_file_twice_are_the_same_flows(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "x.ft")
            traces.random_flow_tools(random.Random(3), path, 4).write()
            flows = flow_tools.read_inputs([path, path])
            self.assertGreater(pathlib.Path(path).stat().st_size, 0)
        self.assertEqual(ids(flows), list(range(8)))
        _, (group,) = oracle.grouped(flows, group_of())
        self.assertEqual(len(group.members), 8)
        self.assertEqual(len(oracle.stream_of([group])), 4)

    def test_components_join_tuples_that_share_a_group(self):
        a, b = self.groups
        found = oracle.components([(a, a), (a, b), (b, b)])
        self.assertEqual(set(found.values()), {0})
        found = oracle.components([(a, a), (b, b)])  # a group under two names is two groups
        self.assertEqual(found, {(0, a): 0, (1, a): 0, (0, b): 1, (1, b): 1})
        self.assertEqual(oracle.component_groups([(a, a), (b, b)]), [[a, a], [b, b]])


if __name__ == "__main__":
    unittest.main()
