"""EC2: descriptions of security group rules, which moto keeps for ranges of addresses only."""

from typing import Any

from moto.ec2.models.security_groups import SecurityGroupBackend, SecurityGroupRule

DESCRIPTION = "Description"
PEERS = slice(6, 8)
"""Where moto names the other group or the prefix list of a new rule."""

_init = SecurityGroupRule.__init__
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


def close() -> None:
    """Gives every rule its description, and lets a rule change its peer."""
    SecurityGroupRule.__init__ = _initialise
    SecurityGroupBackend.modify_security_group_rules = _modify_security_group_rules
