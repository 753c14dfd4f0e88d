"""Rules about names that lead into another partition of AWS."""

from collections.abc import Iterator

from compiler.aws.lists import dns_suffix, partition
from compiler.aws.registries import registry
from compiler.graph.graph import Graph
from compiler.rules.access.permissions import statements
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.iam import Iam
from trazo_spec.diagnostics import Remedy, Severity, SpecPath


@rule("TZ656", Severity.ERROR, local=True)
def foreign_partition(graph: Graph) -> Iterator[Finding]:
    """An ARN or an image belongs to another partition of AWS than the spec's region.

    The commercial regions, China, AWS GovCloud (US) and others share no accounts. IAM refuses a
    policy with an ARN of another partition, and a task cannot pull an image from there.

    ```yaml
    region: us-gov-west-1
    resources: ["arn:aws:sqs:us-gov-west-1:123456789012:jobs"]          # bad
    resources: ["arn:aws-us-gov:sqs:us-gov-west-1:123456789012:jobs"]   # good
    ```
    """
    region = graph.spec.region
    wanted = partition(region)
    for path, arn in _arns(graph):
        stated = arn.split(":")[1]
        if arn.startswith("arn:") and stated != wanted and "*" not in stated:
            message = f"`{arn}` is in the partition `{stated}`, but `{region}` is in `{wanted}`"
            advice = f"write an ARN that begins with `arn:{wanted}:`"
            yield Finding(path, message, advice, (("region",),))
    for name, service in graph.of(Ecs):
        yield from _image(("components", name, "image"), service.image, region)


def _arns(graph: Graph) -> Iterator[tuple[SpecPath, str]]:
    """Every ARN that a policy or a resource names."""
    for path, _, statement in statements(graph):
        for i, resource in enumerate(statement.resources):
            if ":" in resource:
                yield (*path, "resources", i), resource
    for name, iam in graph.of(Iam):
        if iam.permissions_boundary is not None:
            yield ("components", name, "permissions_boundary"), iam.permissions_boundary
    for name, component in graph.spec.components.items():
        certificate = graph.kind(component).certificate(component)
        if certificate is not None and certificate.arn is not None:
            yield ("components", name, "certificate", "arn"), certificate.arn


def _image(path: SpecPath, image: str, region: str) -> Iterator[Finding]:
    private = registry(image)
    if private is None:
        return
    domain = dns_suffix(private.region)
    if private.domain != domain:
        message = f"the registries in `{private.region}` end in `{domain}`, not `{private.domain}`"
        meant = image.replace(f".{private.domain}/", f".{domain}/", 1)
        yield Finding(path, message, f"write `{meant}`", remedy=Remedy(meant))
    elif partition(private.region) != partition(region):
        message = f"a task in `{region}` cannot pull an image from `{private.region}`"
        yield Finding(path, message, "copy the image to ECR in the spec's region", (("region",),))


RULES: tuple[Rule, ...] = (foreign_partition,)
