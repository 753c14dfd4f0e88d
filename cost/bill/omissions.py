"""What AWS may bill for an application and no line holds, so that nothing is forgotten."""

from compiler.graph.graph import Graph
from compiler.plan.plan import Omission

ACCOUNT: tuple[Omission, ...] = (
    Omission("tax", "list prices exclude tax"),
    Omission("AWS Support plan", "a percentage of the account's total bill"),
    Omission(
        "AWS Config, CloudTrail, GuardDuty, Security Hub",
        "account-wide services that are not part of a spec",
    ),
    Omission("data to other regions", "the components of a spec do not send data there"),
    Omission("the bucket of Terraform's state", "less than a cent a month"),
)
"""What every application may have."""


def omissions(graph: Graph) -> tuple[Omission, ...]:
    """What is not priced for an environment: of the account, then of each of its kinds, once."""
    kinds = sorted({component.kind for component in graph.spec.components.values()})
    return tuple(dict.fromkeys((*ACCOUNT, *(o for k in kinds for o in graph.kinds[k].unpriced))))
