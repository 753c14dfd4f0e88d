"""The program `trazo`: what takes long to load is started before the rest is loaded."""

import gc
import sys

WRITE_TERRAFORM = ("compile", "build")
WITHOUT_CDKTF = frozenset({"-h", "--help", "hcl", "--format=hcl"})


def main() -> None:
    """Runs the command line, with CDKTF loading at the same time where it will be needed."""
    # A command lives for a second and leaves little to collect: a tenth of its time is saved.
    gc.disable()
    if sys.argv[1:2] and sys.argv[1] in WRITE_TERRAFORM and WITHOUT_CDKTF.isdisjoint(sys.argv):
        from compiler.backends.terraform import early

        early.start()
    from trazo import program

    program.main()
