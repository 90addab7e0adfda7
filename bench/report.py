"""Judges jobs by their targets and prints them as a Markdown table."""

from jobs import BytesAFlow, Faster, Job, Memory, Seconds, Size, Within
from machine import LONGEST, Contender

GROWTH = 4.4  # of time, for four times the flows
NEAR = 0.8  # of what the machine allows, where a target asks for more


def _time(contender: Contender) -> str:
    if contender.gave_up:
        return f"> {LONGEST:.0f} s"
    seconds = contender.time
    return f"{seconds:.2f} s" if seconds >= 0.1 else f"{1000 * seconds:.0f} ms"


class Result:
    """What was measured for one job."""

    def __init__(self, job: Job, flows: int):
        self.job = job
        self.flows = flows
        self.ours = None
        self.quarter = None
        self.limit = None
        self.peers: list[Contender] = []
        self.faults: list[str] = []

    def all(self) -> list:
        others = [one for one in (self.quarter, self.limit) if one is not None]
        return [self.ours, *self.peers, *others]

    def peer(self, label: str):
        return next((peer for peer in self.peers if peer.label == label), None)

    def times_of_peers(self) -> str:
        cells = []
        for peer in self.peers:
            times = peer.time / self.ours.time
            cells.append(f"{peer.label} {_time(peer)} ({times:.{1 if times < 100 else 0}f})")
        if self.limit is not None:
            cells.append(f"*the machine* {_time(self.limit)}")
        return "; ".join(cells) or "-"

    def rows(self) -> list:
        """A row for each target: question, ours, others, target, verdict, growth."""
        growth = self._growth()
        if self.faults:
            return [(self.job.title, "-", "-", "-", "**" + "; ".join(self.faults) + "**", "")]
        rows = []
        for target in self.job.targets or (None,):
            if isinstance(target, (Memory, Size)) and self.peer(target.of) is None:
                continue
            ours, others, wanted, verdict = self._judge(target)
            first = not rows
            title = self.job.title if first else ""
            rows.append((title, ours, others, wanted, verdict, growth if first else ""))
        return rows

    def _growth(self) -> str:
        if self.quarter is None or self.faults:
            return "-"
        ratio = self.ours.time / self.quarter.time
        return f"{ratio:.2f}" if ratio <= GROWTH else f"**{ratio:.2f}**"

    def _judge(self, target):
        ours = _time(self.ours)
        others = self.times_of_peers()
        match target:
            case Faster():
                factors = {
                    peer.label: peer.time / self.ours.time
                    for peer in self.peers
                    if self.job.peers[peer.label].agrees is not None
                }
                wanted = "as fast" if target.factor == 1 else f"{target.factor:g} times"
                wanted += "".join(f", {name} {factor:g}" for name, factor in target.but.items())
                missed = [
                    name
                    for name, factor in factors.items()
                    if factor < target.but.get(name, target.factor)
                ]
                return ours, others, wanted, self._verdict(not missed, bool(factors))
            case Within():
                peer = self.peer(target.of)
                met = self.ours.time <= target.factor * peer.time
                return ours, others, f"{target.factor:g} x {target.of}", self._verdict(met)
            case Seconds():
                met = self.ours.time <= target.most
                return ours, others, f"{1000 * target.most:.0f} ms", self._verdict(met)
            case BytesAFlow():
                used = self.ours.peak / self.flows
                wanted = f"{target.most:g} bytes a flow"
                others = "; ".join(
                    f"{peer.label} {peer.peak / self.flows:.0f}" for peer in self.peers
                )
                return f"{used:.0f} bytes a flow", others or "-", wanted, _met(used <= target.most)
            case None:
                return ours, others, "-", "-"
        peer = self.peer(target.of)
        if isinstance(target, Memory):
            value, other = (f"{one.peak / 1e6:.0f} MB" for one in (self.ours, peer))
            met = self.ours.peak <= target.part * peer.peak
            return value, f"{target.of} {other}", f"{target.part:g} of its memory", _met(met)
        assert isinstance(target, Size)
        value, other = (f"{one.size / 1e6:.1f} MB" for one in (self.ours, peer))
        met = self.ours.size <= (1 + target.part) * peer.size
        return value, f"{target.of} {other}", f"at most {100 * target.part:.0f} % larger", _met(met)

    def _verdict(self, met: bool, measured: bool = True) -> str:
        if not measured:
            return "no peer"
        if not met and self.limit is not None and self.limit.time >= NEAR * self.ours.time:
            return f"at the limit ({self.limit.time / self.ours.time:.0%})"
        return _met(met)


def _met(met: bool) -> str:
    return "met" if met else "**missed**"


def table(results: list, flows: int) -> str:
    head = ("job", "ours", "others (times ours)", "target", "", f"4 x {flows // 4} flows")
    lines = ["| " + " | ".join(head) + " |", "|---|---:|---|---|---|---:|"]
    for result in results:
        lines += [
            "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
            for row in result.rows()
        ]
    return "\n".join(lines)


def summary(results: list) -> str:
    verdicts = [row[4] for result in results for row in result.rows()]
    verdicts = [verdict for verdict in verdicts if verdict not in ("-", "no peer")]
    met = sum(verdict.startswith(("met", "at the limit")) for verdict in verdicts)
    slow = sum("**" in result.rows()[0][5] for result in results)
    return f"{met} of {len(verdicts)} targets; {slow} rows grow faster than {GROWTH} times."
