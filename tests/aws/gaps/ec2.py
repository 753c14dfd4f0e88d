"""EC2: descriptions of security group rules, routes to endpoints, and subnets that are in use."""

from typing import Any

from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule
from moto.ec2.models.subnets import Subnet, SubnetBackend
from moto.ec2.models.vpcs import VPCBackend
from moto.elasticache.models import elasticache_backends
from moto.elbv2.models import elbv2_backends
from moto.rds.models import rds_backends

from tests.aws.gaps.elasticache import refusals as caches
from tests.aws.gaps.rds import refusals as databases

DESCRIPTION = "Description"
PEERS = slice(6, 8)
"""Where moto names the other group or the prefix list of a new rule."""

_init = SecurityGroupRule.__init__
_modify_endpoint = VPCBackend.modify_vpc_endpoint
_modify = SecurityGroupBackend.modify_security_group_rules
_delete_subnet = SubnetBackend.delete_subnet


def _initialise(self: SecurityGroupRule, *arguments: Any, **named: Any) -> None:
    _init(self, *arguments, **named)
    for peer in arguments[PEERS]:
        if peer and DESCRIPTION in peer:
            # Moto answers with the description of the range, even where there is no range.
            self.ip_range[DESCRIPTION] = peer[DESCRIPTION]


def _modify_security_group_rules(
    self: SecurityGroupBackend, group_id: str, rules: dict[str, dict[str, Any]]
) -> None:
    """Moto takes no other peer but a range of IPv4."""
    _modify(self, group_id, rules)
    group = self.get_security_group_by_name_or_id(group_id)
    for identifier, given in rules.items():
        rule = group.get_rule(identifier) if group else None
        if rule is None:
            continue
        if "PrefixListId" in given:
            rule.prefix_list_id = given["PrefixListId"]
        if "ReferencedGroupId" in given:
            rule.source_group["GroupId"] = given["ReferencedGroupId"]


def _modify_vpc_endpoint(self: VPCBackend, vpc_id: str, **given: Any) -> None:
    """Moto notes the tables, but makes no routes, whose absence fails a deletion later on."""
    (endpoint,) = self.describe_vpc_endpoints(vpc_end_point_ids=[vpc_id])
    prefixes = endpoint.destination_prefix_list_id
    for table in given["add_route_tables"] or ():
        self.create_route(table, None, gateway_id=endpoint.id, destination_prefix_list_id=prefixes)
    for table in given["remove_route_tables"] or ():
        self.delete_route(table, prefixes)
    _modify_endpoint(self, vpc_id, **given)


def _delete_unused_subnet(self: SubnetBackend, subnet_id: str) -> Subnet:
    """Moto deletes what a load balancer, a database or a cache is in.

    Source: https://docs.aws.amazon.com/vpc/latest/userguide/subnet-deleting.html
    """
    place = self.account_id, self.region_name
    balancers = elbv2_backends[place[0]][place[1]].load_balancers.values()
    if (
        any(subnet.id == subnet_id for balancer in balancers for subnet in balancer.subnets)
        or databases.uses_subnet(rds_backends[place[0]][place[1]], subnet_id)
        or caches.uses_subnet(elasticache_backends[place[0]][place[1]], subnet_id)
    ):
        words = f"The subnet '{subnet_id}' has dependencies and cannot be deleted."
        raise EC2ClientError("DependencyViolation", words)
    subnet: Subnet = _delete_subnet(self, subnet_id)
    return subnet


def close() -> None:
    """Keeps what rules and endpoints were given, and the subnets that something is in."""
    SubnetBackend.delete_subnet = _delete_unused_subnet
    VPCBackend.modify_vpc_endpoint = _modify_vpc_endpoint
    SecurityGroupRule.__init__ = _initialise
    SecurityGroupBackend.modify_security_group_rules = _modify_security_group_rules
