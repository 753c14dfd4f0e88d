"""Ctrl-C in a terminal: what a real process prints and writes, and how it ends."""

import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRAZO = str(ROOT / "specs" / "trazo.yaml")
ENDLESS = ("--runs", "100000", "--month", "2026-12")
UNDER_WAY = rb"\d,\d{3} of 100,000 months simulated"
"""Far behind the first months, after which the program works out how many more it needs."""
ENOUGH_S = 240.0
"""After so long without what is waited for, something hangs."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process in a terminal ended."""

    code: int
    shown: str
    """What the terminal got, without colours."""


def interrupted(folder: Path, *words: str, after: bytes) -> Ended:
    """A command in a terminal of its own, and Ctrl-C once it has said something."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "trazo", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "120", "TERM": "xterm"}
    process = subprocess.Popen(
        command,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env=environment,
        start_new_session=True,
    )
    os.close(theirs)
    try:
        shown = _read(ours, process, after)
        return Ended(process.wait(ENOUGH_S), re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode()))
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _read(terminal: int, process: subprocess.Popen, after: bytes) -> bytes:
    """All that the process writes; sends the signal when it has written some words."""
    shown, sent, since = b"", False, time.monotonic()
    while time.monotonic() - since < ENOUGH_S:
        if not select.select([terminal], [], [], 0.2)[0]:
            continue
        try:
            part = os.read(terminal, 65536)
        except OSError:  # how Linux says that the other end of a terminal is closed
            return shown
        if not part:
            return shown
        shown += part
        if not sent and re.search(after, shown):
            os.killpg(process.pid, signal.SIGINT)
            sent, since = True, time.monotonic()
    pytest.fail(f"still running: {shown.decode()}")


def test_ctrl_c_prints_what_is_simulated_and_ends_with_130(tmp_path):
    """A long run is never lost, and a script that calls it knows that it was cut."""
    ended = interrupted(tmp_path, "cost", TRAZO, *ENDLESS, after=UNDER_WAY)
    (done,) = re.findall(r"stopped: `prod` from ([\d,]+) of 100,000 months", ended.shown)

    assert ended.code == 130
    assert f"Of {done} simulated months" in ended.shown
    assert "Mon " in ended.shown


def test_ctrl_c_ends_the_environments_that_follow_too(tmp_path):
    """Whoever stops it does not want to wait for staging."""
    ended = interrupted(tmp_path, "cost", TRAZO, "--all", *ENDLESS, after=UNDER_WAY)

    assert (ended.code, "stopped before `staging`" in ended.shown) == (130, True)


@pytest.mark.parametrize("command", ["report", "build"])
def test_ctrl_c_leaves_no_file(tmp_path, command):
    """What is written is whole, from all months that were asked for."""
    ended = interrupted(tmp_path, command, TRAZO, *ENDLESS, after=UNDER_WAY)

    assert (ended.code, "nothing was written" in ended.shown) == (130, True)
    assert list(tmp_path.iterdir()) == []


def test_ctrl_c_before_the_first_month_ends_quietly(tmp_path):
    """There is nothing to show, and no traceback to read."""
    first = [sys.executable, "-m", "trazo", "cost", TRAZO, "--runs", "1"]
    subprocess.run(first, cwd=ROOT, check=True, capture_output=True)  # compiles the simulation
    ended = interrupted(tmp_path, "cost", TRAZO, *ENDLESS, after=rb"simulating")

    assert ended.code == 130
    assert "Traceback" not in ended.shown


def test_what_is_shown_while_it_runs_says_how_far_it_is(tmp_path):
    """A long run without a sign of life is taken for a hang."""
    ended = interrupted(tmp_path, "cost", TRAZO, *ENDLESS, after=UNDER_WAY)

    assert re.search(r"prod: [\d,]+ of 100,000 months simulated", ended.shown)
