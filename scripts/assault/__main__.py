"""`python scripts/assault`: the whole assault, or the part that options choose."""

import sys
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1]
# The folder of a package that is run stands first in the path, where its modules would go before
# those of others; and the program that is tried is the one beside this script.
sys.path[:1] = [str(SCRIPTS), str(SCRIPTS.parent)]

from assault.program import main  # noqa: E402 # found by the path above

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
