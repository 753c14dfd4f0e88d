"""Mutation testing: `python scripts/mutation [TARGET ...] [--module PATH] [--survivors] [--page]`.

Plants small mistakes in modules and says which of them no test sees. The last results stay in
`.mutation/`; `--survivors` tries only those again that survived then. Exits with 1 when a mutant
survives whose reason is not in `survivors.toml`.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

os.environ["NUMBA_DISABLE_JIT"] = "1"  # compiled code would not see a mistake put into it
ROOT = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from mutation.results import Results, page, unexplained  # noqa: E402
from mutation.run import run  # noqa: E402
from mutation.targets import TARGETS  # noqa: E402


def main() -> int:
    """Tests the mutants of some targets, each in a process of its own."""
    parser = argparse.ArgumentParser(prog="scripts/mutation", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--module", help="only modules whose path ends so")
    parser.add_argument("--survivors", action="store_true", help="only what survived before")
    parser.add_argument("--sure", action="store_true", help="import every survivor once more")
    parser.add_argument("--page", action="store_true", help="write the page and run nothing")
    chosen = parser.parse_args()
    results = Results(ROOT / ".mutation")
    if chosen.page:
        (ROOT / "tests" / "mutation-survivors.md").write_text(page(ROOT, results), encoding="utf-8")
    elif len(chosen.targets) == 1:
        return run(
            ROOT,
            chosen.targets[0],
            results,
            chosen.module,
            again=chosen.survivors,
            sure=chosen.sure,
        )
    else:
        for name in chosen.targets or TARGETS:
            rest = [a for a in sys.argv[1:] if a not in chosen.targets]
            subprocess.run([sys.executable, str(Path(__file__).parent), name, *rest], check=True)
    left = unexplained(results)
    for mutant in left:
        print(f"{mutant.module}:{mutant.line}: `{mutant.before}` -> `{mutant.after}` survives")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
