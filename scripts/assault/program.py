"""The command line of the assault: which part of it, how much, and what it printed."""

import argparse
import ast
import os
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from assault import fuzz, injection, kills, memory
from assault.results import Bar, Results, aligned, table
from assault.whole import COMMANDS

ALLOWED: Mapping[Bar, int] = dict.fromkeys(Bar, 0)


def main(words: list[str]) -> int:
    """Runs the assault; 1 when a bar is missed."""
    options = _parser().parse_args(words)
    if options.repeat is not None:
        return repeat(options.repeat)
    results = Results(options.output.resolve())
    for old in results.folder.rglob("*.case"):
        old.unlink()
    began = time.monotonic()
    tried: dict[Bar, str] = {}
    if options.inputs:
        fuzz.fuzz(options.inputs, options.seed, options.jobs, results, _tell)
    fuzzed_s = time.monotonic() - began
    if options.injections:
        injection.inject(options.injections, options.seed, options.jobs, results, _tell)
    if options.memory:
        memory.measure(results, _tell)
    if options.kills:
        kills.kill(options.kills, options.seed, options.jobs, results, _tell)
    tried = _tried_on(results)
    print(f"\nassault of seed {options.seed}, {options.jobs} jobs, {_minutes(began)}")
    if options.inputs:
        rate = options.inputs / max(fuzzed_s, 0.1)
        print(f"fuzzed {rate:,.0f} inputs a second; the mix:\n\n{aligned(fuzz.mix(results))}\n")
    if results.shares:
        print(f"{memory.shares(results)}\n")
    print(table(results, ALLOWED, tried))
    missed = any(results.bars[bar] > most for bar, most in ALLOWED.items())
    if missed:
        print(f"\n{_kinds(results)}\n\nfiles that repeat them: {results.folder}")
    return 1 if missed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="scripts/assault",
        description="Throws hostile inputs at every parser and command, kills commands at random "
        "moments, injects markup into every output, and prints one table; exits with 1 "
        "when a bar is missed. The same seed tries the same inputs.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    parser.add_argument("--inputs", type=int, default=100_000, help="how many to fuzz with")
    parser.add_argument("--kills", type=int, default=60, help="how many processes to kill")
    parser.add_argument(
        "--injections", type=float, default=1.0, help="which part of the matrix to try, 0 to 1"
    )
    parser.add_argument(
        "--memory", action=argparse.BooleanOptionalAction, default=True, help="measure peaks"
    )
    parser.add_argument("--seed", type=int, default=0, help="of all random numbers")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes at a time")
    parser.add_argument(
        "--output",
        type=Path,
        default=Path(tempfile.gettempdir()) / "trazo-assault",
        help="where a file for each kind of failure is kept",
    )
    parser.add_argument("--repeat", type=Path, metavar="CASE", help="try one kept failure again")
    return parser


def repeat(path: Path) -> int:
    """Tries a kept failure again and prints how it goes."""
    name, case = ast.literal_eval(path.read_text("utf-8"))
    if name in fuzz.TARGETS:
        with fuzz.prepared():
            _, failures = fuzz.tried(name, case)
    elif name.startswith("inject"):
        failures = injection.repeated(case)
    elif name.startswith("memory"):
        failures = memory.repeated(case)
    else:
        failures = kills.repeated(case)
    for failure in failures:
        print(f"{failure.bar}: {failure.target}: {failure.what}\n{failure.detail}")
    print("" if failures else "it holds now")
    return 1 if failures else 0


def _tried_on(results: Results) -> dict[Bar, str]:
    inputs = sum(results.tried[name] for name in fuzz.TARGETS)
    commands = sum(results.tried[name] for name in COMMANDS)
    killed, injected = results.tried["kill"], results.tried["inject"]
    return {
        Bar.TRACEBACK: f"{inputs:,} inputs, {injected:,} injections",
        Bar.SLOW: f"{inputs:,} inputs",
        Bar.MEMORY: f"{inputs:,} inputs, {results.tried['memory']:,} processes",
        Bar.HALF: f"{killed:,} kills",
        Bar.STRAY: f"{killed:,} kills",
        Bar.NEXT: f"{killed:,} kills",
        Bar.SIGNAL: f"{results.tried['interrupt']:,} interruptions",
        Bar.INJECTION: f"{injected:,} injections, {commands:,} commands",
    }


def _kinds(results: Results) -> str:
    """Failures that look alike, the most frequent first."""
    rows = [("count", "what", "smallest input")]
    for kind, count in results.kinds.most_common():
        case = ascii(results.smallest[kind].case)
        rows.append((f"{count:,}", kind[:110], case if len(case) <= 70 else f"{case[:67]}..."))
    return aligned(rows)


def _minutes(began: float) -> str:
    whole_s = int(time.monotonic() - began)
    return f"{whole_s // 60} min {whole_s % 60} s"


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
