"""Times trazo's commands against what they cannot do without; prints medians and ratios.

Both sides of a row run in turn, as whole processes, so that a machine that slows down slows both.
Run it with `python scripts/benchmark.py [RUNS]`, on a machine with nothing else to do.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
SPEC = str(ROOT / "specs" / "trazo.yaml")
BARE = """
import pydantic, rich.console, typer, typer.main
from pydantic import BaseModel
from ruamel.yaml import YAML
"""
EMPTY_STACK = """
import os, sys
from compiler.backends.terraform.launch import node
os.environ["JSII_NODE"] = node()
import cdktf
app = cdktf.App(outdir=sys.argv[1])
cdktf.LocalBackend(cdktf.TerraformStack(app, "empty"), path="x")
app.synth()
"""


def main() -> None:
    """Prints a row for each command: its median, the other's, difference and ratio."""
    runs = int(sys.argv[1]) if sys.argv[1:] else 7
    with tempfile.TemporaryDirectory() as folder:
        bare = [sys.executable, "-c", BARE]
        empty = [sys.executable, "-c", EMPTY_STACK, f"{folder}/empty"]
        rows = {
            "validate, against bare imports": (trazo("validate", "-q", SPEC), bare),
            "cost, against bare imports": (trazo("cost", "-q", SPEC), bare),
            "diagram svg, against bare imports": (
                trazo("diagram", "-q", SPEC, "-o", f"{folder}/a.svg"),
                bare,
            ),
            "diagram png, against bare imports": (
                trazo("diagram", "-q", SPEC, "-o", f"{folder}/a.png"),
                bare,
            ),
            "diagram svg of 100 services": (
                trazo("diagram", "-q", many_services(folder), "-o", f"{folder}/b.svg"),
                bare,
            ),
            "diagram png of 100 services": (
                trazo("diagram", "-q", many_services(folder), "-o", f"{folder}/b.png"),
                bare,
            ),
            "diagram of two specs, against bare imports": (
                trazo("diagram", "-q", "--diff", SPEC, SPEC, "-o", f"{folder}/c.svg"),
                bare,
            ),
            "diff, against bare imports": (trazo("diff", "-q", SPEC, SPEC), bare),
            "compile, against an empty CDKTF stack": (
                trazo("compile", "-q", SPEC, "-o", f"{folder}/out"),
                empty,
            ),
            "build, against an empty CDKTF stack": (
                trazo("build", "-q", SPEC, "-o", f"{folder}/all"),
                empty,
            ),
        }
        for title, (ours, other) in rows.items():
            a_s, b_s = in_turn(ours, other, runs)
            print(f"{title:44} {a_s:6.2f} s {b_s:6.2f} s {a_s - b_s:+6.2f} s  x {a_s / b_s:.2f}")


def many_services(folder: str) -> str:
    """A spec with 100 services that all use a database and a bucket."""
    head = "trazo: 1\nname: shop\nregion: us-east-2\nstate: {bucket: shop-state}\ncomponents:\n"
    uses = "uses: {database: connect, files: read_write}"
    services = [f"  s{i}: {{kind: ecs, image: 'a/b:1', {uses}}}\n" for i in range(100)]
    path = Path(folder, "many.yaml")
    path.write_text(head + "  database: {kind: rds}\n  files: {kind: s3}\n" + "".join(services))
    return str(path)


def trazo(*arguments: str) -> list[str]:
    """The command line of trazo in this environment."""
    return [sys.executable, "-m", "trazo", *arguments]


def in_turn(ours: list[str], other: list[str], runs: int) -> tuple[float, float]:
    """Median seconds of both, each run right after the other's; one run before does not count."""
    pairs = [(seconds(ours), seconds(other)) for _ in range(runs + 1)][1:]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def seconds(command: list[str]) -> float:
    """How long a process takes, from start to end."""
    env = {**os.environ, "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1"}
    begin = time.perf_counter()
    subprocess.run(command, check=True, cwd=ROOT, env=env, capture_output=True)
    return time.perf_counter() - begin


if __name__ == "__main__":
    main()
