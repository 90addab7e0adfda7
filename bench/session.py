"""What bench/run and bench/compare share: the tools built, their environment, runs in turn."""

import os
import shutil
import subprocess
import sys
import tempfile

import answers
import machine
import traces

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def note(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


def build(root: str) -> str:
    """Builds the tree at `root` for measuring; gives the directory of its tools."""
    environment = dict(os.environ)
    if shutil.which("ccache"):
        environment["CMAKE_C_COMPILER_LAUNCHER"] = "ccache"
        environment["CMAKE_CXX_COMPILER_LAUNCHER"] = "ccache"
    note(f"building {root}")
    for command in (["cmake", "--preset", "bench"], ["cmake", "--build", "--preset", "bench"]):
        done = subprocess.run(
            command, cwd=root, env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            sys.exit(f"{done.stdout}{done.stderr}bench: the build failed")
    return os.path.join(root, "build", "bench", "bin")


def duckdb() -> str:
    """The command that takes SQL; nothing if there is none."""
    if shutil.which("duckdb"):
        return "duckdb -csv -noheader -c"
    modules = os.environ.get("DUCKDB_NODE", "")
    if modules and os.path.isdir(os.path.join(modules, "node_modules", "@duckdb")):
        return f"node {ROOT}/bench/duckdb.mjs"
    return ""


def environment_for(tools: str, data: str, work: str, flows: int) -> dict:
    """What commands find in theirs, see jobs.Job: traces in `data`, the rest in `work`."""
    example = os.path.join(ROOT, "..", "shared", "data", "trace-2009.ftz")
    made = os.path.join(data, f"flows-{traces.SMALL}.ft")
    return {
        **os.environ,
        "PATH": tools + os.pathsep + os.environ["PATH"],
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "duckdb": duckdb(),
        "flows": os.path.join(data, f"flows-{flows}"),
        "small": os.path.normpath(example) if os.path.exists(example) else made,
        "aux": os.path.join(work, "aux"),
    }


class Session:
    """Runs contenders in turn, each with an empty directory for its output.

    Makes a directory in `data`, which exists, for all that is not to stay; close() removes it.
    """

    def __init__(self, data: str, runs: int):
        self.work = tempfile.mkdtemp(prefix="run-", dir=data)
        self.out = os.path.join(self.work, "out")
        self.log = os.path.join(data, "run.log")
        self.runs = runs
        self._empty()

    def contender(self, label: str, command: str, environment: dict) -> machine.Contender:
        name = "".join(letter for letter in label if letter.isalnum())
        environment = {**environment, "out": os.path.join(self.out, name)}
        return machine.Contender(label, command, environment)

    def set_up(self, job, environment: dict) -> None:
        if job.setup:
            subprocess.run(["/bin/sh", "-c", job.setup], env=environment, check=True)

    def in_turn(self, contenders: list) -> None:
        """Runs all once, then again those that want more; takes their answers.

        Raises RuntimeError if one fails.
        """
        waiting = list(contenders)
        while waiting:
            for contender in waiting:
                machine.run(contender, self.log)
                if contender.answer is None and not contender.gave_up:
                    answers.take(contender)
                self._empty()
            waiting = [one for one in waiting if machine.wants_more(one, self.runs)]

    def close(self) -> None:
        shutil.rmtree(self.work)

    def _empty(self) -> None:
        shutil.rmtree(self.out, ignore_errors=True)
        os.makedirs(self.out)
