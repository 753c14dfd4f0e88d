"""Checks of one environment's graph: every rule by its theme."""

from compiler.lower import Environment
from compiler.rules import compute, offers, overrides, resilience, scheduling, traffic
from compiler.rules.access import partitions, permissions, secrecy
from compiler.rules.entry import certificates, dns, routes, sites
from compiler.rules.naming import declarations, limits, names, references
from compiler.rules.network import acls, egress, existing, networking, reached_buckets, zones
from compiler.rules.rule import PlanRule, Rule
from compiler.rules.storage import buckets, databases, windows
from trazo_spec.diagnostics import Diagnostic, Severity

_GRAPH_RULES: tuple[Rule, ...] = (
    *references.RULES,
    *declarations.RULES,
    *routes.RULES,
    *traffic.RULES,
    *networking.RULES,
    *zones.RULES,
    *egress.RULES,
    *existing.RULES,
    *reached_buckets.RULES,
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
    *offers.RULES,
    *partitions.RULES,
    *windows.RULES,
    *sites.RULES,
)

GRAPH_RULES: tuple[Rule, ...] = tuple(sorted(_GRAPH_RULES, key=lambda rule: rule.code))
"""Every rule about the graph of an environment."""

PLAN_RULES: tuple[PlanRule, ...] = (*overrides.RULES, *limits.RULES)
"""Every rule about its plan."""

RULES: tuple[Rule | PlanRule, ...] = tuple(
    sorted((*GRAPH_RULES, *PLAN_RULES), key=lambda rule: rule.code)
)
"""Every rule about one environment, in the order of their codes."""


_LIFTABLE = {rule.code for rule in GRAPH_RULES if rule.liftable}


def check(environment: Environment) -> tuple[Diagnostic, ...]:
    """Everything that the rules find in one environment.

    Only a graph without errors has a plan, and of a plan only what overrides set can be wrong, and
    what a prefix makes longer. What a spec may lift is no reason to have none.
    """
    graph = environment.graph
    findings = [d for rule in GRAPH_RULES for d in rule.diagnostics(graph)]
    if any(d.severity is Severity.ERROR and d.code not in _LIFTABLE for d in findings):
        return tuple(findings)
    if graph.spec.overrides or graph.spec.names.prefix is not None:
        findings += [d for rule in PLAN_RULES for d in rule.diagnostics(environment.plan)]
    if graph.spec.overrides:
        findings += [d for d in environment.refused if d.path[:1] == ("overrides",)]
    return tuple(findings)
