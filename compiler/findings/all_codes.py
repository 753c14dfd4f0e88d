"""Every code that a finding may have, with its entry in the reference."""

from collections.abc import Iterator, Mapping
from inspect import cleandoc

from compiler.provider_schema.validation_codes import CODES as OF_PLANS
from compiler.rules import RULES
from compiler.rules.environments import OWNERSHIPS, UNDELEGATED, undelegated
from trazo_spec.codes import CODES as OF_SPECS
from trazo_spec.codes import Code
from trazo_spec.diagnostics import Severity


def _codes() -> Iterator[Code]:
    yield from (*OF_SPECS, *OF_PLANS)
    for rule in RULES:
        yield _of_doc(rule.code, rule.severity, rule.doc, liftable=rule.liftable)
    for ownership in OWNERSHIPS:
        yield _of_doc(ownership.code, Severity.ERROR, ownership.doc)
    yield _of_doc(UNDELEGATED, Severity.WARNING, undelegated.__doc__ or "")


def _of_doc(code: str, severity: Severity, doc: str, *, liftable: bool = False) -> Code:
    """A code whose entry is a docstring: its first paragraph is the title, in one line."""
    title, _, rest = cleandoc(doc).partition("\n\n")
    return Code(code, " ".join(title.split()), rest.strip(), severity=severity, liftable=liftable)


CODES: Mapping[str, Code] = {c.code: c for c in sorted(_codes(), key=lambda c: c.code)}
"""Code -> its entry, in order."""


def entry(code: Code) -> str:
    """Why a code matters, with its examples, as Markdown."""
    example = f"```yaml\n{code.example.strip()}\n```" if code.example else ""
    return "\n\n".join(filter(None, (code.why, example)))
