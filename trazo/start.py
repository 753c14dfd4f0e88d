"""The program `trazo`: what takes long to load is started before the rest is loaded.

Its first line is Ctrl-C, since most of a short run is loading, and an exception amid that shows up
as whatever the package makes of it that was being loaded.
"""

import _signal  # type: ignore[import-not-found] # `signal` itself takes milliseconds to load
import gc
import os
import sys

WRITE_TERRAFORM = ("compile", "build")
WITHOUT_CDKTF = frozenset({"-h", "--help", "hcl", "--format=hcl"})
INTERRUPTED = 130
_STDERR = 2
_SHOW_CURSOR = b"\x1b[?25h"


def _end(_number: int, _frame: object) -> None:
    """Ends the process at once, without its temporary files and with a cursor."""
    staging = sys.modules.get("compiler.backends.staging")
    discard_all = getattr(staging, "discard_all", None)  # None as well while it is being loaded
    if discard_all is not None:
        discard_all()
    if os.isatty(_STDERR):
        os.write(_STDERR, _SHOW_CURSOR)
    os._exit(INTERRUPTED)


# Not where it is ignored, as in the background of a script.
if _signal.getsignal(_signal.SIGINT) is _signal.default_int_handler:
    _signal.signal(_signal.SIGINT, _end)


def main() -> None:
    """Runs the command line, with CDKTF loading at the same time where it will be needed."""
    # A command lives for a second and leaves little to collect: a tenth of its time is saved.
    gc.disable()
    if sys.argv[1:2] and sys.argv[1] in WRITE_TERRAFORM and WITHOUT_CDKTF.isdisjoint(sys.argv):
        from compiler.backends.terraform import early

        early.start()
    from trazo import program

    program.main()
