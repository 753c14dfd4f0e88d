"""`docs/reference/diagnostics.md`: every code that a finding may have."""

from collections.abc import Iterator, Sequence
from inspect import cleandoc

from compiler.provider_schema.codes import CODES as PLAN_CODES
from compiler.rules import RULES
from compiler.rules.environments import OWNERSHIPS
from reference import page, table
from trazo_spec.codes import CODES, Code
from trazo_spec.diagnostics import Severity

Entry = tuple[str, Severity, str, str]
"""Code, severity, title, and all else as Markdown."""

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
A finding has a code, a severity and a place in the file. The meaning of a code never changes, and a
code is never used again for something else. An **error** makes a command fail with exit code 1; a
**warning** does so with `--strict`; an **info** never does.

```
specs/shop.yaml:14:15: error TZ301: `web` sends to `apii`, but no component has that name
  help: did you mean `api`?
```

The place is that of the value which is wrong, in the base or in the environment that set it. With
`--json` the same findings come as data, with `code`, `severity`, `message`, `help`, `path`, `at`,
`related` and `environment`; the last one is null when every environment has the finding."""


def write() -> str:
    """The page."""
    found = sorted(entries())
    sections = [_section(prefix, title, found) for prefix, title in GROUPS.items()]
    source = "the rules in `compiler/rules/` and the files `codes.py`"
    return page("Findings", source, INTRO, "## All codes", _index(found), *sections)


def entries() -> Iterator[Entry]:
    """Every code with its severity, title and text."""
    yield from map(_of_code, (*CODES, *PLAN_CODES))
    for rule in RULES:
        yield (rule.code, rule.severity, *_split(rule.doc))
    for ownership in OWNERSHIPS:
        yield (ownership.code, Severity.ERROR, *_split(ownership.doc))


def _of_code(code: Code) -> Entry:
    example = f"\n\n```yaml\n{code.example.strip()}\n```" if code.example else ""
    return code.code, code.severity, code.title, f"{code.why}{example}"


def _split(doc: str) -> tuple[str, str]:
    """The first paragraph of a docstring as one line, and the rest."""
    title, _, rest = cleandoc(doc).partition("\n\n")
    return " ".join(title.split()), rest.strip()


def _index(found: Sequence[Entry]) -> str:
    rows = (
        (f"[{code}](#{code.lower()})", str(severity), title) for code, severity, title, _ in found
    )
    return table(("code", "severity", "what is wrong"), rows)


def _section(prefix: str, title: str, found: Sequence[Entry]) -> str:
    chosen = [_entry(e) for e in found if e[0].startswith(prefix)]
    return "\n\n".join((f"## {prefix}xx: {title}", *chosen)) if chosen else ""


def _entry(entry: Entry) -> str:
    code, severity, title, rest = entry
    return "\n\n".join(filter(None, (f"### {code}", f"**{title}** ({severity})", rest)))
