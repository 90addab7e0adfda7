#!/usr/bin/python3
"""The tools around the oracle: reading, writing, rendering, comparing, shrinking."""

import itertools
import json
import pathlib
import random
import subprocess
import tempfile
import unittest
from importlib.util import find_spec

import compare
import flow_tools
import nfql_oracle as oracle
import render
import shrink
import text_form
import traces
from traces import make_flow_tools, make_nfql
from worked import FLOWS, IP, const, field, flows_of, gap, item, key, rel, term

STREAM_READER = pathlib.Path(__file__).parents[1] / "stream" / "read_stream.py"
READER_NEEDS = all(map(find_spec, ("lz4", "xxhash", "zstandard")))


def printable(value):
    """As read_stream.py prints it."""
    return value if value is None or isinstance(value, int) else str(value)


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


class TraceTest(unittest.TestCase):
    def test_inputs_are_numbered_on_and_lack_what_they_lack(self):
        with tempfile.TemporaryDirectory() as folder:
            chance = random.Random(1)
            inputs = [traces.random_flow_tools(chance, f"{folder}/0.ft", 2),
                      traces.Trace(f"{folder}/1.nfql", [{"start": 5, "end": 7}], make_nfql.make,
                                   names=["start", "end", "srcip"])]
            for trace in inputs:
                trace.write()
            flows = traces.read_all(inputs)
        self.assertEqual([flow["flowId"] for flow in flows], [0, 1, 2])
        self.assertEqual((flows[2]["duration"], flows[2]["srcip"], flows[2]["tos"]), (2, None, None))
        self.assertIn("tos", traces.fields_of(inputs))
        self.assertNotIn("tos", traces.fields_of(inputs[1:]))

    def test_the_stream_is_that_of_the_manual_page(self):
        # A header, sources, an end block: see nfql-stream(5). Streams with rows are read by the
        # programs whenever a random query runs.
        stream = make_nfql.make([], ["start"])
        self.assertEqual(stream[:16].hex(), "894e46514c0d0a1a0100010030000000")
        self.assertEqual(len(stream) % 8, 0)

    @unittest.skipUnless(READER_NEEDS, "packages of tests/stream/read_stream.py are missing")
    def test_the_independent_reader_finds_what_was_written(self):
        chance = random.Random(2)
        for count in (0, 1, 9, 70):
            trace = traces.random_native(chance, "x.nfql", count)
            done = subprocess.run(["/usr/bin/python3", STREAM_READER], check=True,
                                  input=trace.writer(trace.rows, **trace.options),
                                  stdout=subprocess.PIPE)
            rows = [json.loads(line)["row"] for line in done.stdout.splitlines()[2:-1]]
            self.assertEqual(rows, [
                {name: printable(row.get(name)) for name in trace.options["names"]} | {"flowId": i}
                for i, row in enumerate(trace.rows)])

    @unittest.skipUnless(find_spec("xxhash"), "no xxhash to compare with")
    def test_the_hash_of_any_length(self):
        import xxhash
        for length in (*range(300), 1023, 1024, 1025, 1088, 2049, 9000):
            content = random.Random(length).randbytes(length)
            self.assertEqual(make_nfql.xxh3.xxh3(content), xxhash.xxh3_64_intdigest(content))

    def test_the_hash(self):
        # Of nothing, and what nfql-stream(5) shows.
        self.assertEqual(make_nfql.xxh3.xxh3(b""), 0x2D06800538D394C2)
        head = bytes.fromhex("894e46514c0d0a1a0100010008000000")
        self.assertEqual(make_nfql.xxh3.xxh3(head + bytes.fromhex("0100000000000000")),
                         int.from_bytes(bytes.fromhex("92a5165a6bab5f3d"), "little"))


class RenderTest(unittest.TestCase):
    def setUp(self):
        self.plain = render.Renderer(random.Random(1))
        self.plain.chance.random = lambda: 0.9
        self.plain.chance.choice = lambda texts: texts[0]

    def test_precedence(self):
        a, b = term("packets", "=", const(1)), term("tos", ">", const(2), 3)
        plain = self.plain
        self.assertEqual(plain.expression(("and", [a, ("or", [a, b])])),
                         "packets = 1 and (packets = 1 or tos > 2 delta 3)")
        self.assertEqual(plain.expression(("not", ("or", [a, b]))),
                         "not (packets = 1 or tos > 2 delta 3)")
        nested = ("arith", "-", field("bytes"), ("arith", "-", field("packets"), const(1)))
        self.assertEqual(plain.expression(("cmp", "=", nested, const(1), None)),
                         "bytes - (packets - 1) = 1")
        self.assertEqual(plain.expression(("allen", "A", "mi", "B", 2000)),
                         "A met-by B delta 2000")

    def test_group_terms(self):
        terms = [key("srcip", 24, "net"), rel("last.end", "<", "start", 10),
                 rel("first.bytes", "=", "bytes", 5), rel("max.end", ">", "start"),
                 gap("last.end", "start", "<", 30)]
        self.assertEqual(
            self.plain.modules([terms, [key("srcip")]]),
            "prefix(srcip, 24) as net and end < start rdelta 10 and bytes = bytes delta 5 and "
            "max.end > start and gap(last.end, start) < 30 or srcip")
        self.assertEqual(self.plain.aggregates([item("sum", "bytes", module=0),
                                                item("quantile", "tos", "0.5", "q", 1)]),
                         "g1.sum(bytes), g2.quantile(tos, 0.5) as q")

    def test_the_text_form(self):
        branch = {"name": "A", "filter": term("tos", "=", const(1)), "gfilter": None,
                  "group": {"modules": [[key("srcip")], [rel("last.end", "<", "start")]],
                            "aggregates": [item("sum", "bytes")], "order": "input"}}
        query = {"branches": [branch, {**branch, "name": "B", "filter": None, "group": None}],
                 "merge": ("allen", "A", "o", "A", None), "except": [("allen", "A", "d", "B", None)],
                 "emit": None, "ungroup": {"flat": True}, "limit": None}
        self.assertEqual(text_form.TextForm(query, self.plain).text({"B"}), """splitter S {}
ungrouper U { flat }
filter f_A { tos = 1 }
grouper g_A { module g1 { srcip }  module g2 { last.end < start }  order input  aggregate sum(bytes) }
merger M { module wanted { branches A  A overlaps A }  module unwanted0 { branches A, B  A during B }  export wanted }
"-" -> S
S branch A -> f_A -> g_A -> M
S branch B -> M
M -> U -> "-"
""")

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
        compare.compare("x", self.COLUMNS, [self.ROW], self.TEXT)

    def test_every_difference_is_seen(self):
        for old, new in (("srcip", "src"), ("10.0.0.1", "10.0.0.2"), ("0.3", "0.3000001"),
                         ("057", "058"), ("{9;80}", "{80;9}"), ("{9;80}\n", "{9;80}\nx\n"),
                         ("\n10.0.0.1,0.3,2012-04-30T07:43:50.057Z,{9;80}", "")):
            self.assertIn(old, self.TEXT)
            with self.assertRaises(compare.Mismatch):
                compare.compare("x", self.COLUMNS, [self.ROW], self.TEXT.replace(old, new, 1))

    def test_unknown_is_empty(self):
        compare.compare("x", self.COLUMNS, [[None] * 4], "srcip,avg_bytes,start,ports\n,,,\n")

    def test_a_collection_in_any_order_within_a_component(self):
        port = oracle.Column("dstport", "dstport", "port", "plain")
        tos = oracle.Column("tos", "tos", "number", "plain")
        a, b, c = (type("Row", (), {"values": [value]})() for value in (80, 443, 8))
        branches = {"A": [port], "B": [tos]}
        tuples = [(a, c), (b, c)]
        text = "component,branch,dstport,tos\n0,B,,8\n0,A,443,\n0,A,80,\n"
        compare.compare_collection("x", branches, tuples, text)
        for wrong in (text.replace("0,A,80,\n", ""), text.replace("0,B", "1,B"),
                      text.replace("443", "444"), text.replace("0,A,443", "0,B,443")):
            with self.assertRaises(compare.Mismatch):
                compare.compare_collection("x", branches, tuples, wrong)


class ShrinkTest(unittest.TestCase):
    def test_only_what_it_takes_is_left(self):
        rows = list(range(100))
        self.assertEqual(shrink.shrunk(rows, lambda part: 17 in part and 71 in part), [17, 71])
        self.assertEqual(shrink.shrunk(rows, lambda part: True), [])
        self.assertEqual(shrink.shrunk(rows, lambda part: sum(part) >= 4950), rows[1:])

    def test_a_trace_as_a_command_is_the_trace(self):
        chance = random.Random(5)
        trace = traces.random_flow_tools(chance, "some/x.ft", 3)
        lines = shrink.making(trace).splitlines()
        self.assertIn(" >x.ft <<'END'", lines[0])
        parsed = [make_flow_tools.parse_row(line) for line in lines[1:-1]]
        self.assertEqual(parsed, trace.rows)
        trace = traces.random_native(chance, "x.nfql", 3)
        head, names, *lines = shrink.making(trace).splitlines()[:-1]
        self.assertIn("make_nfql.py >x.nfql", head)
        names = names.split(",")
        parsed = [{n: make_nfql.parse(n, cell) for n, cell in zip(names, line.split(","))}
                  for line in lines]
        self.assertEqual(parsed, [{n: row[n] for n in names} for row in trace.rows])


if __name__ == "__main__":
    unittest.main()
