#!/usr/bin/python3
"""Runs random queries through the programs and compares every stage with the oracle.

usage: check.py --bin DIR [--seed N] [--count K] [--trace FILE] [--keep]

Query number i of seed N is made from "N.i" alone: `--seed N --only i` repeats one. Each query runs
stage by stage with the stage tools, and whole with nfql-run; all results are compared as CSV, line by
line, real numbers with a relative tolerance of 1e-12.
"""

import argparse
import csv
import datetime
import io
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "data"))

import flow_tools
import generate
import make_flow_tools
import nfql_oracle as oracle
import render

TOLERANCE = 1e-12
MAX_TUPLES = 20_000
MAX_FAILURES = 5  # one fault shows in many queries
TIMEOUT_S = 120
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


class Mismatch(Exception):
    """A program and the oracle do not agree."""


# ---- expected rows: a header, and rows of values

def stage_columns(columns, prefix=""):
    return [column._replace(name=prefix + column.name) for column in columns]


def flow_columns():
    return [oracle.Column(name, name, oracle.FIELDS[name][1], "plain")
            for name in oracle.DEFAULT_COLUMNS]


def flow_values(flow):
    return [flow[name] for name in oracle.DEFAULT_COLUMNS]


def stream_rows(streams, flat):
    number = oracle.Column("stream", None, "number", "plain")
    columns = flow_columns() if flat else [number, *flow_columns()]
    rows = [([] if flat else [index]) + flow_values(flow)
            for index, stream in enumerate(streams) for flow in stream]
    return columns, rows


# ---- comparing with CSV

def printed(value, kind):
    """A value that is not real, as CSV shows it."""
    if value is None:
        return ""
    if isinstance(value, frozenset):
        return "{" + ";".join(printed(item, kind) for item in sorted(value)) + "}"
    return generate.time_text(value) if kind == "time" else str(value)


def same_cell(column, value, cell):
    if column.form != "real" or value is None:
        return cell == printed(value, column.kind)
    if cell == "":
        return False
    if column.kind == "time":
        moment = datetime.datetime.fromisoformat(cell.replace("Z", "+00:00"))
        found = (moment - EPOCH) / datetime.timedelta(milliseconds=1)
    else:
        found = float(cell)
    if found == value:
        return True
    slack = getattr(value, "slack", 0.0)
    return abs(found - value) <= max(slack, TOLERANCE * max(abs(found), abs(value)))


def compare(what, columns, rows, text):
    lines = list(csv.reader(io.StringIO(text)))
    header = [column.name for column in columns]
    if not lines or lines[0] != header:
        raise Mismatch(f"{what}: header {lines[:1]}, expected {header}")
    for number, (row, line) in enumerate(zip(rows, lines[1:]), 1):
        if len(line) != len(columns) or not all(map(same_cell, columns, row, line)):
            expected = [printed(v, c.kind) if c.form != "real" else v
                        for c, v in zip(columns, row)]
            raise Mismatch(f"{what}: line {number}\n  found    {line}\n  expected {expected}")
    if len(lines) - 1 != len(rows):
        raise Mismatch(f"{what}: {len(lines) - 1} rows, expected {len(rows)}")


def compare_collection(what, columns, tuples, names, text):
    """Rows in any order; components may have any number, but must be the same parts."""
    expected = {}
    for (branch, group), root in oracle.components(tuples).items():
        row = (names[branch], *(printed(v, c.kind) for c, v in zip(columns, group.values)))
        expected.setdefault(root, []).append(row)
    lines = list(csv.reader(io.StringIO(text)))
    header = ["component", "branch", *(column.name for column in columns)]
    if not lines or lines[0] != header:
        raise Mismatch(f"{what}: header {lines[:1]}, expected {header}")
    found = {}
    for line in lines[1:]:
        found.setdefault(int(line[0]), []).append(tuple(line[1:]))
    parts = sorted(sorted(part) for part in expected.values())
    if sorted(sorted(part) for part in found.values()) != parts:
        raise Mismatch(f"{what}: other components\n  found    {found}\n  expected {parts}")


# ---- one query

class Case:
    """A query, its inputs, and the folder that its files are in."""

    def __init__(self, query, traces, flows, folder, bin_dir, chance):
        self.query = query
        self.traces = traces
        self.flows = flows
        self.folder = pathlib.Path(folder)
        self.bin = pathlib.Path(bin_dir)
        self.render = render.Renderer(chance)
        self.commands = []

    def run(self, *command, output=None):
        """Runs a tool with CSV to stdout, or natively into a file of the folder."""
        arguments = [str(self.bin / command[0]), *command[1:]]
        arguments += ["-O", "csv"] if output is None else ["-o", str(self.folder / output)]
        self.commands.append(arguments)
        done = subprocess.run(arguments, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=TIMEOUT_S, check=False)
        if done.returncode != 0:
            raise Mismatch(f"{command[0]}: exit code {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def both(self, output, *command):
        """The CSV of a stage; its native output becomes the next stage's input."""
        text = self.run(*command)
        self.run(*command, output=output)
        return text

    def path(self, name):
        return str(self.folder / name)

    def check(self):
        branches = {branch["name"]: self.check_branch(branch) for branch in self.query["branches"]}
        if self.query["merge"] is None:
            return self.check_single(*branches.values())
        return self.check_merge(branches)

    def check_branch(self, branch):
        """Checks the stages of a branch; returns (columns, groups, flows, file of its last stage)."""
        name, texts = branch["name"], self.render.branch(branch)
        flows, inputs = self.flows, self.traces
        if branch["filter"] is not None:
            flows = oracle.filtered(flows, branch["filter"])
            found = self.both(f"{name}.flows", "nfql-filter", texts["filter"], *inputs)
            compare(f"filter {name}", flow_columns(), list(map(flow_values, flows)), found)
            inputs = [self.path(f"{name}.flows")]
        elif branch["group"] is None or len(inputs) > 1:
            self.run("nfql-filter", *inputs, output=f"{name}.flows")
            inputs = [self.path(f"{name}.flows")]
        if branch["group"] is None:
            return (*oracle.each_its_own(flows), flows, inputs[0])
        return self.check_groups(branch, texts, flows, inputs[0])

    def check_groups(self, branch, texts, flows, file):
        name = branch["name"]
        columns, groups = oracle.grouped(flows, branch["group"])
        options = ["--aggregate", texts["aggregate"]] if "aggregate" in texts else []
        terms = [texts["group"]] if texts["group"] else []
        found = self.both(f"{name}.groups", "nfql-group", *terms, *options, file)
        compare(f"group {name}", columns, [group.values for group in groups], found)
        if branch["gfilter"] is None:
            return columns, groups, flows, self.path(f"{name}.groups")
        groups = oracle.group_filtered(groups, branch["gfilter"])
        found = self.both(f"{name}.kept", "nfql-gfilter", texts["gfilter"],
                          self.path(f"{name}.groups"))
        compare(f"gfilter {name}", columns, [group.values for group in groups], found)
        return columns, groups, flows, self.path(f"{name}.kept")

    def whole(self):
        """The CSV of the whole query."""
        with open(self.path("query.json"), "w", encoding="utf-8") as file:
            json.dump(self.render.query(self.query), file, indent=1)
        return self.run("nfql-run", self.path("query.json"), *self.traces)

    def check_single(self, branch):
        columns, groups, flows, file = branch
        if self.query["ungroup"] is not None:
            return self.check_streams("ungroup", [(group,) for group in groups], file)
        if self.query["branches"][0]["group"] is None:
            columns, rows = flow_columns(), list(map(flow_values, flows))
        else:
            rows = [group.values for group in groups]
        compare("nfql-run", columns, rows, self.whole())
        return len(rows)

    def check_merge(self, branches):
        names = list(branches)
        tuples = oracle.merged({name: branches[name][1] for name in names}, self.query["merge"])
        columns = [column for name in names
                   for column in stage_columns(branches[name][0], f"{name}.")]
        merge = ["nfql-merge", self.render.expression(self.query["merge"])]
        merge += ["--emit", self.query["emit"]] if self.query["emit"] else []
        try:
            found = self.both("tuples", *merge, *(f"{name}={branches[name][3]}" for name in names))
        except Mismatch as refusal:
            # Terms that contradict each other are refused, and nothing makes them true.
            if "can never hold together" in str(refusal) and not tuples:
                return 0
            raise
        if self.query["emit"] == "collection":
            columns = branches[names[0]][0]
            compare_collection("merge", columns, tuples, names, found)
            compare_collection("nfql-run", columns, tuples, names, self.whole())
            return len(tuples)
        rows = [[value for group in combination for value in group.values]
                for combination in tuples]
        compare("merge", columns, rows, found)
        if self.query["ungroup"] is not None:
            return self.check_streams("ungroup", tuples, self.path("tuples"))
        compare("nfql-run", columns, rows, self.whole())
        return len(rows)

    def check_streams(self, what, tuples, file):
        flat = self.query["ungroup"]["flat"]
        columns, rows = stream_rows(oracle.ungrouped(tuples, flat), flat)
        options = ["--flat"] if flat else []
        compare(what, columns, rows, self.run("nfql-ungroup", *options, file))
        compare("nfql-run", columns, rows, self.whole())
        return len(rows)


# ---- making cases

def make_traces(chance, folder, few):
    """Writes one or two random traces; returns their paths."""
    paths = []
    for index in range(chance.choice((1, 1, 1, 2))):
        count = chance.choice((8, 12, 20)) if few else chance.choice((15, 30, 60))
        if chance.random() < 0.1:
            count = chance.choice((0, 1))
        flags = chance.choice((make_flow_tools.DONE, make_flow_tools.STREAMING))
        flags |= chance.choice((0, make_flow_tools.COMPRESS))
        paths.append(os.path.join(folder, f"trace{index}.ft"))
        with open(paths[-1], "wb") as file:
            file.write(make_flow_tools.make(generate.random_rows(chance, count),
                                            order=chance.choice("<>"), flags=flags))
    if chance.random() < 0.1:
        paths.append(paths[0])  # its flows are the same flows again
    return paths


def make_query(chance, flows, branch_count, real_trace):
    """A query whose result is not too large."""
    make = generate.Generator(chance, flows, reals=not real_trace)
    collection = branch_count > 1 and chance.random() < 0.15
    names = chance.sample(("A", "B", "m", "request", "C2"), branch_count)
    query = {"branches": [make.branch(name, collection) for name in names], "merge": None,
             "emit": None, "ungroup": None}
    if branch_count > 1:
        if collection:
            for branch in query["branches"]:
                branch["group"] = branch["group"] or make.group(simple=True)
        query["merge"] = make.merge(tables_of(make, query["branches"]))
        query["emit"] = "collection" if collection else chance.choice((None, "tuples"))
    grouped = branch_count > 1 or query["branches"][0]["group"] is not None
    if grouped and not collection and chance.random() < 0.4:
        query["ungroup"] = {"flat": chance.random() < 0.4}
    return query


def branch_groups(flows, branch):
    flows = oracle.filtered(flows, branch["filter"])
    if branch["group"] is None:
        return oracle.each_its_own(flows)
    columns, groups = oracle.grouped(flows, branch["group"])
    return columns, oracle.group_filtered(groups, branch["gfilter"])


def tables_of(make, branches):
    """What a merge expression may name; of a branch without groups, columns that every group has."""
    tables = {}
    for branch in branches:
        columns, groups = branch_groups(make.flows, branch)
        tables[branch["name"]] = make.group_columns(columns, groups) or [
            ("start", "time", "plain", [generate.EPOCH_MS]),
            ("end", "time", "plain", [generate.EPOCH_MS]), ("count", "number", "plain", [1])]
    return tables


def too_large(query, flows):
    product = 1
    for branch in query["branches"]:
        product *= max(1, len(branch_groups(flows, branch)[1]))
    return query["merge"] is not None and product > MAX_TUPLES


def run_case(options, index):
    chance = random.Random(f"{options.seed}.{index}")
    with tempfile.TemporaryDirectory(prefix="nfql-oracle-") as folder:
        branch_count = chance.choice((1, 2, 2, 2, 3))
        traces = [options.trace] if options.trace else make_traces(chance, folder, branch_count > 2)
        flows = flow_tools.read_inputs(traces)
        query = make_query(chance, flows, branch_count, bool(options.trace))
        if too_large(query, flows):
            return None
        case = Case(query, traces, flows, options.keep or folder, options.bin, chance)
        try:
            return case.check()
        except (Mismatch, subprocess.TimeoutExpired) as fault:
            print(f"FAIL seed {options.seed}, query {index} (--seed {options.seed} --only {index})")
            print(json.dumps(case.render.query(query), indent=1))
            print("last command:", " ".join(map(repr, case.commands[-1])))
            print(fault)
            return fault


def main():
    parser = argparse.ArgumentParser(description="random queries against the oracle")
    parser.add_argument("--bin", required=True, help="folder of the programs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--only", type=int, help="this query and no other")
    parser.add_argument("--trace", help="a flow-tools file instead of random flows")
    parser.add_argument("--keep", help="write the files of the stages into this folder")
    options = parser.parse_args()
    indices = range(options.count) if options.only is None else [options.only]
    results, failed = [], 0
    for index in indices:
        results.append(run_case(options, index))
        failed += isinstance(results[-1], Exception)
        if failed == MAX_FAILURES:
            print("too many failures, the other queries were not tried")
            break
    skipped = results.count(None)
    found = sum(1 for result in results if isinstance(result, int) and result)
    print(f"seed {options.seed}: {len(results)} queries, {found} with results, {skipped} too large, "
          f"{failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
