"""What the S3 gateway endpoint of a VPC lets through."""

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from compiler.aws.lists import partition
from compiler.aws.names import bucket_name
from compiler.aws.permissions import document, granted
from compiler.aws.registries import layer_bucket
from compiler.graph.graph import Graph, Relation
from compiler.plan.access import PolicyStatement
from compiler.plan.plan import Value
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.iam import Iam
from trazo_spec.components.networking import Networking
from trazo_spec.components.s3 import S3

# What AWS gives an endpoint without a policy; an argument that is left out would stay as it was.
# Source: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
_EVERYTHING: PolicyStatement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
_EVERY_ACTION = "s3:*"


def policy(name: str, network: Networking, graph: Graph) -> Mapping[str, Value]:
    """The policy of a VPC's endpoint: image layers, the buckets of the spec, and what it grants.

    Roles and bucket policies still decide who may do what; the endpoint only decides which buckets
    anybody reaches through it. Its ARNs are written out, so that no bucket is made before it.
    """
    if network.s3_buckets == "any":
        return document((_EVERYTHING,))
    return document(_statements(name, network, graph))


def _statements(name: str, network: Networking, graph: Graph) -> Iterator[PolicyStatement]:
    services = _services(name, graph)
    layers = tuple(_layers(services, graph))
    yield {"Sid": "ImageLayers", **_through(("s3:GetObject",), layers)}
    buckets = tuple(_buckets(network, graph))
    if buckets:
        yield {"Sid": "Buckets", **_through((_EVERY_ACTION,), buckets)}
    for actions, resources in sorted(set(_stated(services, graph))):
        yield _through(actions, resources)


def _services(name: str, graph: Graph) -> Mapping[str, Ecs]:
    inside = {edge.source for edge in graph.edges_to(name, Relation.RUNS_IN)}
    return {service: ecs for service, ecs in graph.of(Ecs) if service in inside}


def _layers(services: Mapping[str, Ecs], graph: Graph) -> Iterator[str]:
    """The objects that images are made of, in the buckets of their registries.

    Presigned links to them are signed by the registry, so no condition names who asks.
    Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
    """
    region = graph.spec.region
    ecr = f"prod-{region}-starport-layer-bucket"
    others = {layer_bucket(service.image, region) for service in services.values()} - {""}
    for bucket in (ecr, *sorted(others)):
        yield f"{_arn(bucket, graph)}/*"


def _buckets(network: Networking, graph: Graph) -> Iterator[str]:
    """Each bucket of the spec, and those that the network lists, with what is in them."""
    own = {bucket_name(graph, name, s3.bucket) for name, s3 in graph.of(S3)}
    for bucket in sorted(own.union(network.s3_buckets)):
        yield _arn(bucket, graph)
        yield f"{_arn(bucket, graph)}/*"


def _arn(bucket: str, graph: Graph) -> str:
    return f"arn:{partition(graph.spec.region)}:s3:::{bucket}"


def _stated(
    services: Mapping[str, Ecs], graph: Graph
) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """What statements of the spec allow in S3: actions and resources."""
    own = [statement for ecs in services.values() for statement in ecs.iam.statements]
    shared = [
        statement
        for iam, component in graph.of(Iam)
        if not services.keys().isdisjoint(granted(iam, graph))
        for statement in component.statements
    ]
    for statement in (*own, *shared):
        actions = tuple(filter(None, map(_s3_action, statement.actions)))
        resources = tuple(filter(_is_s3, statement.resources))
        if statement.effect == "Allow" and actions and resources:
            yield actions, resources


def _s3_action(action: str) -> str:
    """An action as an endpoint of S3 takes it; empty for another service's.

    >>> _s3_action("s3:GetObject"), _s3_action("*"), _s3_action("sqs:SendMessage")
    ('s3:GetObject', 's3:*', '')
    """
    if action == "*":
        return _EVERY_ACTION
    return action if action.startswith("s3:") else ""


def _is_s3(resource: str) -> bool:
    """Whether an ARN may be about S3; in a policy, `*` also stands for colons.

    >>> [_is_s3(r) for r in ("arn:aws:s3:::data/*", "arn:*", "*", "arn:aws:sqs:*:*:jobs")]
    [True, True, True, False]
    """
    service = resource.split(":")[2:3]
    return fnmatchcase("s3", service[0]) if service else "*" in resource


def _through(actions: tuple[str, ...], resources: tuple[str, ...]) -> PolicyStatement:
    return {"Effect": "Allow", "Principal": "*", "Action": actions, "Resource": resources}


def changed_defaults(
    name: str, network: Networking, resources: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """The endpoint let every bucket through until version 1 had a field for it."""
    endpoints = resources.get("aws_vpc_endpoint", {})
    before = endpoints.get(f"{name}_s3", endpoints.get(f"{network.was}_s3", {}))
    if before and "policy" not in before and "s3_buckets" not in network.model_fields_set:
        yield (
            f"the S3 endpoint of `{name}` no longer lets every bucket through, only those of the "
            "spec and of images",
            "list others that tasks use in `s3_buckets`, or write `s3_buckets: any`",
        )
