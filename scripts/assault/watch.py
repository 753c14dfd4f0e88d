"""One call under watch: what it raises, how much CPU it takes, how much memory it adds."""

import resource
import signal
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

MOST_S = 2.0
"""The bar: CPU time of one input, so that a machine under load fails nothing."""
ENDED_S = 5.0
"""When a call is ended that would take far longer, in seconds of CPU."""
# Chosen: `validate` may take 200 MB in all, and it takes about 70 MB for a sound spec.
MOST_GROWTH_MB = 130
_ROOT = Path(__file__).resolve().parents[2]


class TooLong(BaseException):  # no error: it must pass `except Exception`
    """Ends a call that has had its time."""


@dataclass(frozen=True, slots=True)
class Watched:
    """How a call went."""

    cpu_s: float
    growth_mb: int
    """By how much it raised the peak of memory."""
    raised: str = ""
    """What it raised and where, in a line; empty when nothing was."""
    trace: str = ""


def watched(call: Callable[[], object], expected: tuple[type[BaseException], ...]) -> Watched:
    """How a call goes.

    Args:
        call: What to try.
        expected: What it may raise.
    """
    raised, trace, before_mb = "", "", _peak_mb()
    signal.signal(signal.SIGVTALRM, _end)
    began = time.process_time()
    signal.setitimer(signal.ITIMER_VIRTUAL, ENDED_S, 1.0)
    try:
        call()
    except expected:
        pass
    except TooLong:
        trace = traceback.format_exc(limit=-8)
    except BaseException as error:  # whatever it is, it is what we look for
        raised, trace = said(error), traceback.format_exc(limit=-12)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    cpu_s = time.process_time() - began
    growth_mb = _peak_mb() - before_mb
    if growth_mb > MOST_GROWTH_MB // 4:
        _forget_peak()
    return Watched(cpu_s, growth_mb, raised, trace)


def said(error: BaseException) -> str:
    """The type of an error and where in the project it came from."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if f.filename.startswith(str(_ROOT)) and ".venv" not in f.filename]
    ours = [f for f in ours if "scripts" not in Path(f.filename).parts] or ours
    where = f"{Path(ours[-1].filename).relative_to(_ROOT)} in {ours[-1].name}" if ours else "?"
    return f"{type(error).__name__} from {where}"


def _end(_number: int, _frame: FrameType | None) -> None:
    raise TooLong


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _forget_peak() -> None:
    """Lets the peak begin anew, so that one large input does not hide the next."""
    # Source: https://docs.kernel.org/filesystems/proc.html, `clear_refs`
    Path("/proc/self/clear_refs").write_text("5", "ascii")
