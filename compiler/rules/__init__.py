"""Checks of one environment's graph: every rule by its theme."""

from compiler.graph import Graph
from compiler.rules import (
    buckets,
    certificates,
    compute,
    databases,
    declarations,
    dns,
    egress,
    names,
    networking,
    permissions,
    references,
    resilience,
    routes,
    scheduling,
    secrecy,
    traffic,
    zones,
)
from compiler.rules.rule import Rule
from trazo_spec.diagnostics import Diagnostic

RULES: tuple[Rule, ...] = (
    *references.RULES,
    *declarations.RULES,
    *routes.RULES,
    *traffic.RULES,
    *networking.RULES,
    *zones.RULES,
    *egress.RULES,
    *compute.RULES,
    *databases.RULES,
    *buckets.RULES,
    *names.RULES,
    *resilience.RULES,
    *secrecy.RULES,
    *permissions.RULES,
    *certificates.RULES,
    *dns.RULES,
    *scheduling.RULES,
)
"""Every rule about one environment, in the order of their codes."""


def check(graph: Graph) -> tuple[Diagnostic, ...]:
    """Everything that the rules find in one environment."""
    return tuple(found for rule in RULES for found in rule.diagnostics(graph))
