"""Mutation testing: `python scripts/mutation [TARGET ...] [--module PATH] [--survivors] [--page]`.

Plants small mistakes in modules and says which of them no test sees. The last results stay in
`.mutation/`; `--survivors` tries only what survived then or is new. Exits with 1 when a mutant
survives whose reason is not in `survivors.toml`.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

os.environ["NUMBA_DISABLE_JIT"] = "1"  # compiled code would not see a mistake put into it
ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "tests" / "mutation-survivors.md"
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from mutation.results import Results, page, unexplained  # noqa: E402
from mutation.run import run  # noqa: E402
from mutation.targets import TARGETS  # noqa: E402


def main() -> int:
    """Tests the mutants of some targets, each in a process of its own."""
    parser = argparse.ArgumentParser(prog="scripts/mutation", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--module", help="only modules whose path ends so")
    parser.add_argument("--survivors", action="store_true", help="only what survived or is new")
    parser.add_argument("--page", action="store_true", help="only write the page")
    chosen = parser.parse_args()
    results = Results(ROOT / ".mutation")
    if len(chosen.targets) == 1:
        return run(ROOT, chosen.targets[0], results, chosen.module, again=chosen.survivors)
    options = [argument for argument in sys.argv[1:] if argument not in TARGETS]
    for name in () if chosen.page else chosen.targets or TARGETS:
        command = [sys.executable, str(Path(__file__).parent), name, *options]
        if subprocess.run(command, check=False).returncode:
            return 1
    PAGE.write_text(page(results), encoding="utf-8")
    left = unexplained(results)
    for mutant in left:
        print(f"{mutant.module}:{mutant.line}: `{mutant.before}` -> `{mutant.after}` survives")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
