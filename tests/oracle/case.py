"""One query on some traces: runs it stage by stage and whole, and compares each answer."""

import json
import pathlib
import random
import subprocess

import nfql_oracle as oracle
from compare import Mismatch, compare, compare_collection
from render import Renderer
from text_form import TextForm

TIMEOUT_S = 120
TEXT_FORM_SHARE = 0.3  # of the queries are given to nfql-run in the text form, the others in JSON
CONTRADICTION = ("can never hold", "contradicts what stands before")  # say the programs


def prefixed(columns, branch):
    return [column._replace(name=f"{branch}.{column.name}") for column in columns]


def files_in(tree):
    """The sets in files, (name, items) each, of anything made of tuples, lists and dicts."""
    if isinstance(tree, tuple) and tree[:1] == ("file",):
        return [tree[1:]]
    if isinstance(tree, dict):
        tree = list(tree.values())
    if not isinstance(tree, (list, tuple)):
        return []
    return [found for part in tree for found in files_in(part)]


class Case:
    """A query, its traces as files in a folder, and the programs. The seed decides on spellings."""

    def __init__(self, query, inputs, folder, bin_dir, seed):
        self.query = query
        self.traces, self.flows, self.fields = inputs
        self.folder = pathlib.Path(folder)
        self.bin = pathlib.Path(bin_dir).resolve()
        self.chance = random.Random(seed)
        self.stage_texts = Renderer(self.chance).query(query)
        self.run_texts = Renderer(self.chance).query(query)
        self.text_form = None
        if self.chance.random() < TEXT_FORM_SHARE:
            outside = oracle.further_branches(query["merge"], query["except"])
            self.text_form = TextForm(query, Renderer(self.chance)).text(outside)
        self.commands = []
        self.lists = {name: "".join(f"{Renderer().operand(item)}\n" for item in items)
                      for name, items in files_in(query)}
        for name, text in self.lists.items():
            (self.folder / name).write_text(text, encoding="utf-8")

    # ---- programs

    def run(self, what, *command):
        """The CSV that a program prints."""
        command = [*command, "-O", "csv"]
        self.commands.append(command)
        done = subprocess.run([str(self.bin / command[0]), *command[1:]], cwd=self.folder,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=TIMEOUT_S, check=False)
        if done.returncode != 0:
            raise Mismatch(what, f"exit code {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def run_whole(self):
        """The CSV of nfql-run."""
        text = self.text_form or json.dumps(self.run_texts, indent=1)
        (self.folder / "query").write_text(text, encoding="utf-8")
        options = self.limit_options() if self.text_form else []  # it has no word for it
        return self.run("nfql-run", "nfql-run", *options, "query", *self.traces)

    def limited(self, rows):
        limit = self.query["limit"]
        return rows if limit is None else rows[:limit]

    def limit_options(self):
        limit = self.query["limit"]
        return [] if limit is None else ["-n", str(limit)]

    # ---- stages

    def check(self):
        """How many rows the query gives. Throws Mismatch."""
        branches = {}
        for branch in self.query["branches"]:
            twin = next((known for known in self.query["branches"] if known["name"] in branches
                         and known | {"name": ""} == branch | {"name": ""}), None)
            # A branch compared with itself is one file under two names.
            branches[branch["name"]] = branches[twin["name"]] if twin else self.check_branch(branch)
        if self.query["merge"] is None:
            return self.check_single(*branches.values())
        return self.check_merge(branches)

    def check_branch(self, branch):
        """Checks the stages of a branch; returns (columns, groups, file of its last stage)."""
        name, texts = branch["name"], self.stage_texts["branches"][branch["name"]]
        flows, inputs = oracle.filtered(self.flows, branch["filter"]), self.traces
        if branch["filter"] is not None or branch["group"] is None:
            columns = oracle.flow_columns(self.fields)
            file = f"{name}.flows.nfql"
            found = self.run(f"filter {name}", "nfql-filter", "-e", texts.get("filter", "any"),
                             *inputs, "--tee", file)
            compare(f"filter {name}", columns,
                    [[flow[column.name] for column in columns] for flow in flows], found)
            inputs = [file]
        if branch["group"] is None:
            return (*oracle.each_its_own(flows, self.fields), inputs[0])
        return self.check_groups(branch, texts, flows, inputs)

    def check_groups(self, branch, texts, flows, inputs):
        name, file = branch["name"], f"{branch['name']}.groups.nfql"
        columns, groups = oracle.grouped(flows, branch["group"])
        options = ["--aggregate", texts["aggregate"]] if "aggregate" in texts else []
        options += ["--order", texts["order"]] if "order" in texts else []
        found = self.run(f"group {name}", "nfql-group", "-e", texts["group"], *options, *inputs,
                         "--tee", file)
        compare(f"group {name}", columns, [group.values for group in groups], found)
        if branch["gfilter"] is None:
            return columns, groups, file
        groups = oracle.group_filtered(groups, branch["gfilter"])
        kept = f"{name}.kept.nfql"
        found = self.run(f"gfilter {name}", "nfql-gfilter", "-e", texts["gfilter"], file, "--tee",
                         kept)
        compare(f"gfilter {name}", columns, [group.values for group in groups], found)
        return columns, groups, kept

    def check_single(self, branch):
        columns, groups, file = branch
        if self.query["ungroup"] is not None:
            return self.check_streams([[group] for group in groups], file)
        if self.query["branches"][0]["group"] is None:
            columns = columns[:-1]  # flows alone are not counted
        rows = self.limited([group.values[:len(columns)] for group in groups])
        compare("nfql-run", columns, rows, self.run_whole())
        return len(rows)

    def check_merge(self, branches):
        all_groups = {name: groups for name, (_, groups, _) in branches.items()}
        try:
            return self.check_accepted_merge(branches, all_groups)
        except Mismatch as refusal:
            # Terms that contradict each other may be refused, if indeed nothing makes them true.
            expressions = [self.query["merge"], *self.query["except"]]
            if any(words in str(refusal) for words in CONTRADICTION) and any(
                    oracle.never_true(expr, all_groups) for expr in expressions):
                return 0
            raise

    def check_accepted_merge(self, branches, all_groups):
        query, texts = self.query, self.stage_texts
        merge = ["nfql-merge", "-e", texts["merge"]]
        for expr in texts.get("except", ()):
            merge += ["--except", expr]
        merge += ["--emit", query["emit"]] if query["emit"] else []
        merge += [] if query["ungroup"] else self.limit_options()
        files = [f"{name}={file}" for name, (_, _, file) in branches.items()]
        found = self.run("merge", *merge, *files, "--tee", "tuples.nfql")
        tuples = oracle.merged(all_groups, query["merge"], query["except"])
        outside = oracle.further_branches(query["merge"], query["except"])
        inside = {name: columns for name, (columns, _, _) in branches.items()
                  if name not in outside}
        return self.check_tuples(inside, tuples, found)

    def check_tuples(self, branches, tuples, found):
        if self.query["emit"] == "collection":
            compare_collection("merge", branches, tuples, found)
            if self.query["ungroup"] is not None:
                return self.check_streams(oracle.component_groups(tuples), "tuples.nfql")
            compare_collection("nfql-run", branches, tuples, self.run_whole())
            return len(tuples)
        columns = [column for name in branches for column in prefixed(branches[name], name)]
        rows = [[value for group in combination for value in group.values]
                for combination in tuples]
        if self.query["ungroup"] is not None:
            compare("merge", columns, rows, found)
            return self.check_streams(tuples, "tuples.nfql")
        rows = self.limited(rows)
        compare("merge", columns, rows, found)
        compare("nfql-run", columns, rows, self.run_whole())
        return len(rows)

    def check_streams(self, parts, file):
        """The flows of tuples, components or groups, by nfql-ungroup and by the whole query."""
        flat = self.query["ungroup"]["flat"]
        columns = oracle.flow_columns(self.fields)
        streams = [[[flow[column.name] for column in columns] for flow in stream]
                   for stream in oracle.ungrouped(parts, flat)]
        if not flat and self.chance.random() < 0.1:
            self.check_stream_files(columns, streams, file)
        rows = [row if flat else [number, *row]
                for number, stream in enumerate(streams) for row in stream]
        columns = columns if flat else [oracle.Column("stream", None, "number", "plain"), *columns]
        rows = self.limited(rows)
        options = (["--flat"] if flat else []) + self.limit_options()
        compare("ungroup", columns, rows, self.run("ungroup", "nfql-ungroup", *options, file))
        compare("nfql-run", columns, rows, self.run_whole())
        return len(rows)

    def check_stream_files(self, columns, streams, file):
        self.run("ungroup", "nfql-ungroup", "--streams", "streams", file)
        files = sorted((self.folder / "streams").iterdir())
        if len(files) != len(streams):
            raise Mismatch("ungroup", f"{len(files)} files for {len(streams)} streams")
        for path, rows in zip(files, streams):
            compare(f"ungroup {path.name}", columns, rows, path.read_text(encoding="utf-8"))
            path.unlink()
