"""How AWS resources are called: `{environment}-{component}`, and what AWS allows."""

import hashlib

from compiler.graph import Graph


def aws_name(graph: Graph, *parts: str) -> str:
    """A name in AWS, such as `prod-alb`; AWS's services take `-` but not all take `_`."""
    return "-".join((graph.environment, *parts)).replace("_", "-")


def short_name(graph: Graph, *parts: str, most: int = 32) -> str:
    """The same, cut to AWS's limit with a hash at the end, so that two long names stay apart."""
    name = aws_name(graph, *parts)
    if len(name) <= most:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:6]
    return f"{name[: most - 7].rstrip('-')}-{digest}"


def bucket_name(graph: Graph, component: str, given: str | None = None) -> str:
    """A bucket's name, `{project}-{environment}-{component}` unless the spec gives one."""
    return given or f"{graph.spec.name}-{graph.environment}-{component}".replace("_", "-")


def label(text: str) -> str:
    """A Terraform label from a host name or a secret's name: `*.trazo.io` -> `wildcard_trazo_io`."""
    return text.replace("*", "wildcard").replace(".", "_").replace("-", "_").replace("/", "_")
