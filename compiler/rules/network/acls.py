"""Rules about how many rules a network ACL may have."""

from collections.abc import Iterator

from compiler.components.networking.acl import acl_sizes
from compiler.graph.graph import Graph
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.networking import Networking
from trazo_spec.diagnostics import Severity

# Per direction, the rule included that denies what no other one lets through.
# Source: https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html
QUOTA = 20
MOST_QUOTA = 40
DENIES_THE_REST = 1

WORDS = {"from": "enters", "to": "leaves"}
ADVICE = "let services share ports, or list fewer `egress_ports`"


@rule("TZ431", Severity.WARNING)
def acl_over_quota(graph: Graph) -> Iterator[Finding]:
    """The network ACL of a VPC has more rules than AWS allows by default.

    AWS allows 20 rules in each direction, one of which denies the rest, and up to 40 if you request
    a higher quota; without it, the apply fails. Each port that services listen on, and each of
    their `egress_ports`, requires a rule.

    ```yaml
    egress_ports: [443, 9001, 9002, 9003, ...]   # bad, one after the other up to 9020
    egress_ports: [443, 9001]                    # good
    ```
    """
    request = "or request a higher `Rules per network ACL` quota before you apply"
    for name, where, size in _sizes(graph):
        if QUOTA < size <= MOST_QUOTA:
            message = f"{where} requires {size} network ACL rules, but the AWS quota is {QUOTA}"
            yield Finding(("components", name), message, f"{ADVICE}, {request}")


@rule("TZ432", Severity.ERROR)
def acl_over_most(graph: Graph) -> Iterator[Finding]:
    """The network ACL of a VPC has more rules than AWS can ever allow.

    AWS allows at most 40 rules in each direction, one of which denies the rest, whatever the quota.

    ```yaml
    egress_ports: [443, 9001, 9002, 9003, ...]   # bad, one after the other up to 9040
    egress_ports: [443, 9001]                    # good
    ```
    """
    for name, where, size in _sizes(graph):
        if size > MOST_QUOTA:
            message = (
                f"{where} requires {size} network ACL rules, but AWS allows at most {MOST_QUOTA}"
            )
            yield Finding(("components", name), message, ADVICE)


def _sizes(graph: Graph) -> Iterator[tuple[str, str, int]]:
    """Of each VPC of ours: its name, what takes the most rules, and how many."""
    for name, network in graph.of(Networking):
        sizes = acl_sizes(name, network, graph) if network.existing is None else {}
        if sizes:
            (tier, direction), size = max(sizes.items(), key=lambda entry: (entry[1], entry[0]))
            where = f"what {WORDS[direction]} the {tier} subnets of `{name}`"
            yield name, where, size + DENIES_THE_REST


RULES: tuple[Rule, ...] = (acl_over_quota, acl_over_most)
