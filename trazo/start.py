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
# What each stream of a program that has none is opened for: the opposite of its use, so that it
# fails, but for standard error, on which nothing depends.
_STREAMS = (("stdin", os.O_WRONLY), ("stdout", os.O_RDONLY), ("stderr", os.O_WRONLY))
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


def _open_closed_streams() -> None:
    """Opens the standard streams that are closed, as of `trazo ... >&-`.

    Else a file of ours would get a stream's number, what is printed would vanish without a word,
    and what is said to a closed standard error would land in the result.
    """
    for number, (name, flags) in enumerate(_STREAMS):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, flags)  # the lowest number that is free: the stream's
            os.set_inheritable(descriptor, True)  # noqa: FBT003 - takes no keywords
            if number:
                setattr(sys, name, open(descriptor, "w", encoding="utf-8"))  # noqa: SIM115, PTH123


def main() -> None:
    """Runs the command line, with CDKTF loading at the same time where it will be needed."""
    _open_closed_streams()
    # A command lives for a second and leaves little to collect: a tenth of its time is saved.
    gc.disable()
    if sys.argv[1:2] and sys.argv[1] in WRITE_TERRAFORM and WITHOUT_CDKTF.isdisjoint(sys.argv):
        from compiler.backends.terraform import early

        early.start()
    from trazo import program

    try:
        program.main()
    finally:
        # All is said and written. While Python ends, it would take our handler away, and a run that
        # was already whole would look as if the signal had ended it.
        if _signal.getsignal(_signal.SIGINT) is _end:
            _signal.signal(_signal.SIGINT, _signal.SIG_IGN)
