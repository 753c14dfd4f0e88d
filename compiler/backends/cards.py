"""The card of every component: what its kind answers, else one in *Supporting services*."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from compiler.card import Card, Place, Vpc
from compiler.graph.graph import Graph


@dataclass(frozen=True, slots=True)
class Scene:
    """An environment with the card of each of its components."""

    graph: Graph
    cards: Mapping[str, Card]


def cards_of(graph: Graph) -> Mapping[str, Card]:
    """The card of every component, sorted by kind and name."""
    kinds = sorted((c.kind, name) for name, c in graph.spec.components.items())
    return {name: card(name, graph) for _, name in kinds}


def card(name: str, graph: Graph) -> Card:
    """What a picture says of a component; a kind that gives no answer is shown all the same."""
    component = graph.spec.components[name]
    kind = graph.kind(component)
    answer = kind.card(name, component, graph) or Card(f"{component.kind} {name}")
    return replace(answer, icon=answer.icon or kind.icon)


def placed(cards: Mapping[str, Card], place: Place) -> tuple[str, ...]:
    """The components that stand at a place, in the order of their cards."""
    return tuple(name for name, c in cards.items() if c.place is place)


def vpcs(cards: Mapping[str, Card]) -> Mapping[str, Vpc]:
    """What each VPC has, by the name of its component."""
    return {name: c.vpc for name, c in cards.items() if c.vpc is not None}


def keeps_data(name: str, graph: Graph) -> bool:
    """Whether a part of a graph is a component with which data is lost."""
    return name in graph.spec.components and card(name, graph).keeps_data
