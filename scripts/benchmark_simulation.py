"""Times the simulation: its kernel against a loop in C, and whole commands with time and memory.

Run it with `python scripts/benchmark_simulation.py`, on a machine with nothing else to do. The loop
in C does the least that a step can be: demand, CPU use, two alarms, one task more or less. Without
a C compiler its row is left out.
"""

import ctypes
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from cost.simulation.kernel import COURSE, OUTCOME, Interruptions, Reaction, Split, simulate

ROOT = Path(__file__).parent.parent
SPEC = ROOT / "specs" / "trazo.yaml"
STEPS, MONTHS, TRIES = 44_640, 100, 5
C_LOOP = """
double loop(const double *demand, long steps, long most, double target) {
    long tasks = 1, above = 0, below = 0;
    double billed = 0.0, excess = 0.0;
    for (long i = 0; i < steps; i++) {
        double use = demand[i] / tasks;
        if (use > 1.0) { excess += demand[i] - tasks; use = 1.0; }
        above = use > target ? above + 1 : 0;
        below = use < 0.9 * target ? below + 1 : 0;
        if (above >= 3 && tasks < most) { tasks++; above = 0; }
        else if (below >= 15 && tasks > 1) { tasks--; below = 0; }
        billed += 60.0 * tasks;
    }
    return billed + excess;
}
"""


def main() -> None:
    """Prints one line for each measurement."""
    demand = demand_of_months()
    ours_ns = nanoseconds_a_step(kernel(demand))
    print(f"kernel                           {ours_ns:7.1f} ns a step")
    compiler = shutil.which("cc")
    if compiler:
        with tempfile.TemporaryDirectory() as folder:
            c_ns = nanoseconds_a_step(c_loop(demand, compiler, Path(folder)))
        print(
            f"minimal loop in C                {c_ns:7.1f} ns a step, kernel x {ours_ns / c_ns:.1f}"
        )
    with tempfile.TemporaryDirectory() as folder:
        first_s, _ = command("cost", "-q", str(SPEC), NUMBA_CACHE_DIR=folder)
        print(f"cost, nothing compiled yet       {first_s:7.2f} s")
        for runs in ((), ("--runs", "500"), ("--runs", "1000"), ("--runs", "2000")):
            print_command(f"cost {' '.join(runs)}", "cost", "-q", str(SPEC), *runs)
        for services in (1, 2, 4):
            spec = Path(folder, f"{services}.yaml")
            spec.write_text(several(services), encoding="utf-8")
            print_command(f"cost, services: {services}", "cost", "-q", str(spec), "--runs", "500")


def print_command(title: str, *arguments: str) -> None:
    """Prints seconds and memory of one of trazo's commands, the median of some runs."""
    found = [command(*arguments) for _ in range(TRIES)]
    seconds, mb = (statistics.median(column) for column in zip(*found, strict=True))
    print(f"{title:32} {seconds:7.2f} s {mb:7.0f} MB")


def command(*arguments: str, **env: str) -> tuple[float, float]:
    """Seconds and the largest memory in MB of one of trazo's commands."""
    begin = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "trazo", *arguments],
        cwd=ROOT,
        env={**os.environ, **env},
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"trazo {' '.join(arguments)} failed")
    return time.perf_counter() - begin, usage.ru_maxrss / 1024


def demand_of_months() -> np.ndarray:
    """Demand in tasks, around one to three, shape (months, steps)."""
    swells = np.random.default_rng(1).standard_normal((MONTHS, STEPS)).cumsum(axis=1) / 100
    return 1.5 + np.sin(swells)


def nanoseconds_a_step(run: Callable[[], object]) -> float:
    """The best of some tries, by the processor's time of this thread."""
    run()
    tries = []
    for _ in range(TRIES):
        begin = time.thread_time()
        run()
        tries.append((time.thread_time() - begin) / MONTHS / STEPS * 1e9)
    return min(tries)


def kernel(demand: np.ndarray) -> Callable[[], object]:
    """The kernel on the demand of all months, on Spot."""
    bounds = np.ones(STEPS, np.int64), np.full(STEPS, 3)
    nothing = np.zeros(0, np.int64)
    luck = Interruptions(
        np.zeros(MONTHS + 1, np.int64), nothing, nothing, nothing, np.zeros(0), nothing
    )
    split = Split(np.zeros(4), np.arange(4.0))
    reaction = Reaction(2, 0, 1, 0.8, 0.72, 3, 15, 3, 1, 5, 60.0, 2, 20.0, 60.0, 30.0, 60.0, 2)

    def run() -> None:
        outcomes, hourly = np.zeros(MONTHS, OUTCOME), np.zeros((STEPS // 60, 2))
        course = np.zeros((0, len(COURSE)), np.int64)
        simulate(*bounds, demand, split, luck, reaction, outcomes, hourly, course)

    return run


def c_loop(demand: np.ndarray, compiler: str, folder: Path) -> Callable[[], object]:
    """The loop in C on the same demand."""
    source, library = folder / "loop.c", folder / "loop.so"
    source.write_text(C_LOOP, encoding="utf-8")
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", source, "-o", library], check=True)
    loop = ctypes.CDLL(str(library)).loop
    loop.restype = ctypes.c_double
    pointer = ctypes.POINTER(ctypes.c_double)
    months = [month.ctypes.data_as(pointer) for month in demand]
    steps, most, target = ctypes.c_long(STEPS), ctypes.c_long(3), ctypes.c_double(0.8)
    return lambda: [loop(month, steps, most, target) for month in months]


def several(services: int) -> str:
    """A spec with so many services on Spot, each with demand of its own."""
    names = [f"web{n}" for n in range(services)]
    components = "".join(
        f"  {name}: {{kind: ecs, image: 'a:1', capacity: {{spot: {{}}}}, "
        "scaling: {min: 1, max: 4}}\n"
        for name in names
    )
    demand = ", ".join(f"{name}: {{peak_requests_per_s: 6, noise: 0.5}}" for name in names)
    return (
        "trazo: 1\nname: several\nregion: us-east-1\nstate: {bucket: several-state}\n"
        f"traffic: {{demand: {{{demand}}}}}\n"
        f"components:\n  network: {{kind: networking}}\n{components}"
    )


if __name__ == "__main__":
    main()
