"""The AWS provider's schema of the types that trazo emits, and the check of a plan against it."""

from compiler.provider_schema.schema import (
    ArgumentType,
    Attribute,
    Body,
    Nested,
    argument,
    body,
    provider_version,
    types,
)
from compiler.provider_schema.validation import check
from compiler.provider_schema.validation_codes import CODES

__all__ = [
    "CODES",
    "ArgumentType",
    "Attribute",
    "Body",
    "Nested",
    "argument",
    "body",
    "check",
    "provider_version",
    "types",
]
