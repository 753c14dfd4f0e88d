"""The answers of a kind that says nothing: the plainest ones."""

from compiler.plan.access import Firewall
from trazo_spec.components import AnyComponent


def nothing(*_question: object) -> tuple[()]:
    """None of what is asked for."""
    return ()


def none(_component: object) -> None:
    """No such part."""
    return


def no_card(_name: str, _component: object, _graph: object) -> None:
    """No card of its own."""
    return


def no(_component: object) -> bool:
    """It is not so."""
    return False


def closed(_component: object) -> Firewall:
    """Nothing goes in or out."""
    return Firewall()


def as_it_is(component: AnyComponent, *_question: object) -> AnyComponent:
    """The component as it is written."""
    return component


def no_others(components: dict[str, AnyComponent], _kinds: object) -> dict[str, AnyComponent]:
    """No component beside those that are written."""
    return components
