"""The fuzzer: inputs drawn by their number, tried by workers that are replaced when they grow."""

import multiprocessing
import os
import resource
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from multiprocessing.connection import Connection, wait
from pathlib import Path
from random import Random
from typing import Any

from assault import samples
from assault.parsers import PARSERS, SPECS, Case, Target
from assault.results import Bar, Failure, Results
from assault.watch import MOST_GROWTH_MB, MOST_S, Watched, watched
from assault.whole import COMMANDS

SHARES = (("parsers", PARSERS, 0.765), ("specs", SPECS, 0.21), ("commands", COMMANDS, 0.025))
"""The mix: which part of all inputs goes where."""
BLOCK = 250
"""Inputs that a worker tries before it reports."""
# Chosen: a worker begins with about 150 MB; what a hostile input took is given back late or never.
MOST_RSS_MB = 700
# Chosen: an input is ended after 5 s of CPU, which takes longer deep in C, where nothing gets in.
BUSY_S = 40.0
SILENT_S = 600.0
"""The same for one that waits."""

TARGETS: Mapping[str, Target] = {**PARSERS, **SPECS, **COMMANDS}


@dataclass(slots=True)
class Report:
    """What a worker says after each block."""

    tried: Counter[str] = field(default_factory=Counter)
    cpu_s: Counter[str] = field(default_factory=Counter)
    found: list[Failure] = field(default_factory=list)
    full: bool = False
    """Whether the worker has grown and ends now."""


@cache
def _choices() -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Every target and how far its part of all inputs reaches."""
    names: list[str] = []
    parts: list[float] = []
    for _, targets, share in SHARES:
        weights = sum(target.weight for target in targets.values())
        for name, target in targets.items():
            names.append(name)
            parts.append(share * target.weight / weights)
    return tuple(names), tuple(accumulate(parts))


def drawn(seed: int, number: int) -> tuple[str, Case]:
    """The target and the input of a number: the same for a seed, whatever else is tried."""
    rng = Random(f"{seed} {number}")  # noqa: S311 # nothing is kept secret
    names, reach = _choices()
    (name,) = rng.choices(names, cum_weights=reach)
    return name, TARGETS[name].draw(rng)


def tried(name: str, case: Case) -> tuple[Watched, list[Failure]]:
    """How an input went, and which bars it missed."""
    target = TARGETS[name]
    found = watched(lambda: target.run(*case), target.expected)
    failures = []
    if found.raised:
        raw = found.raised.startswith("RawError") or "not escaped" in found.trace
        bar = Bar.INJECTION if raw else Bar.TRACEBACK
        last = found.trace.strip().splitlines()[-1].partition(": ")[2][:90]
        what = last if found.raised.startswith(("RawError", "CommandError")) else found.raised
        failures.append(Failure(bar, name, what, case, found.trace))
    if found.cpu_s > MOST_S:
        failures.append(
            Failure(Bar.SLOW, name, "is too slow", case, f"{found.cpu_s:.1f} s\n{found.trace}")
        )
    if found.growth_mb > MOST_GROWTH_MB:
        failures.append(
            Failure(Bar.MEMORY, name, "takes memory", case, f"{found.growth_mb} MB more")
        )
    return found, failures


def fuzz(inputs: int, seed: int, jobs: int, results: Results, tell: Callable[[str], None]) -> None:
    """Tries so many inputs in so many workers, and adds what they find."""
    blocks = iter(range(0, inputs, BLOCK))
    pool = [
        worker for worker in (_Worker.started(seed, inputs, blocks) for _ in range(jobs)) if worker
    ]
    began, said, done = time.monotonic(), 0.0, 0
    try:
        while pool:
            ready = wait([worker.pipe for worker in pool], timeout=1.0)
            for worker in tuple(pool):
                if worker.pipe in ready:
                    again = _taken(worker, results, (seed, inputs), blocks)
                elif worker.silent:
                    results.add(worker.hung(seed))
                    again = worker.replaced(seed, inputs)
                else:
                    continue
                if again is not worker:
                    pool.remove(worker)
                    pool += [again] if again else []
            done = sum(results.tried[name] for name in TARGETS)
            if time.monotonic() - said > 10.0:
                said = time.monotonic()
                rate = done / max(said - began, 0.1)
                tell(f"{done:,} of {inputs:,} inputs, {rate:,.0f} a second, {_counts(results)}")
    finally:
        for worker in pool:
            worker.end()
    tell(f"{done:,} of {inputs:,} inputs, {_counts(results)}")


def _counts(results: Results) -> str:
    return f"{results.bars.total()} failures of {len(results.kinds)} kinds"


@dataclass(slots=True)
class _Worker:
    """A process that tries blocks of inputs, as its parent sees it."""

    process: Any
    pipe: Connection
    now: Any
    """The number of the input that it is at."""
    block: int
    """The first number of its block."""
    folder: str
    skipped: frozenset[int] = frozenset()
    """Numbers at which others hung or died."""
    seen: int = -1
    since: tuple[float, float] = (0.0, 0.0)
    """When it was first seen at that input, by the clock and by its CPU time."""

    @classmethod
    def started(cls, seed: int, inputs: int, blocks: Iterator[int]) -> "_Worker | None":
        """A new worker with its first block; None when no block is left."""
        block = next(blocks, None)
        return None if block is None else cls._at(seed, inputs, block)

    @classmethod
    def _at(
        cls, seed: int, inputs: int, first: int, skipped: frozenset[int] = frozenset()
    ) -> "_Worker":
        context = multiprocessing.get_context("fork")  # with all that is imported, and all patches
        ours, theirs = context.Pipe()
        now = context.Value("q", first, lock=False)
        folder = tempfile.mkdtemp(prefix="assault-")
        process = context.Process(
            target=_work, args=(theirs, now, seed, inputs, folder, skipped), daemon=True
        )
        process.start()
        theirs.close()
        ours.send(first)
        return cls(process, ours, now, first, folder, skipped)

    @property
    def silent(self) -> bool:
        """Whether it is at one input for far too long, or gone."""
        if not self.process.is_alive():
            return True
        clock = time.monotonic(), _cpu_s(self.process.pid)
        if self.now.value != self.seen:
            self.seen, self.since = self.now.value, clock
        return clock[0] - self.since[0] > SILENT_S or clock[1] - self.since[1] > BUSY_S

    def hung(self, seed: int) -> Failure:
        """The failure of the input that it was at."""
        name, case = drawn(seed, self.now.value)
        died = not self.process.is_alive()
        what = f"ends the process ({self.process.exitcode})" if died else "hangs"
        return Failure(
            Bar.TRACEBACK if died else Bar.SLOW, name, what, case, f"input {self.now.value}"
        )

    def replaced(self, seed: int, inputs: int) -> "_Worker":
        """Another one for the same block, without the input that this one hung at."""
        self.end()
        return self._at(seed, inputs, self.block, self.skipped | {self.now.value})

    def end(self) -> None:
        """Ends the process and removes its folder."""
        self.process.kill()
        self.process.join()
        self.pipe.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def _taken(
    worker: _Worker, results: Results, chosen: tuple[int, int], blocks: Iterator[int]
) -> "_Worker | None":
    """Takes what a worker says and gives it its next block, to another one when it is full."""
    try:
        report: Report = worker.pipe.recv()
    except EOFError:  # it died
        worker.process.join()
        results.add(worker.hung(chosen[0]))
        return worker.replaced(*chosen)
    results.tried += report.tried
    results.cpu_s += report.cpu_s
    for failure in report.found:
        results.add(failure)
    if report.full:
        worker.end()
        return worker.started(*chosen, blocks)
    block = next(blocks, None)
    if block is None:
        worker.end()
        return None
    worker.block = block
    worker.pipe.send(block)
    return worker


def _cpu_s(process: int) -> float:
    """The CPU time of a process so far, in seconds."""
    # Source: https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, fields 14 and 15
    with suppress(FileNotFoundError, ProcessLookupError):
        fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _work(
    pipe: Connection,
    now: Any,  # noqa: ANN401 # a number that both processes see
    seed: int,
    inputs: int,
    folder: str,
    skipped: frozenset[int],
) -> None:
    """The life of a worker."""
    prepare(Path(folder))
    while True:
        first = pipe.recv()
        report = Report()
        for number in range(first, min(first + BLOCK, inputs)):
            now.value = number
            name, case = drawn(seed, number)
            report.tried[name] += 1
            if number in skipped:
                continue
            found, failures = tried(name, case)
            report.cpu_s[name] += found.cpu_s  # type: ignore[assignment] # a Counter of seconds
            report.found += failures
        report.full = _rss_mb() > MOST_RSS_MB
        pipe.send(report)


LIMITS = {resource.RLIMIT_AS: 6 << 30, resource.RLIMIT_CORE: 0}
"""What a process may take of each, in bytes."""


def prepare(folder: Path) -> None:
    """A folder to work in, limits, and no colours."""
    os.chdir(folder)
    os.environ |= {"NO_COLOR": "1", "TERM": "dumb", "COLUMNS": "120", "TMPDIR": str(folder)}
    tempfile.tempdir = None
    for limit, most in LIMITS.items():
        resource.setrlimit(limit, (most, resource.getrlimit(limit)[1]))
    Path("sound.yaml").write_bytes(samples.specs()[0])


@contextmanager
def prepared() -> Iterator[None]:
    """The same for a process that goes on afterwards: all is as it was then."""
    folder, variables = Path.cwd(), dict(os.environ)
    limits = {limit: resource.getrlimit(limit) for limit in LIMITS}
    try:
        with tempfile.TemporaryDirectory(prefix="assault-") as own:
            prepare(Path(own))
            yield
    finally:
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(variables)
        tempfile.tempdir = None
        for limit, before in limits.items():
            resource.setrlimit(limit, before)


def _rss_mb() -> int:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * resource.getpagesize() >> 20


def mix(results: Results) -> list[tuple[str, ...]]:
    """The mix in rows: what was tried, which part of all it is, and what it takes."""
    rows: list[tuple[str, ...]] = [("inputs", "tried", "share", "mean CPU")]
    whole = max(1, sum(results.tried[name] for name in TARGETS))
    for group, targets, _ in SHARES:
        for label, names in (
            (f"{group}, all", tuple(targets)),
            *((f"  {n}", (n,)) for n in targets),
        ):
            count = sum(results.tried[name] for name in names)
            cpu_ms = 1000 * sum(results.cpu_s[name] for name in names) / max(1, count)
            rows.append((label, f"{count:,}", f"{100 * count / whole:.1f} %", f"{cpu_ms:.2f} ms"))
    return rows
