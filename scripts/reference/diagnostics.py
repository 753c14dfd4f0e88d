"""`docs/reference/diagnostics.md`: every code that a finding may have."""

from collections.abc import Iterable

from compiler.findings.all_codes import CODES, entry
from reference import page, table
from trazo_spec.codes import Code

GROUPS = {
    "TZ1": "Reading the file",
    "TZ2": "Fields",
    "TZ3": "References and the graph",
    "TZ4": "Architecture",
    "TZ5": "Schedules and scaling",
    "TZ6": "Terraform and drawing",
    "TZ7": "Prices and budget",
}

INTRO = """\
A finding has a code, a severity and a position in the file. The meaning of a code never changes,
and codes are never reused. An **error** makes a command fail with exit code 1; a **warning** does
so with `--strict`; an **info** never does.

```
specs/shop.yaml:14:15: error TZ301: `web` sends to `apii`, but no component has that name
  help: did you mean `api`?
```

The position is that of the wrong value, in the base or in the environment that set it. With
`--json`, the same findings are printed as data, with `code`, `severity`, `message`, `help`, `path`,
`at`, `related`, `environment` and `fix`; `environment` is null if all environments have the
finding.

Warnings and infos can be switched off, or changed to errors, in the spec:
[`checks`](../how-to/check-in-ci.md#switch-a-finding-off). So can an error that "can be lifted": it
rests on a dated list of what AWS offers, and AWS may have added something since."""


def write() -> str:
    """The page."""
    sections = [_section(prefix, title) for prefix, title in GROUPS.items()]
    source = "the rules in `compiler/rules/` and the lists of codes"
    return page("Findings", source, INTRO, "## All codes", _index(CODES.values()), *sections)


def _index(codes: Iterable[Code]) -> str:
    rows = ((f"[{c.code}](#{c.code.lower()})", _severity(c), c.title) for c in codes)
    return table(("code", "severity", "what is wrong"), rows)


def _severity(code: Code) -> str:
    return f"{code.severity}, can be lifted" if code.liftable else str(code.severity)


def _section(prefix: str, title: str) -> str:
    chosen = [_entry(c) for c in CODES.values() if c.code.startswith(prefix)]
    return "\n\n".join((f"## {prefix}xx: {title}", *chosen)) if chosen else ""


def _entry(code: Code) -> str:
    head = (f"### {code.code}", f"**{code.title}** ({_severity(code)})")
    return "\n\n".join(filter(None, (*head, entry(code))))
