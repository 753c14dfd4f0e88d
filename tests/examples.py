"""Small specs as tests write them: components in YAML, the rest filled in."""

from collections.abc import Iterable
from textwrap import dedent, indent
from typing import Any

from compiler.graph.graph import Graph
from compiler.kinds import build
from compiler.plan.plan import Block, Load, Meter
from trazo_spec.diagnostics import has_errors
from trazo_spec.load import load

HEAD = """\
trazo: 1
name: shop
region: us-east-2
domain: example.com
state: {bucket: shop-terraform-state}
components:
"""

SHOP = """\
network: {kind: networking}
alb: {kind: alb, hostname: shop.example.com, certificate: {names: [shop.example.com]},
  routes: [{to: web}]}
zone: {kind: dns, zone: example.com}
web:
  kind: ecs
  image: example/web:1
  port: 8080
"""
"""Components of a shop; its service goes on below, with fields of its own."""


def graph_of(components: str, head: str = HEAD, environment: str = "prod") -> Graph:
    """The graph of a spec with these components."""
    loaded = load(head + indent(dedent(components), "  "))
    assert not has_errors(loaded.diagnostics), loaded.diagnostics
    return build(loaded.environments["prod"], environment)


def by_address(blocks: Iterable[Block]) -> dict[str, Block]:
    """Blocks by their Terraform address; two of one address fail."""
    found: dict[str, Block] = {}
    for block in blocks:
        assert block.address not in found, block.address
        found[block.address] = block
    return found


def of_type(blocks: Iterable[Block], kind: str) -> dict[str, Block]:
    """The blocks of one type by their labels."""
    return {block.name: block for block in blocks if block.type == kind}


def quantities(meters: Iterable[Meter], load: Load) -> dict[str, float]:
    """What every meter counts under a load, by item."""
    found: dict[str, float] = {}
    for meter in meters:
        assert meter.item not in found, meter.item
        found[meter.item] = meter.quantity(load)
    return found


def month(usage: dict[str, float] | None = None, **load: Any) -> Load:
    """A month of 720 hours."""
    return Load(hours=720.0, months=1.0, usage=usage or {}, **load)
