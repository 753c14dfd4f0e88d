"""The reference entries of codes that are not rules: reading, fields, backends and prices."""

from trazo_spec.codes.code import Code
from trazo_spec.codes.fields import FIELDS
from trazo_spec.codes.later import CHANGES, CLASHES, LOSSES, PRICES, RENAMES
from trazo_spec.codes.plans import PLANS
from trazo_spec.codes.text import CHECKS, READING, SECRETS, TRACES

__all__ = [
    "CHANGES",
    "CHECKS",
    "CLASHES",
    "CODES",
    "FIELDS",
    "LOSSES",
    "PLANS",
    "PRICES",
    "READING",
    "RENAMES",
    "SECRETS",
    "TRACES",
    "Code",
]

CODES: tuple[Code, ...] = (
    *READING,
    *FIELDS,
    *TRACES,
    *CHECKS,
    *SECRETS,
    *LOSSES,
    *CHANGES,
    *RENAMES,
    *CLASHES,
    *PLANS,
    *PRICES,
)
"""Every code that is not a rule, in order."""
