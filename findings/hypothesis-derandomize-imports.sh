#!/usr/bin/env bash
# One would guess: with `derandomize=True` and no database, a property is tried on the same examples
# in every run, since the seed is made from the test function alone.
# What happens with Hypothesis 6.170: the constants of every local module that is loaded by then are
# mixed into the examples. A module more, which the property never calls, gives it other ones.
# Who meets it: whoever runs laws in several processes (pytest-xdist), where each worker has loaded
# what the tests before happened to import: a law passes alone and fails in the suite, or turns
# with an import that somebody adds elsewhere. Importing all own modules first settles it.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet "hypothesis==6.170.15"
mkdir project
cat > project/prices.py <<'PY'
"""Nothing here is called."""
REGIONS = ("eu-north-1", "ap-south-2", "mx-central-1")
LIMITS = (20481, 77431, 730001)
PY
cat > project/test_law.py <<'PY'
"""The examples of one derandomized property, with or without another module loaded before."""

import sys

if "prices" in sys.argv:
    import prices

from hypothesis import given, settings
from hypothesis import strategies as st

seen = []


@settings(derandomize=True, database=None, max_examples=500)
@given(st.integers(), st.text())
def law(number, text):
    """Takes anything."""
    seen.append((number, text))


law()
regions = ("eu-north-1", "ap-south-2", "mx-central-1")
own = sum(n in (20481, 77431, 730001) or t in regions for n, t in seen)
print(hash(tuple(map(str, seen))), own)
PY
cd project
export PYTHONHASHSEED=0
venv=../venv/bin/python
alone=$($venv test_law.py) again=$($venv test_law.py) loaded=$($venv test_law.py prices)
$venv -c 'import hypothesis; print("hypothesis", hypothesis.__version__)'
echo "hash of the examples, and how many hold a constant of the module"
echo "alone:             $alone"
echo "alone, again:      $again"
echo "with a module:     $loaded"
[ "$alone" = "$again" ]
[ "$alone" != "$loaded" ]
[ "${alone##* }" -eq 0 ]
[ "${loaded##* }" -gt 0 ]
