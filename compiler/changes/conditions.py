"""When a row of the table of changes counts: what must be true of the two values of an argument."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeAlias

from compiler.changes.edit import ANEW, Body, Edit, blocks, members, number, value, version, yes

Condition: TypeAlias = Callable[[Edit], bool]


# Numbers


def _lower(edit: Edit) -> bool:
    old, new = number(edit.old), number(edit.new)
    return old is not None and new is not None and new < old


def _higher(edit: Edit) -> bool:
    old, new = number(edit.old), number(edit.new)
    return old is not None and new is not None and new > old


def _to_zero(edit: Edit) -> bool:
    return bool(number(edit.old)) and number(edit.new) == 0


def _zero_or_from_zero(edit: Edit) -> bool:
    old, new = number(edit.old), number(edit.new)
    return old is not None and new is not None and (old == 0) != (new == 0)


def _lower_but_not_zero(edit: Edit) -> bool:
    return _lower(edit) and bool(number(edit.new))


def _kept_shorter(edit: Edit) -> bool:
    """Without a number, or with 0, a log group keeps its events forever."""
    old, new = number(edit.old), number(edit.new)
    return bool(new) and (not old or (new or 0) < old)


# Switches


def _turned_on(edit: Edit) -> bool:
    return yes(edit.new) and not yes(edit.old)


def _turned_off(edit: Edit) -> bool:
    return yes(edit.old) and not yes(edit.new)


# Lists


def _member_removed(edit: Edit) -> bool:
    return bool(edit.new) and len(edit.removed) > _made_anew(edit)


def _member_added(edit: Edit) -> bool:
    return bool(edit.added)


def _no_member_kept(edit: Edit) -> bool:
    old, new = members(edit.old), members(edit.new)
    return bool(old) and bool(new) and not old & new


def _subnet_made_anew(edit: Edit) -> bool:
    """Whether one is: a list that is not known yet may only have one more."""
    return bool(edit.old) and _made_anew(edit) > 0


def _made_anew(edit: Edit) -> int:
    """How many members of a list are only known after they have been made again."""
    return sum(member.startswith(ANEW) for member in members(edit.new))


def _fewer_than_two_left(edit: Edit) -> bool:
    return len(members(edit.new)) == 1 and len(members(edit.old)) > 1


# Versions


def _lower_version(edit: Edit) -> bool:
    old, new = _comparable(edit)
    return new < old


def _higher_version(edit: Edit) -> bool:
    old, new = _comparable(edit)
    return new > old


def _comparable(edit: Edit) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Both versions as far as both are written: `16` may be any `16.4`."""
    old, new = version(edit.old), version(edit.new)
    length = min(len(old), len(new))
    return old[:length], new[:length]


def _major_upgrade(edit: Edit) -> bool:
    return version(edit.new)[:1] > version(edit.old)[:1] > ()


def _major_upgrade_not_allowed(edit: Edit) -> bool:
    return _major_upgrade(edit) and not yes(edit.after.get("allow_major_version_upgrade"))


def _minor_upgrade(edit: Edit) -> bool:
    return _higher_version(edit) and not _major_upgrade(edit)


def _minor_version_named(edit: Edit) -> bool:
    old, new = version(edit.old), version(edit.new)
    return 0 < len(old) < len(new) and new[: len(old)] == old


def _minor_version_left_out(edit: Edit) -> bool:
    old, new = version(edit.old), version(edit.new)
    return 0 < len(new) < len(old) and old[: len(new)] == new


def _same_major_version(edit: Edit) -> bool:
    old, new = (version(side.get("engine_version"))[:1] for side in (edit.before, edit.after))
    return old == new


def _major_version_in_window(edit: Edit) -> bool:
    return not _same_major_version(edit) and not yes(edit.after.get("apply_immediately"))


# Databases


def _grows_by_itself(edit: Edit) -> bool:
    return bool(number(edit.after.get("max_allocated_storage")))


def _grows_by_a_tenth(edit: Edit) -> bool:
    return _higher(edit) and not _grows_by_less_than_a_tenth(edit)


def _grows_by_less_than_a_tenth(edit: Edit) -> bool:
    old, new = number(edit.old), number(edit.new)
    return old is not None and new is not None and old * 10 < new * 10 < old * 11


def _limit_removed(edit: Edit) -> bool:
    return bool(number(edit.old)) and not number(edit.new)


def _limit_lowered(edit: Edit) -> bool:
    return _lower_but_not_zero(edit) and not _little_room_to_grow(edit)


def _little_room_to_grow(edit: Edit) -> bool:
    most, size = number(edit.new), number(edit.after.get("allocated_storage"))
    return bool(most) and size is not None and (most or 0) * 10 < size * 11


def _magnetic_disk(edit: Edit) -> bool:
    return "standard" in (edit.old, edit.new)


def _with_standby(edit: Edit) -> bool:
    return yes(edit.before.get("multi_az")) and yes(edit.after.get("multi_az"))


def _parameter_at(edit: Edit, *, reboot: bool) -> bool:
    """Whether a parameter changes, other than the dynamic one that requires TLS."""
    sides = (blocks(edit.before, "parameter"), blocks(edit.after, "parameter"))
    old, new = ({p.get("name"): p for p in side} for side in sides)
    changed = {n for n in {*old, *new} if old.get(n) != new.get(n)} - {"rds.force_ssl"}
    methods = {(new.get(n) or old[n]).get("apply_method") for n in changed}
    return ("pending-reboot" in methods) if reboot else bool(methods - {"pending-reboot"})


# Caches


def _with_failover(edit: Edit) -> bool:
    return all(yes(side.get("automatic_failover_enabled")) for side in (edit.before, edit.after))


def _too_few_for_failover(edit: Edit) -> bool:
    nodes = number(edit.after.get("num_cache_clusters"))
    failover = yes(edit.after.get("automatic_failover_enabled"))
    return failover and nodes is not None and nodes < 2


def _last_replica_in_window(edit: Edit) -> bool:
    ends = yes(edit.before.get("automatic_failover_enabled"))
    return ends and number(edit.new) == 1 and not yes(edit.after.get("apply_immediately"))


def _zones_without_failover(edit: Edit) -> bool:
    zones = yes(edit.after.get("multi_az_enabled"))
    return zones and not yes(edit.after.get("automatic_failover_enabled"))


def _from_valkey(edit: Edit) -> bool:
    return edit.old == "valkey" and edit.new is not None


def _to_valkey(edit: Edit) -> bool:
    return edit.new == "valkey" and edit.old is not None


def _same_version(edit: Edit) -> bool:
    return edit.before.get("engine_version") == edit.after.get("engine_version")


# Encryption in transit can be switched in place from this version on.
# Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/red-ug/in-transit-encryption-enable.html
_SWITCHED_IN_PLACE_FROM = (7, 0, 5)


def _version_below_7_0_5(edit: Edit) -> bool:
    """What runs is the newest patch: a version without one is 7.0.7 or 7.1.0 at AWS."""
    running = version(edit.before.get("engine_version"))
    return () < running < _SWITCHED_IN_PLACE_FROM[: len(running)]


def _required_in_one_step(edit: Edit) -> bool:
    stepwise = edit.after.get("transit_encryption_mode") == "preferred"
    return _turned_on(edit) and not stepwise and not _version_below_7_0_5(edit)


SIZES = ("nano", "micro", "small", "medium", "large", "xlarge")


def _smaller_node(edit: Edit) -> bool:
    """Of one family: the sizes of two families cannot be compared by name."""
    old, new = (str(node).rpartition(".") for node in (edit.old, edit.new))
    return old[0] == new[0] and _size(new[2]) < _size(old[2])


def _size(name: str) -> tuple[int, int]:
    """A size to compare by: `2xlarge` is twice `xlarge`."""
    parts = re.fullmatch(r"(\d*)([a-z]+)", name)
    if parts is None or parts[2] not in SIZES:
        return (0, 0)
    return SIZES.index(parts[2]), int(parts[1] or 1)


# Names and sites


def _proof_of_a_certificate(edit: Edit) -> bool:
    """Whether a record is there for Certificate Manager alone: `_5a1c.shop.example`."""
    names = [str(side.get("name")) for side in (edit.before, edit.after) if side.get("name")]
    proves = ["domain_validation_options" in name or name.startswith("_") for name in names]
    return edit.before.get("type") == "CNAME" and bool(proves) and all(proves)


def _another_origin_or_access(edit: Edit) -> bool:
    """Whether files come from another bucket, or are asked for in the other way."""
    way = "origin.origin_access_control_id"
    old, new = (bool(value(side, way)) for side in (edit.before, edit.after))
    return edit.argument.endswith(".domain_name") or old != new


# Services, load balancers and rules of security groups


def _strategy_from_or_to_none(edit: Edit) -> bool:
    sides = (edit.before, edit.after)
    old, new = (bool(side.get("capacity_provider_strategy")) for side in sides)
    return old != new or not yes(edit.after.get("force_new_deployment"))


def _of_network(edit: Edit) -> bool:
    return edit.after.get("load_balancer_type") == "network"


def _from_or_to_none(edit: Edit) -> bool:
    return bool(edit.old) != bool(edit.new)


PEERS = ("cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id")


def _another_kind_of_peer(edit: Edit) -> bool:
    old, new = ({p for p in PEERS if side.get(p)} for side in (edit.before, edit.after))
    return old != new


# Buckets


def _owner_enforced(edit: Edit) -> bool:
    ownership = "rule.object_ownership"
    old, new = (str(value(side, ownership)) for side in (edit.before, edit.after))
    return new == "BucketOwnerEnforced" != old


def _status_becomes(edit: Edit, status: str, *, was: str | None = None) -> bool:
    """Whether versioning gets a status, from a certain one or from any other."""
    path = "versioning_configuration.status"
    old, new = (str(value(side, path)) for side in (edit.before, edit.after))
    return new == status != old and old == (was or old)


def _objects_expire_sooner(edit: Edit) -> bool:
    """Whether a rule that stands deletes earlier than before, or a new one deletes at all."""
    sides = (blocks(edit.before, "rule"), blocks(edit.after, "rule"))
    old, new = ({rule.get("id"): rule for rule in side if _active(rule)} for side in sides)
    return any(_sooner(old.get(name, {}), rule) for name, rule in new.items())


def _active(rule: Body) -> bool:
    return str(rule.get("status", "Enabled")) == "Enabled"


def _sooner(old: Body, new: Body) -> bool:
    if old and value(old, "filter.prefix") != value(new, "filter.prefix"):
        return _deletes(new)
    return any(_limit(new, path) < _limit(old, path) for path in _LIMITS)


_LIMITS = (
    "expiration.days",
    "noncurrent_version_expiration.noncurrent_days",
    "noncurrent_version_expiration.newer_noncurrent_versions",
)


def _deletes(rule: Body) -> bool:
    return any(_limit(rule, path) < float("inf") for path in _LIMITS)


def _limit(rule: Body, path: str) -> float:
    """After how many days, or behind how many versions, something is deleted; infinite if never."""
    return number(value(rule, path)) or float("inf")


def _both(*conditions: Condition) -> Condition:
    return lambda edit: all(condition(edit) for condition in conditions)


def _not(condition: Condition) -> Condition:
    return lambda edit: not condition(edit)


CONDITIONS: Mapping[str, Condition] = {
    "another_kind_of_peer": _another_kind_of_peer,
    "another_origin_or_access": _another_origin_or_access,
    "disk_shrinks": _both(_lower, _not(_grows_by_itself)),
    "fewer_than_two_left": _fewer_than_two_left,
    "from_valkey": _from_valkey,
    "growing_disk_shrinks": _both(_lower, _grows_by_itself),
    "grows_by_a_tenth": _grows_by_a_tenth,
    "grows_by_less_than_a_tenth": _grows_by_less_than_a_tenth,
    "higher": _higher,
    "higher_version_with_failover": _both(_higher_version, _with_failover),
    "higher_version_without_failover": _both(_higher_version, _not(_with_failover)),
    "kept_shorter": _kept_shorter,
    "last_replica_in_window": _last_replica_in_window,
    "limit_lowered": _limit_lowered,
    "limit_removed": _limit_removed,
    "little_room_to_grow": _little_room_to_grow,
    "lower": _lower,
    "lower_but_not_zero": _lower_but_not_zero,
    "lower_version": _lower_version,
    "magnetic_disk": _magnetic_disk,
    "major_upgrade": _major_upgrade,
    "major_upgrade_not_allowed": _major_upgrade_not_allowed,
    "major_version_in_window": _major_version_in_window,
    "member_added": _member_added,
    "member_removed": _member_removed,
    "minor_upgrade": _minor_upgrade,
    "minor_version_left_out": _minor_version_left_out,
    "minor_version_named": _minor_version_named,
    "network_groups_from_or_to_none": _both(_of_network, _from_or_to_none),
    "network_subnet_removed": _both(_of_network, _member_removed),
    "no_member_kept": _no_member_kept,
    "objects_expire_sooner": _objects_expire_sooner,
    "owner_enforced": _owner_enforced,
    "parameter_at_once": partial(_parameter_at, reboot=False),
    "parameter_at_reboot": partial(_parameter_at, reboot=True),
    "proof_of_a_certificate": _proof_of_a_certificate,
    "required_in_one_step": _required_in_one_step,
    "same_major_version": _same_major_version,
    "smaller_node": _smaller_node,
    "some_subnet_made_anew": _both(_subnet_made_anew, _not(_no_member_kept)),
    "strategy_from_or_to_none": _strategy_from_or_to_none,
    "subnet_made_anew": _subnet_made_anew,
    "to_valkey": _both(_to_valkey, _not(_same_version)),
    "to_valkey_of_same_version": _both(_to_valkey, _same_version),
    "to_zero": _to_zero,
    "too_few_for_failover": _too_few_for_failover,
    "turned_off": _turned_off,
    "turned_on": _turned_on,
    "version_below_7_0_5": _version_below_7_0_5,
    "versioning_disabled": partial(_status_becomes, status="Disabled", was="Enabled"),
    "versioning_enabled": partial(_status_becomes, status="Enabled"),
    "versioning_suspended": partial(_status_becomes, status="Suspended", was="Enabled"),
    "with_failover": _with_failover,
    "with_standby": _with_standby,
    "without_failover": _not(_with_failover),
    "without_standby": _not(_with_standby),
    "zero_or_from_zero": _zero_or_from_zero,
    "zones_without_failover": _zones_without_failover,
}
"""What the column `condition` of `effects.csv` may name."""
