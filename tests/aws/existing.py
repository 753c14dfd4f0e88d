"""What a spec says is there already, made in an account before anything is applied."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.aws.account import Account

CLOUDFRONT_REGION = "us-east-1"
ADDRESSES = "10.0.0.0/16"
Replaced = tuple[str, str]
"""An id that a spec names, and the one that the stand-in has made up instead."""


def seeded(text: str, documents: Mapping[str, Mapping[str, Any]], account: Account) -> str:
    """The spec with ids of what was made in the account.

    Args:
        text: A spec.
        documents: Its merged documents by environment, as plain values.
        account: An account in which everything is made once that any environment looks up.
    """
    made: dict[str, str] = {}
    owned = {zone for document in documents.values() for zone in _zones(document, existing=False)}
    for document in documents.values():
        region = document["region"]
        for zone in set(_zones(document, existing=True)) - owned - set(made):
            route53 = account.client("route53", region)
            route53.create_hosted_zone(Name=zone, CallerReference=zone)
            made[zone] = zone
        for component in document["components"].values():
            if _id(component) not in made:
                made |= dict(_made(component, region, account))
    for given, identifier in made.items():
        text = text.replace(given, identifier)
    return text


def _zones(document: Mapping[str, Any], *, existing: bool) -> Iterator[str]:
    for component in document["components"].values():
        if component["kind"] == "dns" and bool(component.get("existing")) == existing:
            yield component.get("zone") or document["domain"]


def _id(component: Mapping[str, Any]) -> str:
    """The id or name by which a spec looks something up; empty where it makes it."""
    match component:
        case {"kind": "networking", "existing": {"vpc": vpc}}:
            return str(vpc)
        case {"certificate": {"arn": arn}}:
            return str(arn)
        case {"kind": "s3", "existing": True, "bucket": bucket}:
            return str(bucket)
        case _:
            return ""


def _made(component: Mapping[str, Any], region: str, account: Account) -> Iterator[Replaced]:
    match component:
        case {"kind": "networking", "existing": existing, "availability_zones": zones}:
            yield from _network(existing, zones, account.client("ec2", region))
        case {"certificate": {"arn": arn}, "hostname": hostname, "kind": kind}:
            place = CLOUDFRONT_REGION if kind == "cloudfront" else region
            answer = account.client("acm", place).request_certificate(
                DomainName=hostname, ValidationMethod="DNS"
            )
            yield arn, answer["CertificateArn"]
        case {"kind": "s3", "existing": True, "bucket": bucket}:
            place = {"CreateBucketConfiguration": {"LocationConstraint": region}}
            elsewhere = region != "us-east-1"
            account.client("s3", region).create_bucket(
                Bucket=bucket, **(place if elsewhere else {})
            )
            yield bucket, bucket


def _network(existing: Mapping[str, Any], zones: Sequence[str], ec2: Any) -> Iterator[Replaced]:
    """A VPC with a subnet of each sort in every zone."""
    name = {"ResourceType": "vpc", "Tags": [{"Key": "Name", "Value": "there-before"}]}
    vpc = ec2.create_vpc(CidrBlock=ADDRESSES, TagSpecifications=[name])["Vpc"]["VpcId"]
    yield existing["vpc"], vpc
    for offset, kind in ((0, "public_subnets"), (100, "private_subnets")):
        for position, (zone, given) in enumerate(zip(zones, existing.get(kind, ()), strict=False)):
            made = ec2.create_subnet(
                VpcId=vpc, AvailabilityZone=zone, CidrBlock=f"10.0.{offset + position}.0/24"
            )
            yield given, made["Subnet"]["SubnetId"]
