"""How AWS resources are called, what AWS allows, and how blocks refer to buckets and zones."""

import hashlib

from compiler.graph.graph import Graph
from compiler.plan.plan import Ref


def aws_name(graph: Graph, *components: str, role: str = "") -> str:
    """A name in AWS, such as `prod-alb`; AWS's services take `-` but not all take `_`.

    With `names: {prefix: shop}` it is `shop-prod-alb`.

    Args:
        graph: The environment.
        components: The components that it is about.
        role: What it is to them, such as `execution`; never the name of a component.
    """
    kept = (_kept(graph, component) for component in components)
    return "-".join((*_first(graph), *kept, *filter(None, (role,)))).replace("_", "-")


def short_name(graph: Graph, *components: str, role: str = "", most: int = 32) -> str:
    """The same, cut to AWS's limit with a hash at the end, so that two long names stay apart."""
    name = aws_name(graph, *components, role=role)
    if len(name) <= most:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{name[: most - 7].rstrip('-')}-{digest}"


def bucket_name(graph: Graph, component: str, given: str | None = None) -> str:
    """A bucket's name, `{project}-{environment}-{component}` unless the spec gives one.

    It has no prefix: the project tells it apart, and a bucket cannot change its name.
    """
    kept = _kept(graph, component)
    return given or f"{graph.spec.name}-{graph.environment}-{kept}".replace("_", "-")


def secret_name(graph: Graph, secret: str, component: str = "") -> str:
    """The name of a secret, `{environment}/{secret}` or `{environment}/{component}/credentials`."""
    owner = (_kept(graph, component),) if component else ()
    return "/".join((*_first(graph), *owner, secret))


def _first(graph: Graph) -> tuple[str, ...]:
    """What every name begins with: the prefix, where the spec has one, and the environment."""
    prefix = graph.spec.names.prefix
    return (graph.environment,) if prefix is None else (prefix, graph.environment)


def label(text: str) -> str:
    """A Terraform label from a host name or another name: `*.trazo.io` -> `wildcard_trazo_io`.

    A `-` stays, so that `api-staging.trazo.io` and `api.staging.trazo.io` keep apart.
    """
    plain = text.replace("*", "wildcard").replace(".", "_").replace("/", "_")
    return f"_{plain}" if plain[:1].isdigit() else plain


def _kept(graph: Graph, name: str) -> str:
    """What AWS calls a component: a renamed one keeps its name there, where few can change it."""
    component = graph.spec.components.get(name)
    return component.was if component is not None and component.was else name


def zone_address(name: str, graph: Graph) -> str:
    """The Terraform address of a `dns` component's zone."""
    return f"{'data.' if is_existing(name, graph) else ''}aws_route53_zone.{name}"


def zone_id(name: str, graph: Graph) -> Ref:
    """The id of a `dns` component's zone."""
    return Ref(zone_address(name, graph), "zone_id")


def bucket_ref(name: str, attribute: str, graph: Graph) -> Ref:
    """An attribute of an `s3` component's bucket, such as its `arn`."""
    return Ref(f"{'data.' if is_existing(name, graph) else ''}aws_s3_bucket.{name}", attribute)


def policies_of(name: str, graph: Graph) -> tuple[str, ...]:
    """The address of the bucket's policy; none for a bucket whose policy is not ours."""
    return () if is_existing(name, graph) else (f"aws_s3_bucket_policy.{name}",)


def is_existing(name: str, graph: Graph) -> bool:
    """Whether a component is there already and only looked up."""
    component = graph.spec.components.get(name)
    return component is not None and graph.kind(component).existing(component)
