"""The kill runner: commands ended at random moments; no half file then, no stray after the next."""

import ast
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

from assault import samples, site
from assault.results import Bar, Failure, Results

TRAZO = (sys.executable, "-m", "trazo")
ENOUGH_S = 180.0
"""After so long a process hangs."""
# Chosen: what the killed one had started may need some moments to see that it is gone.
GONE_S = 20.0
BOOKKEEPING = (".trazo-manifest.json",)
"""Files that say what is under way, so that a killed run leaves them with another text."""
NOT_YET = (".trazo",)
"""How the names begin of what a run under way keeps beside its files."""
_SPEC = "app.yaml"
Files = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A command that writes, and what is there when it starts."""

    name: str
    words: tuple[str, ...]
    """`{site}` stands for the address of the price server."""
    before: tuple[str, ...] = ()
    """A command that has made the old files from the old spec, if there are any."""
    spec: bytes = b""
    old_spec: bytes = b""


_TRAZO = (samples.ROOT / "specs" / "trazo.yaml").read_bytes()
_SMALL = (samples.ROOT / "specs" / "smallest.yaml").read_bytes()
_OLD = _TRAZO.replace(b"cpu: 256", b"cpu: 512").replace(b"memory_mib: 512", b"memory_mib: 1024")
_SLIPS = _SMALL.replace(b"port: 80", b'port: "80"')
_BUILD = ("build", _SPEC, "-o", "out", "--month", "2026-12", "--runs", "20")
_UPDATE = (
    *("prices", "update", _SPEC, "--region", site.REGION, "--offer", "AmazonECS"),
    *("--price-list", "{site}", "--spot-feed", "{site}/spot.json", "--tries", "1"),
)
_COMPILE = ("compile", _SPEC, "-o", "out")
_REPORT = ("report", _SPEC, "-o", "a.html", "--month", "2026-12", "--runs", "20")
_SVG, _PNG = (("diagram", _SPEC, "-o", f"a.{end}") for end in ("svg", "png"))
_WRONG = _TRAZO.replace(b"kind: rds", b"kind: rsd")

SCENARIOS = (
    Scenario("compile", _COMPILE, (), _TRAZO),
    Scenario("compile over old files", _COMPILE, _COMPILE, _TRAZO, _OLD),
    Scenario("compile of a wrong spec", _COMPILE, (), _WRONG),
    Scenario("compile to HCL", (*_COMPILE, "--format", "hcl"), _COMPILE, _TRAZO, _OLD),
    Scenario("build", _BUILD, (), _TRAZO),
    Scenario("build over old files", _BUILD, _BUILD, _TRAZO, _OLD),
    Scenario("prices update", _UPDATE, (), _TRAZO),
    Scenario("prices update over old prices", _UPDATE, _UPDATE, _TRAZO, _TRAZO),
    Scenario("diagram -o svg", _SVG, _SVG, _TRAZO, _OLD),
    Scenario("diagram -o png", _PNG, _PNG, _TRAZO, _OLD),
    Scenario("report -o", _REPORT, (), _TRAZO),
    Scenario("check -o sarif", ("check", _SPEC, "--format", "sarif", "-o", "a.sarif"), (), _TRAZO),
    Scenario("check --fix", ("check", _SPEC, "--fix"), (), _SLIPS),
    Scenario("init", ("init", "new.yaml")),
    Scenario("schema -o", ("schema", "-o", "schema.json")),
)


@dataclass(frozen=True, slots=True)
class Course:
    """A scenario that has been run once without a signal."""

    scenario: Scenario
    begun: Files
    """What is there when the command starts."""
    ended: Files
    """What is there when it has ended."""
    code: int
    long_s: float
    """How long it takes."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A signal, and when it comes."""

    number: int
    share: float
    """At which part of the time that the command takes; while it writes, so many seconds later."""
    writing: bool = False
    """Whether it comes after the first change in the command's folder."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended."""

    code: int
    text: str
    seconds: float
    running: bool = False
    """Whether something that it had started still ran long after."""


def kill(
    count: int,
    seed: int,
    jobs: int,
    results: Results,
    tell: Callable[[str], None],
    program: tuple[str, ...] = TRAZO,
) -> None:
    """Kills so many commands, each scenario in turn, and adds what is wrong afterwards."""
    with _servers() as sites, ThreadPoolExecutor(jobs) as pool:
        chosen = SCENARIOS[: max(1, count)]
        courses = [*pool.map(lambda s: course(s, sites, program), chosen)]
        tell(f"{len(courses)} commands without a signal: {_lengths(courses)}")
        cases = [_case(courses[n % len(courses)], seed, n) for n in range(count)]
        tries = pool.map(lambda case: tried(case[0], case[1], sites, program), cases)
        began = time.monotonic()
        for done, ((one, sent), failures) in enumerate(zip(cases, tries, strict=True), 1):
            results.tried["kill"] += 1
            results.tried["interrupt"] += sent.number == signal.SIGINT
            for failure in failures:
                results.add(failure)
            if done % 10 == 0 or done == count:
                tell(
                    f"{done} of {count} kills in {time.monotonic() - began:.0f} s, the last of "
                    f"`{one.scenario.name}`, {results.bars.total()} failures"
                )


def repeated(case: tuple[object, ...]) -> list[Failure]:
    """The failures of a kept case: the same command and signal, ten times around its moment."""
    name, number, share, writing = (ast.literal_eval(repr(part)) for part in case)
    scenario = next(s for s in SCENARIOS if s.name == name)
    with _servers() as sites:
        known = course(scenario, sites, TRAZO)
        around = [Sent(number, max(0.0, share + (n - 5) * 0.01), writing) for n in range(10)]
        return [f for sent in around for f in tried(known, sent, sites, TRAZO)]


def _case(known: Course, seed: int, number: int) -> tuple[Course, Sent]:
    """Half of the signals come while files are written, which takes some milliseconds only."""
    rng = Random(f"kill {seed} {number}")  # noqa: S311 # nothing is kept secret
    signal_ = rng.choice((signal.SIGKILL, signal.SIGINT))
    if rng.random() < 0.5:
        return known, Sent(int(signal_), rng.random() * 1.05)
    return known, Sent(int(signal_), rng.random() ** 2 * 0.03, writing=True)


def _lengths(courses: list[Course]) -> str:
    return ", ".join(f"{c.scenario.name} {c.long_s:.1f} s" for c in courses)


@contextmanager
def _servers() -> Iterator[tuple[str, str]]:
    """The price list as it was and as it is, the latter from a slow server."""
    with (
        site.serving(site.price_files("0.06")) as old,
        site.serving(site.price_files("0.05"), 0.02) as new,
    ):
        yield old, new


def course(scenario: Scenario, sites: tuple[str, str], program: tuple[str, ...]) -> Course:
    """What a scenario does without a signal."""
    with _sandbox() as (folder, temporary):
        if scenario.before:
            (folder / _SPEC).write_bytes(scenario.old_spec)
            made = _run(program, scenario.before, folder, temporary, sites[0])
            if made.code:
                raise RuntimeError(f"`{scenario.name}` has no old files: {made.text}")
        if scenario.spec:
            (folder / _SPEC).write_bytes(scenario.spec)
        begun = files_of(folder)
        ended = _run(program, scenario.words, folder, temporary, sites[1])
        return Course(scenario, begun, files_of(folder), ended.code, ended.seconds)


def tried(
    known: Course, sent: Sent, sites: tuple[str, str], program: tuple[str, ...]
) -> list[Failure]:
    """What is wrong after a signal, and after the next run.

    Args:
        known: The command.
        sent: The signal, and when it comes.
        sites: The price servers.
        program: What to run.
    """
    scenario = known.scenario
    case = (scenario.name, sent.number, round(sent.share, 4), sent.writing)
    target = f"kill {scenario.name}"
    with _sandbox() as (folder, temporary):
        _put(folder, known.begun)
        share_of_s = 1.0 if sent.writing else known.long_s
        timed = replace(sent, share=sent.share * share_of_s)
        killed = _run(program, scenario.words, folder, temporary, sites[1], timed)
        found = [*_after_signal(killed, sent.number, known)]
        found += ((Bar.HALF, what, "") for what in _halves(files_of(folder), known))
        after = _run(program, scenario.words, folder, temporary, sites[1])
        found += _after_next(after, known, files_of(folder), [*_names(temporary)])
    name = signal.Signals(sent.number).name
    when = (
        f"{sent.share:.3f} s into writing" if sent.writing else f"at {sent.share:.0%} of its time"
    )
    return [
        Failure(bar, target, f"{what} ({name})", case, f"{when}\n{detail}")
        for bar, what, detail in found
    ]


def _after_signal(killed: Ended, number: int, known: Course) -> Iterator[tuple[Bar, str, str]]:
    """What is wrong with how a process ended."""
    if killed.running:
        yield Bar.STRAY, "leaves a process running", killed.text
    if number != signal.SIGINT or killed.code == known.code:
        return
    ours = str(samples.ROOT) in killed.text
    # Before the first line of the program runs, an interruption is Python's own to answer.
    if "Traceback (most recent call last)" in killed.text and ours:
        yield Bar.SIGNAL, "shows a traceback", killed.text
    # A shell reports 130 of what SIGINT ended, too.
    elif killed.code not in (130, -signal.SIGINT) and (ours or "<frozen" not in killed.text):
        yield Bar.SIGNAL, f"ends with {killed.code}", killed.text


def _halves(there: Files, known: Course) -> Iterator[str]:
    """Each file that has neither its old nor its new bytes."""
    for name, content in there.items():
        if name.endswith(BOOKKEEPING) or _ours(name):
            continue
        whole = {known.begun.get(name), known.ended.get(name)} - {None}
        if content not in whole:
            yield f"{name} is neither old nor new"
    for name in known.begun:
        if name not in there and name in known.ended:
            yield f"{name} is gone"


def _ours(name: str) -> bool:
    """Whether a file is of a run that was under way; the next one takes it away."""
    return any(part.startswith(NOT_YET) for part in Path(name).parts)


def _after_next(
    after: Ended, known: Course, there: Files, temporary: list[str]
) -> Iterator[tuple[Bar, str, str]]:
    """What is wrong after the run that follows."""
    init_done = known.scenario.name == "init" and "already exists" in after.text
    fixed = known.scenario.name == "check --fix" and after.code == 0
    if after.code != known.code and not init_done and not fixed:
        yield Bar.NEXT, f"the next run ends with {after.code}, not {known.code}", after.text
        return
    for name in sorted(there.keys() | known.ended.keys()):
        if name not in there:
            yield Bar.NEXT, f"the next run leaves {name} out", after.text
        elif name not in known.ended:
            yield Bar.STRAY, f"leaves {_masked(name)}", after.text
        elif there[name] != known.ended[name]:
            yield Bar.NEXT, f"the next run leaves {name} old", after.text
    for name in temporary:
        yield Bar.STRAY, f"leaves {_masked(name)} in TMPDIR", after.text


def _masked(name: str) -> str:
    """A name without the random end that temporary names have."""
    first = Path(name).parts[0]
    head, dash, _ = first.rpartition("-")
    if dash:
        return f"{head}-..."
    return "tmp..." if first.startswith("tmp") else first


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, and every empty folder as a name that ends in `/`."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.is_file():
            found[name] = path.read_bytes()
        elif not any(path.iterdir()):
            found[f"{name}/"] = b""
    return found


def _names(folder: Path) -> Iterator[str]:
    return (path.name for path in sorted(folder.iterdir()))


def _put(folder: Path, files: Files) -> None:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir(exist_ok=True)
        else:
            path.write_bytes(content)


@contextmanager
def _sandbox() -> Iterator[tuple[Path, Path]]:
    """A folder to work in and one for temporary files."""
    with tempfile.TemporaryDirectory(prefix="assault-kill-") as name:
        folder, temporary = Path(name, "work"), Path(name, "tmp")
        folder.mkdir()
        temporary.mkdir()
        yield folder, temporary


def _run(
    program: tuple[str, ...],
    words: tuple[str, ...],
    folder: Path,
    temporary: Path,
    address: str,
    sent: Sent | None = None,
) -> Ended:
    """A process in a session of its own, with a signal after some seconds.

    SIGKILL hits the process alone, as a machine without memory does; SIGINT hits all that it has
    started, as Ctrl-C does.
    """
    command = [*program, *(word.replace("{site}", address) for word in words)]
    environment = {
        **os.environ,
        "PYTHONPATH": str(samples.ROOT),
        "TMPDIR": str(temporary),
        "NO_COLOR": "1",
    }
    began = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        if sent is None:
            out, _ = process.communicate(timeout=ENOUGH_S)
            return Ended(process.returncode, out.decode(errors="replace"), time.monotonic() - began)
        return _ended_early(process, sent, folder)
    finally:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _ended_early(process: "subprocess.Popen[bytes]", sent: Sent, folder: Path) -> Ended:
    """How a process ends that gets a signal, if it still runs then."""
    began, number = time.monotonic(), sent.number
    if sent.writing:
        _wait_for_change(process, folder)
    try:
        out, _ = process.communicate(timeout=sent.share)
        return Ended(process.returncode, out.decode(errors="replace"), time.monotonic() - began)
    except subprocess.TimeoutExpired:
        pass
    if number == signal.SIGINT:
        os.killpg(process.pid, number)
    else:
        process.kill()
    try:
        out, _ = process.communicate(timeout=GONE_S if number == signal.SIGKILL else ENOUGH_S)
    except subprocess.TimeoutExpired:  # another process holds its output open
        os.killpg(process.pid, signal.SIGKILL)
        out, _ = process.communicate()
        text, long_s = out.decode(errors="replace"), time.monotonic() - began
        return Ended(process.returncode, text, long_s, running=True)
    ended = Ended(process.returncode, out.decode(errors="replace"), time.monotonic() - began)
    return replace(ended, running=_still_runs(process.pid))


def _wait_for_change(process: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Until something is made in a folder, or the process has ended."""
    began, before = time.monotonic(), _stamps(folder)
    while process.poll() is None and _stamps(folder) == before:
        time.sleep(0.0005)
        if time.monotonic() - began > ENOUGH_S:
            return


def _stamps(folder: Path) -> tuple[int, ...]:
    """When entries of a folder and of its `out` were made or removed."""
    return tuple(p.stat().st_mtime_ns for p in (folder, folder / "out") if p.exists())


def _still_runs(group: int) -> bool:
    """Whether a process of a group is there after some patience."""
    for _ in range(int(GONE_S / 0.1)):
        try:
            os.killpg(group, 0)
        except (ProcessLookupError, PermissionError):
            return False
        time.sleep(0.1)
    return True
