"""Rules about the names that resources get in AWS."""

from collections.abc import Iterator

from compiler.aws.names import aws_name, label, short_name
from compiler.aws.permissions import granted
from compiler.aws.routing import target_group
from compiler.components.networking.egress import interface_services
from compiler.graph.graph import Graph, Relation
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.base import Placed
from trazo_spec.components.alb import Alb
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.iam import Iam
from trazo_spec.components.networking import Networking
from trazo_spec.components.rds import Rds
from trazo_spec.components.redis import Redis
from trazo_spec.components.security import Security
from trazo_spec.diagnostics import Severity, SpecPath

LONGEST_ALB_NAME = 32
RESERVED_TARGETS = ("dynamodb", "endpoints", "s3")
"""What a rule of a security group may lead to beside components."""


@rule("TZ455", Severity.ERROR, local=True)
def refused_name(graph: Graph) -> Iterator[Finding]:
    """AWS does not accept the name that a component would get.

    The name is `{environment}-{component}` with `-` for `_`, and `names.prefix` in front. The name
    of a load balancer, database or cache must not end with a hyphen; that of a database or cache
    must not contain two consecutive hyphens.

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
            message = f"`{name}` would be named `{made}` in AWS, but this name {problem}"
            yield Finding(("components", name), message, "choose another name")


def _problem(made: str, component: Alb | Rds | Redis) -> str:
    if made.endswith("-"):
        return "must not end with `-`"
    several = "--" in made and not isinstance(component, Alb)
    return "must not contain two consecutive `-`" if several else ""


@rule("TZ456", Severity.INFO, local=True)
def shortened_name(graph: Graph) -> Iterator[Finding]:
    """A load balancer's name is too long for AWS and is shortened.

    AWS allows 32 characters. The rest is replaced by a short hash that distinguishes long names, so
    the name is not exactly the one that you would look for in the console.

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
                f"`{made}` has {len(made)} characters, but AWS allows {LONGEST_ALB_NAME}: the "
                f"load balancer is named `{short}`"
            )
            yield Finding(
                ("components", name), message, "shorten the component's name to avoid this"
            )


@rule("TZ454", Severity.ERROR, local=True)
def same_address(graph: Graph) -> Iterator[Finding]:
    """Resources of two components would have the same Terraform address.

    Addresses consist of names: the credentials of the database `orders` are `orders_credentials`,
    and the rule that lets a service reach a target is `{service}_to_{target}`. A secret or
    component with such a name conflicts with them.

    ```yaml
    orders: {kind: rds}
    security: {kind: security, secrets: {orders_credentials: {}}}   # bad
    security: {kind: security, secrets: {orders_api_key: {}}}       # good
    ```
    """
    first: dict[str, SpecPath] = {}
    for what, path in _labels(graph):
        if what in first:
            message = f"`{path[-1]}` and `{first[what][-1]}` both create the Terraform {what}"
            yield Finding(path, message, "choose another name for one of them", (first[what],))
        first.setdefault(what, path)


def _labels(graph: Graph) -> Iterator[tuple[str, SpecPath]]:
    """What the parts of components are called where their names are put together."""
    secrets: dict[str, SpecPath] = {}
    for name, c in graph.spec.components.items():
        path: SpecPath = ("components", name)
        match c:
            case Rds():
                yield f"secret `{name}_credentials`", path
                yield f"log group `{name}_postgresql`", path
                yield f"log group `{name}_upgrade`", path
            case Ecs():
                yield f"log group `{name}`", path
                yield from ((what, path) for what in _labels_of_service(name, c))
            case Security():
                for secret in c.secrets:
                    secrets.setdefault(secret, (*path, "secrets", secret))
            case Alb():
                for service in dict.fromkeys(r.to for r in c.routes):
                    yield f"target group `{target_group(name, service)}`", path
            case Iam() if c.statements:
                for service in granted(name, graph):
                    yield f"attachment `{name}_{service}`", path
    yield from _labels_of_groups(graph)
    # A secret that two components declare is TZ311.
    yield from ((f"secret `{secret}`", path) for secret, path in secrets.items())
    for edge in graph.edges:
        if edge.relation is Relation.CONNECTS_TO:
            yield f"rule `{edge.source}_to_{edge.target}`", ("components", edge.target)


def _labels_of_groups(graph: Graph) -> Iterator[tuple[str, SpecPath]]:
    for name, c in graph.spec.components.items():
        if isinstance(c, Placed):
            yield f"security group `{name}`", ("components", name)
        elif isinstance(c, Networking) and interface_services(c) and c.existing is None:
            yield f"security group `{name}_endpoints`", ("components", name)


def _labels_of_service(name: str, service: Ecs) -> Iterator[str]:
    """Those of its scheduled actions, and of the rules that no link brings about."""
    reserved = (*RESERVED_TARGETS, *(f"internet_{p}" for p in dict.fromkeys(service.egress_ports)))
    yield from (f"rule `{name}_to_{target}`" for target in reserved)
    actions = service.scaling.schedule.actions if service.scaling.schedule else ()
    # Two actions of one schedule that are called alike are TZ519.
    yield from (f"action `{name}_{a}`" for a in dict.fromkeys(label(a.name) for a in actions))


RULES: tuple[Rule, ...] = (same_address, refused_name, shortened_name)
