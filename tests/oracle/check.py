#!/usr/bin/python3
"""Runs random queries through the programs and compares every stage with the oracle.

usage: check.py --bin DIR [--seed N] [--count K] [--only I] [--trace FILE] [--keep DIR] [--jobs N]

Query number i of seed N is made from "N.i" alone: `--seed N --only i` repeats one. Each query runs
stage by stage with the stage tools, and whole with nfql-run, in JSON or in the text form; all results
are compared as CSV, line by line, real numbers with a relative tolerance of 1e-12. Of a failure the
fewest flows that still fail are printed, with the commands and both answers.
"""

import argparse
import functools
import multiprocessing
import random
import subprocess
import sys
import tempfile

import flow_tools
import traces
from case import Case
from compare import Mismatch
from queries import random_query
from shrink import shell, shrunk_traces

MAX_FAILURES = 5  # one fault shows in many queries
FAULTS = (Mismatch, subprocess.TimeoutExpired)
real_flows = functools.lru_cache(flow_tools.read_flows)  # once a process


def case_of(query, inputs, folder, options, index):
    """The case, its traces written."""
    for trace in inputs:
        trace.write()
    read = traces.read_all(inputs)
    names = [trace.path.rsplit("/", 1)[-1] for trace in inputs]
    return Case(query, (names, read, traces.fields_of(inputs)), folder, options.bin,
                f"{options.seed}.{index}.text")


def stage_of(fault):
    return getattr(fault, "what", type(fault).__name__)


def report(fault, query, inputs, folder, options, index):
    """The failure as text, with as few flows as show it."""
    def fault_with(fewer):
        try:
            case_of(query, fewer, folder, options, index).check()
        except FAULTS as other:
            return other
        return None

    smallest = shrunk_traces(
        inputs, lambda fewer: stage_of(fault_with(fewer)) == stage_of(fault))
    case = case_of(query, smallest, folder, options, index)
    try:
        case.check()
    except FAULTS as again:
        fault = again
    where = f" --trace {options.trace}" if options.trace else ""
    lines = [f"FAIL {fault}", f"repeat: tests/oracle/check.py --bin {options.bin} --seed "
             f"{options.seed} --only {index}{where}", shell(case, smallest)]
    if getattr(fault, "expected", ""):
        lines += ["--- expected", fault.expected, "--- found", fault.found]
    return "\n".join(lines)


def run_query(options, index):
    """(rows found, None), or (None, what went wrong)."""
    chance = random.Random(f"{options.seed}.{index}")
    branch_count = chance.choice((1, 1, 2, 2, 2, 3))
    few = branch_count > 2
    with tempfile.TemporaryDirectory(prefix="nfql-oracle-") as temporary:
        folder = options.keep or temporary
        inputs = traces.random_traces(chance, folder, few) if not options.trace else \
            traces.window_of(chance, real_flows(options.trace), folder, few)
        for trace in inputs:
            trace.write()
        query = random_query(chance, traces.read_all(inputs), traces.fields_of(inputs),
                             branch_count)
        try:
            return case_of(query, inputs, folder, options, index).check(), None
        except FAULTS as fault:
            return None, report(fault, query, inputs, folder, options, index)


def run_all(options, indices):
    """Runs the queries; how many ran, gave results, and failed."""
    ran = found = failed = 0
    with multiprocessing.Pool(options.jobs) as pool:
        work = functools.partial(run_query, options)
        for rows, failure in pool.imap(work, indices, chunksize=4 if len(indices) > 100 else 1):
            ran += 1
            found += bool(rows)
            if failure:
                failed += 1
                print(failure, flush=True)
            if failed == MAX_FAILURES:
                print("too many failures, the other queries were not tried")
                break
    return ran, found, failed


def main():
    parser = argparse.ArgumentParser(description="random queries against the oracle")
    parser.add_argument("--bin", required=True, help="folder of the programs")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--only", type=int, help="this query and no other")
    parser.add_argument("--trace", help="windows of a flow-tools file instead of random flows")
    parser.add_argument("--keep", help="write the files of the stages into this folder")
    parser.add_argument("--jobs", type=int, default=1, help="processes that run queries")
    options = parser.parse_args()
    if options.keep and options.jobs > 1:
        parser.error("--keep holds the files of one query at a time: leave out --jobs")
    indices = range(options.count) if options.only is None else [options.only]
    ran, found, failed = run_all(options, indices)
    print(f"seed {options.seed}: {ran} queries, {found} with results, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
