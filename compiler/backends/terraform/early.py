"""CDKTF, started as soon as a command line shows that it will be needed."""

import atexit
from contextlib import suppress

from compiler.backends.terraform import launch
from compiler.backends.tools import ToolMissing

worker: launch.Worker | None = None
"""The process, until somebody uses it; None where none was started."""


def start() -> None:
    """Starts the process; where a tool is missing, whoever needs it says so in time."""
    global worker  # noqa: PLW0603 # the one process of this program
    with suppress(ToolMissing):
        worker = launch.start()
        atexit.register(worker.stop)
