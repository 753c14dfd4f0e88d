"""A Valkey cache: its node is billed by the hour."""

from compiler.components import valkey
from tests.examples import graph_of, month, quantities
from trazo_spec.components.valkey import Valkey

EXAMPLE = {"size": "cache.t4g.small"}


def test_hours_are_billed():
    """By its size."""
    graph = graph_of("cache: {kind: valkey, size: cache.t4g.micro}")
    ((name, component),) = graph.of(Valkey)
    bill = quantities(valkey.meters(name, component, graph), month())

    assert bill == {"valkey_cache_hour:cache.t4g.micro": 720.0}
