"""How AWS resources are called: `{environment}-{component}`, and what AWS allows."""

import hashlib

from compiler.graph import Graph


def aws_name(graph: Graph, *parts: str) -> str:
    """A name in AWS, such as `prod-alb`; AWS's services take `-` but not all take `_`."""
    kept = (_kept(graph, part) for part in parts)
    return "-".join((graph.environment, *kept)).replace("_", "-")


def short_name(graph: Graph, *parts: str, most: int = 32) -> str:
    """The same, cut to AWS's limit with a hash at the end, so that two long names stay apart."""
    name = aws_name(graph, *parts)
    if len(name) <= most:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{name[: most - 7].rstrip('-')}-{digest}"


def bucket_name(graph: Graph, component: str, given: str | None = None) -> str:
    """A bucket's name, `{project}-{environment}-{component}` unless the spec gives one."""
    kept = _kept(graph, component)
    return given or f"{graph.spec.name}-{graph.environment}-{kept}".replace("_", "-")


def secret_name(graph: Graph, *parts: str) -> str:
    """The name of a secret, `{environment}/{secret}` or `{environment}/{component}/credentials`."""
    return "/".join((graph.environment, *(_kept(graph, part) for part in parts)))


def label(text: str) -> str:
    """A Terraform label from a host name or another name: `*.trazo.io` -> `wildcard_trazo_io`.

    A `-` stays, so that `api-staging.trazo.io` and `api.staging.trazo.io` keep apart.
    """
    plain = text.replace("*", "wildcard").replace(".", "_").replace("/", "_")
    return f"_{plain}" if plain[:1].isdigit() else plain


def _kept(graph: Graph, part: str) -> str:
    """What AWS calls a component: a renamed one keeps its name there, where few can change it."""
    component = graph.spec.components.get(part)
    return component.was if component is not None and component.was else part
