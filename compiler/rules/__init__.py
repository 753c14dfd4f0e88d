"""Checks of one environment's graph: every rule by its theme."""

from compiler.graph.graph import Graph
from compiler.rules import (
    acls,
    buckets,
    certificates,
    compute,
    databases,
    declarations,
    dns,
    egress,
    existing,
    names,
    networking,
    overrides,
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
from trazo_spec.diagnostics import Diagnostic, has_errors

RULES: tuple[Rule, ...] = (
    *references.RULES,
    *declarations.RULES,
    *routes.RULES,
    *traffic.RULES,
    *networking.RULES,
    *zones.RULES,
    *egress.RULES,
    *existing.RULES,
    *compute.RULES,
    *acls.RULES,
    *databases.RULES,
    *buckets.RULES,
    *names.RULES,
    *resilience.RULES,
    *secrecy.RULES,
    *permissions.RULES,
    *certificates.RULES,
    *dns.RULES,
    *scheduling.RULES,
    *overrides.RULES,
)
"""Every rule about one environment, in the order of their codes."""


def check(graph: Graph) -> tuple[Diagnostic, ...]:
    """Everything that the rules find in one environment."""
    found = [d for rule in RULES if not rule.late for d in rule.diagnostics(graph)]
    if not has_errors(found):
        found += [d for rule in RULES if rule.late for d in rule.diagnostics(graph)]
        found += overrides.unfit(graph)
    return tuple(found)
