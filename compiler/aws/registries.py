"""Registries, as the name of an image tells them: private ones of ECR, and where layers are."""

import re
from dataclasses import dataclass

from compiler.aws.lists import dns_suffixes, partition

_IMAGE = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.(?P<domain>[a-z][a-z0-9.-]*)/"
    r"(?P<repository>[a-z0-9._/-]+)(?:[:@].*)?"
)


@dataclass(frozen=True, slots=True)
class Registry:
    """Where a private image is."""

    account: str
    region: str
    domain: str
    """What the host ends in, such as `amazonaws.com`."""
    repository: str

    @property
    def arn(self) -> str:
        """The ARN of the repository."""
        place = f"{partition(self.region)}:ecr:{self.region}:{self.account}"
        return f"arn:{place}:repository/{self.repository}"


def registry(image: str) -> Registry | None:
    """The registry of an image in ECR, through its FIPS endpoint or not; None for any other image.

    >>> registry("123456789012.dkr.ecr.us-east-2.amazonaws.com/shop/web:7").repository
    'shop/web'
    """
    match = _IMAGE.fullmatch(image)
    if match is None or match["domain"] not in dns_suffixes():
        return None
    return Registry(match["account"], match["region"], match["domain"], match["repository"])


# Buckets from which registries outside AWS's own serve layers to machines in AWS. Docker Hub has
# more than one, and `*` is what whoever runs behind an endpoint lets through. Sources:
# https://jfrog.com/help/r/what-should-we-whitelist-for-artifactory-when-our-docker-registry-is-behind-firewalls-and-proxy-servers
# https://docs.redhat.com/en/documentation/openshift_container_platform/4.16/html/installation_configuration/configuring-firewall
# https://github.com/kubernetes/registry.k8s.io/blob/main/cmd/archeio/internal/app/buckets.go
_LAYERS = {
    "docker.io": "docker-images-prod*",
    "quay.io": "quayio-production-s3",
    "registry.k8s.io": "prod-registry-k8s-io-{region}",
}
# Registries that serve layers from networks of their own, none of which is S3. Sources:
# https://docs.aws.amazon.com/AmazonECR/latest/public/public-registries.html
# https://docs.github.com/en/rest/meta/meta
# https://cloud.google.com/artifact-registry/docs/transition/gcr-repositories
# https://learn.microsoft.com/en-us/azure/container-registry/container-registry-firewall-access-rules
_ELSEWHERE = re.compile(
    r"public\.ecr\.aws|ghcr\.io|(.+\.)?gcr\.io|.+\.pkg\.dev|.+\.azurecr\.io|mcr\.microsoft\.com"
)


def host(image: str) -> str:
    """The host of an image's registry.

    >>> host("nginx:1.29"), host("bitnami/redis"), host("registry.acme.io:5000/shop/web")
    ('docker.io', 'docker.io', 'registry.acme.io:5000')
    """
    first, slash, _ = image.partition("/")
    return first if slash and (set(first) & set(".:") or first == "localhost") else "docker.io"


def layer_bucket(image: str, region: str) -> str:
    """The bucket of a region that may hold the layers of an image outside ECR; empty for none.

    >>> layer_bucket("nginx:1.29", "us-east-2"), layer_bucket("ghcr.io/acme/web:7", "us-east-2")
    ('docker-images-prod*', '')
    """
    outside = partition(region) != "aws"
    return "" if outside else _LAYERS.get(host(image), "").format(region=region)


def are_layers_known(image: str) -> bool:
    """Whether it is known where the layers of an image are."""
    place = host(image)
    return bool(registry(image) or place in _LAYERS or _ELSEWHERE.fullmatch(place))
