"""Renamed components: which blocks got another address, so that Terraform destroys none."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise, product

from compiler.graph.graph import Graph, Kinds, build, references_of
from compiler.graph.references import with_names
from compiler.plan.plan import Block, Moved
from trazo_spec.components import AnyComponent
from trazo_spec.document import Spec


def moved(graph: Graph, blocks_of: Callable[[Graph], Iterable[Block]]) -> tuple[Moved, ...]:
    """What each block of a renamed component, or named after one, was called before.

    The environment is lowered once more with a mark for each such name. Where the mark stands in
    an address, the name stood: there and nowhere else, even if another name contains it.
    """
    old = {
        name: c.was
        for name, c in sorted(graph.spec.components.items())
        if c.was is not None and c.was != name
    }
    if not old:
        return ()
    # Names are in lower case, so that no mark is part of one.
    marks = {name: f"RENAMED{i}X" for i, name in enumerate(old)}
    marked = build(renamed(graph.spec, marks, graph.kinds), graph.environment, graph.kinds)
    addresses = [block.address for block in blocks_of(marked) if block.mode == "managed"]
    names = {marks[name]: (was, name) for name, was in old.items()}
    steps = (step for address in addresses for step in _steps(address, names))
    return tuple(Moved(source, target) for source, target in sorted(steps))


def _steps(address: str, names: Mapping[str, tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The moves of one block, each from where the one before ends.

    Components are renamed at different times, and `was` stays. A block that is named after two of
    them may stand under any mixture of their names, so the chain leads through all of them.
    Source: https://developer.hashicorp.com/terraform/language/modules/develop/refactoring
    """
    marks = [mark for mark in names if mark in address]
    mixtures = product(*(names[mark] for mark in marks))
    return pairwise(_put(dict(zip(marks, words, strict=True)), address) for words in mixtures)


def _put(texts: Mapping[str, str], address: str) -> str:
    for mark, text in texts.items():
        address = address.replace(mark, text)
    return address


def renamed(spec: Spec, names: Mapping[str, str], kinds: Kinds) -> Spec:
    """The same spec with other names for some components, wherever they are referred to."""
    components = {
        names.get(name, name): _referring(component, names, kinds)
        for name, component in spec.components.items()
    }
    return spec.model_copy(update={"components": components})


def _referring(component: AnyComponent, names: Mapping[str, str], kinds: Kinds) -> AnyComponent:
    """A component that refers to others by their new names."""
    affected = (r for r in references_of(component, kinds) if r.target in names)
    return with_names(component, affected, names.__getitem__)
