"""What a job of the benchmark is: one question, asked of ours and of whoever else can answer it."""

from dataclasses import dataclass, field

# How far the answer of a peer has to be that of ours.
SAME = "same"  # rows and sums
ROWS = "rows"  # as many rows: the peer says nothing else of them
ABOUT = "about"  # as many rows within 5 %: the peer answers a question that is a little different


@dataclass(frozen=True)
class Peer:
    """A command of somebody else, or of ours, that is timed beside ours."""

    command: str
    agrees: str | None = SAME  # None: it has no answer, and is there to be looked at


@dataclass(frozen=True)
class Faster:
    """Every peer that has an answer takes so many times as long as ours; for some `but` says it."""

    factor: float
    but: dict = field(default_factory=dict)


@dataclass(frozen=True)
class Within:
    """Ours takes at most so many times as long as the peer."""

    factor: float
    of: str


@dataclass(frozen=True)
class Seconds:
    """Ours takes at most so long."""

    most: float


@dataclass(frozen=True)
class Memory:
    """Ours takes at most this part of the peer's memory."""

    part: float
    of: str


@dataclass(frozen=True)
class BytesAFlow:
    """The peak memory of ours is at most so many bytes for each flow of the trace."""

    most: float


@dataclass(frozen=True)
class Size:
    """The output of ours is at most this part larger than the peer's."""

    part: float
    of: str


@dataclass(frozen=True)
class Job:
    """A row of the table, or one for each target.

    Commands are for sh. They find in the environment: `flows`, the trace without its suffix (.nfql,
    .ft, .plain.ft, .nfdump, .ipfix, .rw, .parquet); `small`, a trace of 556 flows; `aux`, a
    directory with queries and what `setup` made; `out`, where the answer goes, a suffix says how to
    read it (answers.py); `duckdb`, which takes SQL.
    """

    name: str
    title: str
    ours: str
    targets: tuple = ()
    peers: dict = field(default_factory=dict)
    limit: str = ""  # the least that the job has to do, done by the machine's own tools
    setup: str = ""  # run once for each trace, and not timed
    grows: bool = True  # ours is also timed on a trace of a quarter of the flows

    @property
    def commands(self) -> list:
        return [self.ours, self.setup, self.limit, *(peer.command for peer in self.peers.values())]
