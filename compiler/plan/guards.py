"""Which arguments no override may set, since cost, schedule, diagram or security follow them.

A kind answers for its own resources; what blocks of several kinds share stands here.
"""

from collections.abc import Mapping
from typing import TypeAlias

ArgumentPath: TypeAlias = str
"""An argument, a nested one behind dots: `origin.domain_name`; `*` is all but the harmless ones."""
Guarded: TypeAlias = Mapping[ArgumentPath, str]
"""Argument -> what to do instead."""
Guards: TypeAlias = Mapping[str, Guarded]
"""The same by Terraform's types."""

ALL = "*"
HARMLESS = ("tags", "timeouts")
"""What any block may be given."""

REGION = "region"
"""What provider 6 lets almost any block be given: it would be priced and drawn elsewhere."""
ONE_REGION = "set `region` of the spec or of an environment instead"

FORCE_TLS = "rds.force_ssl"
"""The parameter of a database by which it refuses connections without TLS."""

# From this version of PostgreSQL on, RDS refuses them by default.
# Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/PostgreSQL.Concepts.General.SSL.html
TLS_ONLY_FROM = 15

# Advice is for the component that the block belongs to, unless it says otherwise.
LINKS = "links define who may connect: change `uses` or `egress_ports` of a service, or `routes`"
PRIVATE = "it is always private and encrypted"
PERMISSIONS = "permissions are derived from `uses`, `secrets` and `iam.statements` of the services"
NEVER_A_VALUE = (
    "a spec must not contain secret values: set the value with the AWS CLI, or use `generate`"
)
BILLED = "AWS bills for it, but trazo's bill does not include it"
RULES: Guarded = {ALL: LINKS}
"""Of what holds or refers to the rules of a firewall."""


def set_field(*names: str) -> str:
    """Advise to set one of some fields of the component instead.

    >>> set_field("egress.nat", "availability_zones")
    'set `egress.nat` or `availability_zones` of `{component}` instead'
    """
    return "set " + " or ".join(f"`{name}`" for name in names) + " of `{component}` instead"


def field_of(guard: str) -> str:
    """The first field that a guard advises to set, empty where it advises something else.

    >>> field_of(set_field("egress.nat")), field_of("use a component of another kind")
    ('egress.nat', '')
    """
    advised, _, rest = guard.partition("`")
    return rest.partition("`")[0] if advised == "set " else ""


SHARED: Guards = {
    "aws_acm_certificate": {
        "certificate_authority_arn": BILLED,
        "certificate_body": set_field("certificate.arn"),
        "certificate_chain": set_field("certificate.arn"),
        "domain_name": set_field("certificate.names"),
        "options.export": BILLED,
        "private_key": NEVER_A_VALUE,
        "private_key_wo": NEVER_A_VALUE,
        "subject_alternative_names": set_field("certificate.names"),
        "validation_method": "certificates are validated through DNS records",
    },
    "aws_acm_certificate_validation": {ALL: set_field("certificate.names")},
    "aws_cloudwatch_log_group": {
        "log_group_class": "it is priced as the standard class",
        "retention_in_days": set_field("log_retention_days"),
    },
    "aws_secretsmanager_random_password": {ALL: NEVER_A_VALUE},
    "aws_secretsmanager_secret": {
        "policy": PERMISSIONS,
        "replica": BILLED,
    },
    "aws_secretsmanager_secret_version": {
        "secret_binary": NEVER_A_VALUE,
        "secret_id": NEVER_A_VALUE,
        "secret_string": NEVER_A_VALUE,
        "secret_string_wo": NEVER_A_VALUE,
    },
    "aws_security_group": {
        "egress": LINKS,
        "ingress": LINKS,
        "vpc_id": set_field("network"),
    },
    "aws_vpc_security_group_egress_rule": RULES,
    "aws_vpc_security_group_ingress_rule": RULES,
}
"""Of what components of several kinds become."""


def advice(guarded: Guarded, path: tuple[str, ...], *, whole: bool) -> str:
    """What to do instead of setting an argument by override; empty where that is allowed.

    Args:
        guarded: What may not be set of a block, by the guards of its type.
        path: The argument, and the names below it for a nested one.
        whole: Whether all that lies below the path is replaced too.
    """
    if path == (REGION,):
        return ONE_REGION
    if ALL in guarded and path[0] not in HARMLESS:
        return guarded[ALL]
    dotted = ".".join(path)
    below = (guard for guard in guarded if whole and guard.startswith(f"{dotted}."))
    guard = dotted if dotted in guarded else next(below, "")
    return guarded.get(guard, "")
