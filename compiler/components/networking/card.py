"""A VPC in a picture: what others stand in."""

from compiler.card import Card, Place
from compiler.graph.graph import Graph
from trazo_spec.components.networking import Networking


def card(name: str, networking: Networking, _: Graph) -> Card:
    """A VPC with its addresses, or with the id of one that exists already."""
    existing = networking.existing
    which = networking.cidr if existing is None else existing.vpc
    title = "VPC" if existing is None else "Existing VPC"
    return Card(title, Place.FRAME, (f"{name} · {which}",))
