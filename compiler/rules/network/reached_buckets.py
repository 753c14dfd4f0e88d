"""Rules about the buckets that a VPC's S3 endpoint lets through."""

import json
from collections.abc import Iterator

from compiler.aws.registries import are_layers_known, host
from compiler.components.networking.s3_endpoint import policy
from compiler.graph.graph import Graph
from compiler.rules.rule import Finding, Rule, rule
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.networking import Networking
from trazo_spec.diagnostics import Severity

# Source: https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-limits-endpoints.html
MOST_CHARACTERS = 20_480


@rule("TZ711", Severity.INFO)
def layers_in_unknown_bucket(graph: Graph) -> Iterator[Finding]:
    """An image may be in a bucket that the VPC's S3 endpoint refuses.

    Many registries redirect requests for image layers to a bucket. If the bucket is in the region
    of the VPC, the request passes the S3 endpoint, which lets only known buckets through: the task
    would not start (`CannotPullContainerError`, 403). trazo knows the buckets of ECR,
    Docker Hub, quay.io and registry.k8s.io, and that ECR Public, GitHub, Google and Microsoft do
    not use S3. For another registry, ask its operator; `s3_buckets: []` says that there is none.

    ```yaml
    network: {kind: networking}                           # bad, with registry.acme.io
    network: {kind: networking, s3_buckets: [acme-oci]}   # good
    ```
    """
    for name, network in graph.of(Networking):
        if network.existing is not None or "s3_buckets" in network.model_fields_set:
            continue
        for service, ecs in graph.of(Ecs):
            if ecs.network == name and not are_layers_known(ecs.image):
                message = (
                    f"if `{host(ecs.image)}` keeps the image of `{service}` in S3, the S3 endpoint "
                    f"of `{name}` refuses it"
                )
                advice = f"list its bucket in `s3_buckets` of `{name}`, or write `[]`"
                related = (("components", name),)
                yield Finding(("components", service, "image"), message, advice, related)


@rule("TZ712", Severity.ERROR)
def endpoint_policy_too_long(graph: Graph) -> Iterator[Finding]:
    """The policy of the S3 endpoint is longer than AWS allows.

    It names each bucket of the spec and of `s3_buckets`, and what statements allow in S3.

    ```yaml
    s3_buckets: [data-0001, data-0002, ...]   # bad, with hundreds of them
    s3_buckets: [data-*]                      # good
    ```
    """
    for name, network in graph.of(Networking):
        if network.existing is not None:
            continue
        characters = len(json.dumps(policy(name, network, graph), separators=(",", ":")))
        if characters > MOST_CHARACTERS:
            message = (
                f"the policy of the S3 endpoint of `{name}` would have {characters:,} characters, "
                f"but AWS allows {MOST_CHARACTERS:,}"
            )
            advice = "use `*` for names that begin alike, or write `s3_buckets: any`"
            yield Finding(("components", name, "s3_buckets"), message, advice)


RULES: tuple[Rule, ...] = (layers_in_unknown_bucket, endpoint_policy_too_long)
