"""The reference entries of what the check of a plan finds."""

from trazo_spec.codes import Code
from trazo_spec.diagnostics import Severity

# Whoever meets one of these has written an override, or met a mistake of trazo.
_OVERRIDE = "trazo checks the provider's schema before Terraform runs."

CODES: tuple[Code, ...] = (
    Code(
        "TZ601",
        "A block has a type that the copy of the provider's schema does not have.",
        "Only trazo's own code names types, and `scripts/update_provider_schema.py` copies what "
        "the provider says of them.",
    ),
    Code(
        "TZ602",
        "A block has an argument that its type does not have.",
        _OVERRIDE,
        "overrides: {aws_lb.alb: {idle_timeot: 120}}    # bad\n"
        "overrides: {aws_lb.alb: {idle_timeout: 120}}   # good\n",
    ),
    Code(
        "TZ603",
        "An argument is set that only AWS can set.",
        "Other blocks can read it, but Terraform rejects a configuration that sets it.",
        "overrides: {aws_lb.alb: {dns_name: api.example.com}}   # bad\n",
    ),
    Code("TZ604", "A required argument or nested block is missing.", _OVERRIDE),
    Code(
        "TZ605",
        "An argument has a value of the wrong type.",
        _OVERRIDE,
        "overrides: {aws_lb.alb: {idle_timeout: soon}}   # bad\n"
        "overrides: {aws_lb.alb: {idle_timeout: 120}}    # good\n",
    ),
    Code(
        "TZ606",
        "A nested block has a value that is not a block.",
        "A nested block is a mapping, or a list of mappings if it occurs several times.",
        "overrides: {aws_lb.alb: {access_logs: true}}              # bad\n"
        "overrides: {aws_lb.alb: {access_logs: {enabled: true}}}   # good\n",
    ),
    Code("TZ607", "A nested block occurs too often or not often enough.", _OVERRIDE),
    Code(
        "TZ608",
        "A reference points to a block that does not exist.",
        "Terraform would reject the configuration, because every referenced address must be "
        "declared.",
    ),
    Code("TZ609", "A reference reads an attribute that its target does not have.", _OVERRIDE),
    Code(
        "TZ610",
        "A block depends on a block that does not exist.",
        "`depends_on` must contain addresses of other blocks in the same environment.",
    ),
    Code(
        "TZ611",
        "Two blocks have the same address.",
        "CDKTF would silently merge them into one, and part of them would be lost.",
    ),
    Code(
        "TZ612",
        "`lifecycle` names something that does not exist.",
        "Terraform rejects unknown `lifecycle` settings, and an argument in `ignore_changes` "
        "that the type does not have does not protect anything.",
    ),
    Code(
        "TZ613",
        "A name is not a valid Terraform identifier.",
        "An identifier begins with a letter or `_` and contains letters, digits, `_` and `-`.",
    ),
    Code(
        "TZ614",
        "A block uses a provider that is not configured.",
        "Every alias must be configured in addition to the default provider, with its own region.",
    ),
    Code(
        "TZ615",
        "An argument is deprecated.",
        "It works with this version of the provider but will be removed in a later one.",
        severity=Severity.WARNING,
    ),
    Code(
        "TZ616",
        "An ephemeral value is used where it would be stored.",
        "Values from an ephemeral block may be used only in write-only arguments, which are not "
        "stored in the state.",
    ),
    Code(
        "TZ617",
        "Blocks reference each other in a cycle.",
        "Terraform could not create any of them first.",
    ),
    Code(
        "TZ618",
        "A `moved` block starts at a block that still exists, or points to one that does not.",
        "`moved` tells Terraform the new address of a resource that it knows under an old one.",
    ),
    Code(
        "TZ619",
        "An output would print a sensitive value.",
        "Terraform rejects such outputs, because the output of an apply ends up in logs.",
    ),
    Code(
        "TZ710",
        "An override uses an argument that only the other version of the AWS provider has.",
        "`provider` says which one Terraform is written for, 5 or 6. "
        "[Use provider 6](../how-to/use-provider-6.md) says what else differs.",
        "overrides: {aws_ecs_service.web: {sigint_rollback: true}}                # bad\n"
        "provider: 6                                                              # good\n"
        "overrides: {aws_ecs_service.web: {sigint_rollback: true}}\n",
    ),
)
