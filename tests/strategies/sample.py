"""One sample of specs for the whole run with what they become, for laws that only look at that.

`documents.specs()` draws anew for every test and shrinks.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from compiler.graph.graph import Graph
from compiler.kinds import build
from compiler.lower import lower
from compiler.plan.plan import Plan
from tests.strategies.documents import documents
from tests.strategies.words import Document
from tests.strategies.written import as_document, as_spec, dump
from trazo_spec.components import KINDS
from trazo_spec.document import Spec

MORE = 8
"""So many times as many are looked through for a kind that is left out."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A spec and what each of its environments becomes."""

    position: int
    """Which one of the sample it is."""
    spec: Spec
    document: Document
    """The same as plain data, without environments; it is not to be changed."""
    graphs: Mapping[str, Graph]
    plans: Mapping[str, Plan]

    @property
    def first(self) -> str:
        """The first environment, which changes nothing of `document`."""
        return next(iter(self.graphs))

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:
        """Shows the spec as it is written, to be pasted into a file and tried."""
        printer.text(f"\n{dump(self.spec)}")


def compiled() -> st.SearchStrategy[Compiled]:
    """Specs with what they become: as many as the profile asks for, the smallest first."""
    count = settings.default.max_examples
    # By position, for a strategy of the specs themselves would be printed with all of them.
    return st.integers(0, count - 1).map(lambda i: sample(count)[i % len(sample(count))])


@cache
def sample(count: int) -> tuple[Compiled, ...]:
    """Specs with what they become, the same ones in every run, the smallest first.

    A kind that others need, or a kind more, changes what is drawn: whichever is then left out by
    chance takes the place of a small spec.
    """
    drawn = sorted(_drawn(count), key=_length)
    lacking = KINDS.keys() - {kind for document in drawn for kind in _kinds(document)}
    more = sorted(_drawn(MORE * count), key=_length) if lacking else []
    needed = [next(d for d in more if kind in _kinds(d)) for kind in sorted(lacking)]
    drawn = sorted([*needed, *drawn[len(needed) :]], key=_length)
    return tuple(_compiled(i, as_spec(document)) for i, document in enumerate(drawn))


def _kinds(document: Document) -> set[str]:
    return {component["kind"] for component in document["components"].values()}


def _length(document: Document) -> int:
    return len(json.dumps(document))


def _drawn(count: int) -> list[Document]:
    """So many specs as Hypothesis draws them."""
    drawn: list[Document] = []

    @settings(
        max_examples=count,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
        deadline=None,
    )
    @given(documents())
    def collect(document: Document) -> None:
        drawn.append(document)

    collect()
    return drawn


def _compiled(position: int, spec: Spec) -> Compiled:
    graphs = {name: build(one, name) for name, one in merged(spec).items()}
    document = {k: v for k, v in as_document(spec).items() if k != "environments"}
    return Compiled(
        position, spec, document, graphs, {name: lower(graph) for name, graph in graphs.items()}
    )


def merged(spec: Spec) -> dict[str, Spec]:
    """The spec of every environment by RFC 7396, without the reader."""
    document = as_document(spec)
    overlays = document.pop("environments", {}) or {"prod": {}}
    return {name: as_spec(_patched(document, overlay)) for name, overlay in overlays.items()}


def _patched(target: object, patch: object) -> Any:
    """MergePatch of https://www.rfc-editor.org/rfc/rfc7396#section-2, word by word."""
    if not isinstance(patch, dict):
        return patch
    result = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = _patched(result.get(name), value)
    return result
