"""Renamed components: which blocks got another address, so that Terraform destroys none."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise, product

from compiler.graph.graph import Graph, build
from compiler.plan.plan import Block, Moved
from trazo_spec.base import Placed
from trazo_spec.components import AnyComponent
from trazo_spec.components.alb import Alb
from trazo_spec.components.cloudfront import Cloudfront
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.iam import Iam
from trazo_spec.components.s3 import S3
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
    marked = build(renamed(graph.spec, marks), graph.environment)
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
    found = [mark for mark in names if mark in address]
    mixtures = product(*(names[mark] for mark in found))
    return pairwise(_put(dict(zip(found, words, strict=True)), address) for words in mixtures)


def _put(texts: Mapping[str, str], address: str) -> str:
    for mark, text in texts.items():
        address = address.replace(mark, text)
    return address


def renamed(spec: Spec, names: Mapping[str, str]) -> Spec:
    """The same spec with other names for some components, wherever they are referred to."""
    components = {
        names.get(name, name): _referring(component, names)
        for name, component in spec.components.items()
    }
    return spec.model_copy(update={"components": components})


def _referring(component: AnyComponent, names: Mapping[str, str]) -> AnyComponent:
    """A component that refers to others by their new names."""

    def new(name: str) -> str:
        return names.get(name, name)

    update: dict[str, object] = {}
    if isinstance(component, Placed) and component.network is not None:
        update["network"] = new(component.network)
    if isinstance(component, Alb | S3) and component.access_logs is not None:
        logs = component.access_logs
        update["access_logs"] = logs.model_copy(update={"bucket": new(logs.bucket)})
    match component:
        case Alb():
            update["routes"] = tuple(
                route.model_copy(update={"to": new(route.to)}) for route in component.routes
            )
        case Cloudfront():
            update["origin"] = new(component.origin)
        case Ecs():
            update["uses"] = {new(target): access for target, access in component.uses.items()}
        case Iam():
            update["services"] = tuple(map(new, component.services))
        case _:
            pass
    return component.model_copy(update=update)
