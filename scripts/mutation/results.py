"""What became of mutants, why some may survive, and the page that says so."""

import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from platform import python_version

from mutation.mutants import Key, Mutant
from mutation.targets import TARGETS
from mutation.warm import SURVIVED, TIMEOUT, Verdict

HOW = (
    "A mutant is a module with one small mistake: `<=` for `<`, `or` for `and`, 8 for 7. It is",
    "killed when a test fails or takes too long, and it survives when all tests pass. The mistakes",
    "are those of [cosmic-ray](https://cosmic-ray.readthedocs.io/), and two of our own: `any` for",
    "`all` and `max` for `min`, and a letter more in the texts of policies and security groups.",
    "`scripts/mutation/mutants.py` has the list. Left out are arithmetic that no value survives",
    "(`+` as `<<`), `is` for `==`, and what stands in annotations and decorators, which would only",
    "raise the score; other exceptions in `except`, where cosmic-ray stops at a tuple; and",
    "variables in each other's place, since cosmic-ray has to be told which.",
    "",
    "The kernel runs uncompiled here, or it would never see a mistake. Which tests are meant to",
    "hold which modules stands in `scripts/mutation/targets.py`. Most survivors are the same",
    "program: their reason says why. `make mutation` fails when one survives whose reason is not",
    "in `scripts/mutation/survivors.toml`.",
)
REASONS = Path(__file__).with_name("survivors.toml")


@dataclass(frozen=True, slots=True)
class Result:
    """A mutant and what became of it."""

    module: str
    operator: str
    line: int
    before: str
    after: str
    number: int
    outcome: str
    cpu_s: float

    @classmethod
    def of(cls, mutant: Mutant, verdict: Verdict) -> "Result":
        """The result of a mutant."""
        where = mutant.module, mutant.operator, mutant.line
        return cls(
            *where,
            mutant.before,
            mutant.after,
            mutant.number,
            verdict.outcome,
            round(verdict.cpu_s, 3),
        )

    @property
    def key(self) -> Key:
        """What names its mutant."""
        return self.module, self.operator, self.before, self.after, self.number


@dataclass(frozen=True, slots=True)
class Results:
    """The last results of every target, in a folder."""

    folder: Path

    def of(self, target: str) -> list[Result]:
        """A target's last results."""
        file = self.folder / f"{target}.json"
        if not file.exists():
            return []
        return [Result(**row) for row in json.loads(file.read_text(encoding="utf-8"))]

    def keep(self, target: str, found: Sequence[Result]) -> None:
        """Replaces a target's results."""
        self.folder.mkdir(exist_ok=True)
        rows = [asdict(r) for r in sorted(found, key=lambda r: (r.module, r.line, r.after))]
        text = json.dumps(rows, indent=1)
        (self.folder / f"{target}.json").write_text(text, encoding="utf-8")

    def all(self) -> Iterator[Result]:
        """Every target's."""
        for target in TARGETS:
            yield from self.of(target)


def reasons() -> dict[tuple[str, str, str], str]:
    """(module, line, line with the mistake) -> why it may survive."""
    rows = tomllib.loads(REASONS.read_text(encoding="utf-8"))["survivor"]
    return {
        (row["module"], row["before"], after): row["reason"]
        for row in rows
        for after in ([row["after"]] if isinstance(row["after"], str) else row["after"])
    }


def unexplained(results: Results) -> list[Result]:
    """The survivors without a reason."""
    known = reasons()
    survivors = (r for r in results.all() if r.outcome == SURVIVED)
    return [r for r in survivors if (r.module, r.before, r.after) not in known]


def page(results: Results) -> str:
    """The score of every module and the reason of every survivor, in Markdown."""
    found = list(results.all())
    today = datetime.now(UTC).date()
    lines = [
        "# Mutation testing",
        "",
        f"Written by `make mutation` on {today}, with cosmic-ray {version('cosmic-ray')} and "
        f"Python {python_version()}.",
        "",
        *HOW,
        "",
        "| Module | Mutants | Killed | By time | Survived | Score |",
        "|---|--:|--:|--:|--:|--:|",
        *(
            _row(f"`{m}`", [r for r in found if r.module == m])
            for m in sorted({r.module for r in found})
        ),
        _row("all", found),
        "",
        "## Survivors",
        "",
        "| Module | Line | With the mistake | Why |",
        "|---|---|---|---|",
        *_survivors(found),
    ]
    return "\n".join(lines) + "\n"


def _row(name: str, found: Sequence[Result]) -> str:
    survived = sum(r.outcome == SURVIVED for r in found)
    slow = sum(r.outcome == TIMEOUT for r in found)
    killed, score = len(found) - survived - slow, 100 * (1 - survived / len(found))
    return f"| {name} | {len(found)} | {killed} | {slow} | {survived} | {score:.1f} % |"


def _survivors(found: Sequence[Result]) -> Iterator[str]:
    known = reasons()
    for r in found:
        if r.outcome == SURVIVED:
            why = known.get((r.module, r.before, r.after), "")
            yield f"| `{r.module}` | {_code(r.before)} | {_code(r.after)} | {why} |"


def _code(text: str) -> str:
    return f"`{text}`".replace("|", "\\|")
