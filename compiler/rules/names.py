"""Rules about the names that resources get in AWS."""

from collections.abc import Iterator

from compiler.graph import Graph
from compiler.names import aws_name, short_name
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.alb import Alb
from trazo_spec.components.rds import Rds
from trazo_spec.components.redis import Redis
from trazo_spec.diagnostics import Severity

RESERVED_START = "internal-"
"""Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateLoadBalancer.html"""
LONGEST_ALB_NAME = 32


@rule("TZ455", Severity.ERROR, local=True)
def refused_name(graph: Graph) -> Iterator[Finding]:
    """AWS does not take the name that a component would get.

    It is `{environment}-{component}` with `-` for `_`. A load balancer, database or cache may not
    end with a hyphen; a database or cache has no two of them in a row; a load balancer does not
    begin with `internal-`.

    ```yaml
    main__db: {kind: rds}   # bad, prod-main--db
    main_db:  {kind: rds}   # good, prod-main-db
    ```
    """
    for name, c in graph.spec.components.items():
        if not isinstance(c, Alb | Rds | Redis):
            continue
        made = aws_name(graph, name)
        if problem := _problem(made, c):
            message = f"`{name}` would be called `{made}` in AWS, which {problem}"
            yield Finding(("components", name), message, "choose another name")


def _problem(made: str, component: Alb | Rds | Redis) -> str:
    if made.endswith("-"):
        return "may not end with `-`"
    if isinstance(component, Alb):
        return f"may not begin with `{RESERVED_START}`" if made.startswith(RESERVED_START) else ""
    return "may not hold two `-` in a row" if "--" in made else ""


@rule("TZ456", Severity.INFO, local=True)
def shortened_name(graph: Graph) -> Iterator[Finding]:
    """A load balancer's name is too long for AWS and is cut.

    AWS takes 32 characters. The rest is replaced by a few letters that keep two long names apart,
    so the name is not quite the one that you would look for in the console.

    ```yaml
    public_load_balancer_europe: {kind: alb}   # bad, in an environment with a long name
    public: {kind: alb}                        # good
    ```
    """
    for name, _ in graph.of(Alb):
        made = aws_name(graph, name)
        if len(made) > LONGEST_ALB_NAME:
            short = short_name(graph, name, most=LONGEST_ALB_NAME)
            message = (
                f"`{made}` has {len(made)} characters, AWS takes {LONGEST_ALB_NAME}: the load "
                f"balancer is called `{short}`"
            )
            yield Finding(
                ("components", name), message, "a shorter name of the component keeps it whole"
            )


RULES: tuple[Rule, ...] = (refused_name, shortened_name)
