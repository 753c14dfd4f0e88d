#!/usr/bin/env bash
# One would guess: a lone `!` in front of a scalar makes text of it, as YAML 1.2.2 says in section
# 6.9.1 ("non-specific tags"), and a scalar in quotes is text anyway.
# What happens: ruamel.yaml 0.19.1 drops the quotes' meaning behind a lone `!`: `! '5'` is the
# number 5 and `! "true"` is true, with both of its loaders. `!!str 5` is the text `5`.
# Who meets it: whoever keeps an account number or a version as text with the shortest tag there is.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/pip install --quiet ruamel.yaml==0.19.1
cat > read.py <<'PYTHON'
from ruamel.yaml import YAML, __version__

print("ruamel.yaml", __version__)
cases = {"! '5'": 5, '! "true"': True, "! 5": 5, "'5'": "5", "!!str 5": "5"}
for text, expected in cases.items():
    value = YAML(typ="safe", pure=True).load(f"a: {text}")["a"]
    print(f"{text:10} -> {value!r}")
    assert (type(value), value) == (type(expected), expected), text
PYTHON
venv/bin/python read.py
