"""Runs commands and says how long they took and how much memory they had."""

import mmap
import os
import re
import signal
import statistics
import time
from dataclasses import dataclass, field

LONGEST = 60.0  # seconds; whoever takes longer is ended and not run again
ENOUGH = 30.0  # seconds spent on one contender; then it gets no more runs
SHORT = 0.15  # whoever takes less is run so many times as often, as times differ more
OFTEN = 4

# Whatever else the machine does should wait; where that is not allowed we are one of many.
FIRST_IN_LINE = "{ echo -20 > /proc/self/autogroup; } 2> /dev/null; "


@dataclass
class Contender:
    """A command with its environment, and what its runs took."""

    label: str
    command: str
    environment: dict
    seconds: list = field(default_factory=list)
    peaks: list = field(default_factory=list)  # bytes, of the largest process
    gave_up: bool = False
    answer: object = None
    size: int = 0  # of the output

    @property
    def reads(self) -> list:
        """The files that the command names, as far as they are there."""
        names = re.findall(r"\$(flows|aux|small)\b([\w./-]*)", self.command)
        paths = {self.environment[variable] + rest for variable, rest in names}
        return [path for path in paths if os.path.isfile(path)]

    @property
    def time(self) -> float:
        return statistics.median(self.seconds)

    @property
    def peak(self) -> float:
        return statistics.median(self.peaks)


def touch_free_memory() -> None:
    """Has the host of a virtual machine back free memory with its own, as it is on other machines.

    A host may take free memory back; the first to touch it then waits several times as long.
    """
    process = os.fork()  # its peak must not count as that of what is measured
    if process != 0:
        os.waitpid(process, 0)
        return
    page = os.sysconf("SC_PAGESIZE")
    size = min(2 << 30, os.sysconf("SC_PHYS_PAGES") * page // 4)
    with mmap.mmap(-1, size, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS) as memory:
        memory.madvise(mmap.MADV_HUGEPAGE)
        for offset in range(0, size, page):
            memory[offset] = 1
    os._exit(0)


def warm_up(files: list) -> None:
    """Reads files, so that the page cache has them: the host may have taken that memory too."""
    for path in files:
        with open(path, "rb", buffering=0) as file:
            while file.read(1 << 20):
                pass


def run(contender: Contender, log: str) -> None:
    """Runs the command once; `log` gets what it prints. Raises RuntimeError if it fails."""
    touch_free_memory()
    warm_up(contender.reads)
    append = os.O_WRONLY | os.O_CREAT | os.O_APPEND
    start = time.monotonic()
    process = os.posix_spawn(
        "/bin/sh",
        ["sh", "-c", FIRST_IN_LINE + contender.command],
        contender.environment,
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, "/dev/null", os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, log, append, 0o644),
            (os.POSIX_SPAWN_DUP2, 1, 2),
        ],
        setsid=True,
    )
    status, usage = _wait(process)
    seconds = time.monotonic() - start
    contender.gave_up = status == -signal.SIGKILL
    if status != 0 and not contender.gave_up:
        raise RuntimeError(f"{contender.label} failed")
    contender.seconds.append(seconds)
    contender.peaks.append(usage.ru_maxrss * 1024)


def _wait(process: int):
    """Exit status of the process, and what it and its children used; ends it after LONGEST."""

    def stop(_signal, _frame):
        os.killpg(process, signal.SIGKILL)

    previous = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, LONGEST)
    try:
        _, status, usage = os.wait4(process, 0)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)
    return os.waitstatus_to_exitcode(status), usage


def wants_more(contender: Contender, runs: int) -> bool:
    if contender.time < SHORT:
        runs *= OFTEN
    spent = sum(contender.seconds)
    return not contender.gave_up and len(contender.seconds) < runs and spent < ENOUGH


def copy_speed() -> float:
    """Bytes a second of memcpy between two buffers that no cache holds."""
    size = 256 << 20
    source = memoryview(bytearray(b"x") * size)
    target = memoryview(bytearray(size))
    best = 0.0
    for _ in range(5):
        start = time.perf_counter()
        target[:] = source
        best = max(best, size / (time.perf_counter() - start))
    return best


def processor() -> str:
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return os.uname().machine
