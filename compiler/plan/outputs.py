"""What a team wants to know after an apply: addresses, names and ARNs."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from compiler.plan.plan import Block, Output, Ref


@dataclass(frozen=True, slots=True)
class _Told:
    """An attribute that is printed for every block of a type."""

    attribute: str
    suffix: str
    """What stands behind the block's label in the output's name; no suffix ends with another."""
    description: str


WHERE_TO_SET_IT = "Where the secret is set or read"

_TOLD: Mapping[str, tuple[_Told, ...]] = {
    "aws_cloudfront_distribution": (
        _Told("domain_name", "domain_name", "CloudFront's own name of the distribution"),
        _Told("id", "distribution_id", "What an invalidation asks for"),
    ),
    "aws_db_instance": (_Told("endpoint", "database_endpoint", "Host and port of the database"),),
    "aws_ecs_cluster": (_Told("name", "cluster_name", "The cluster of all services"),),
    "aws_ecs_service": (_Told("name", "service_name", "What a deployment asks for"),),
    "aws_elasticache_replication_group": (
        _Told("primary_endpoint_address", "cache_endpoint", "Host of the cache"),
    ),
    "aws_lb": (_Told("dns_name", "dns_name", "AWS's own name of the load balancer"),),
    "aws_route53_zone": (
        _Told("name_servers", "name_servers", "What the domain's registrar has to know"),
    ),
    "aws_s3_bucket": (_Told("bucket", "bucket", "The bucket's name"),),
    "aws_secretsmanager_secret": (_Told("arn", "secret_arn", WHERE_TO_SET_IT),),
}


def outputs(blocks: Iterable[Block]) -> Iterator[Output]:
    """The outputs of an environment, in the order of its blocks."""
    for block in blocks:
        if block.mode == "managed":
            for told in _TOLD.get(block.type, ()):
                reference = Ref(block.address, told.attribute)
                yield Output(f"{block.name}_{told.suffix}", reference, told.description)
        if block.body.get("manage_master_user_password"):
            # Called like that of a secret which we make, so that who reads it need not know.
            reference = Ref(block.address, "master_user_secret[0].secret_arn", late=True)
            yield Output(f"{block.name}_credentials_secret_arn", reference, WHERE_TO_SET_IT)
