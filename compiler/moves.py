"""Renamed components: which blocks got another address, so that Terraform destroys none."""

from collections.abc import Callable, Iterable, Mapping

from compiler.graph import Graph, build
from compiler.plan import Block, Moved
from trazo_spec.components import AnyComponent
from trazo_spec.components.alb import Alb
from trazo_spec.components.cloudfront import Cloudfront
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.iam import Iam
from trazo_spec.components.rds import Rds
from trazo_spec.components.redis import Redis
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
        if c.was not in (None, name)
    }
    if not old:
        return ()
    # Names are in lower case, so that no mark is part of one.
    marks = {name: f"RENAMED{i}X" for i, name in enumerate(old)}
    marked = build(renamed(graph.spec, marks), graph.environment)
    addresses = [block.address for block in blocks_of(marked) if block.mode == "managed"]
    before = {marks[name]: was for name, was in old.items() if was is not None}
    after = {mark: name for name, mark in marks.items()}
    pairs = ((_put(before, address), _put(after, address)) for address in addresses)
    return tuple(Moved(source, target) for source, target in sorted(pairs) if source != target)


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
    if isinstance(component, Alb | Ecs | Rds | Redis) and component.network is not None:
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
