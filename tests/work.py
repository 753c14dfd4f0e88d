"""How much work a function does, counted instead of measured, and whether it ends at all."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence

ENOUGH_S = 5
"""Of the processor, for each text: ten times what the slowest takes that ends."""
CHILD = """
import json, resource, sys
from importlib import import_module
module, name, enough_s, texts = json.load(sys.stdin)
function = getattr(import_module(module), name)
function = getattr(function, "__wrapped__", function)  # without what it keeps
_, hard = resource.getrlimit(resource.RLIMIT_CPU)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
for text in texts:
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + enough_s, hard))
    function(text)
    print("ended", flush=True)
"""


def calls(work: Callable[[], object]) -> int:
    """How many functions some work calls, those of C included."""
    count = 0

    def counted(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


def endless(module: str, name: str, texts: Sequence[str]) -> str:
    """The beginning of the first text with which a function does not end, empty for none.

    What a pattern does within one call cannot be counted from outside. So texts are as long as a
    spec may hold them: where everything is tried twice, one takes minutes, and a child that is
    killed then.
    """
    given = json.dumps([module, name, ENOUGH_S, list(texts)])
    child = [sys.executable, "-c", CHILD]
    ran = subprocess.run(child, input=given, capture_output=True, text=True, check=False)
    ended = ran.stdout.count("ended")
    return "" if ended == len(texts) else f"{texts[ended][:40]!r}: {ran.returncode} {ran.stderr}"
