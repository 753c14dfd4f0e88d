"""EC2: descriptions of security group rules, and routes to endpoints in tables added later."""

from typing import Any

from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule
from moto.ec2.models.vpcs import VPCBackend

DESCRIPTION = "Description"
PEERS = slice(6, 8)
"""Where moto names the other group or the prefix list of a new rule."""

_init = SecurityGroupRule.__init__
_modify_endpoint = VPCBackend.modify_vpc_endpoint
_modify = SecurityGroupBackend.modify_security_group_rules


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


def close() -> None:
    """Gives every rule its description, lets it change its peer, and keeps routes to endpoints."""
    VPCBackend.modify_vpc_endpoint = _modify_vpc_endpoint
    SecurityGroupRule.__init__ = _initialise
    SecurityGroupBackend.modify_security_group_rules = _modify_security_group_rules
