"""Checks of one environment's graph: every rule by its theme."""

from compiler.lower import Environment
from compiler.rules import compute, overrides, resilience, scheduling, traffic
from compiler.rules.access import permissions, secrecy
from compiler.rules.entry import certificates, dns, routes
from compiler.rules.naming import declarations, names, references
from compiler.rules.network import acls, egress, existing, networking, zones
from compiler.rules.rule import PlanRule, Rule
from compiler.rules.storage import buckets, databases, windows
from trazo_spec.diagnostics import Diagnostic, has_errors

GRAPH_RULES: tuple[Rule, ...] = (
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
    *windows.RULES,
)
"""Every rule about the graph of an environment."""

PLAN_RULES: tuple[PlanRule, ...] = overrides.RULES
"""Every rule about its plan."""

RULES: tuple[Rule | PlanRule, ...] = tuple(
    sorted((*GRAPH_RULES, *PLAN_RULES), key=lambda rule: rule.code)
)
"""Every rule about one environment, in the order of their codes."""


def check(environment: Environment) -> tuple[Diagnostic, ...]:
    """Everything that the rules find in one environment.

    Only a graph without errors has a plan, and of a plan only overrides can be wrong.
    """
    graph = environment.graph
    findings = [d for rule in GRAPH_RULES for d in rule.diagnostics(graph)]
    if graph.spec.overrides and not has_errors(findings):
        findings += [d for rule in PLAN_RULES for d in rule.diagnostics(environment.plan)]
        findings += [d for d in environment.refused if d.path[:1] == ("overrides",)]
    return tuple(findings)
