"""The reference entries of what the check of a plan finds."""

from trazo_spec.codes import Code
from trazo_spec.diagnostics import Severity

# Whoever meets one of these has written an override, or met a mistake of trazo.
_OVERRIDE = "The provider's schema is checked before Terraform is ever called."

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
        "An argument is set that only AWS sets.",
        "It can be read by other blocks, but a configuration that sets it is refused.",
        "overrides: {aws_lb.alb: {dns_name: api.example.com}}   # bad\n",
    ),
    Code("TZ604", "An argument or nested block is missing that the type needs.", _OVERRIDE),
    Code(
        "TZ605",
        "An argument has a value of another type than it takes.",
        _OVERRIDE,
        "overrides: {aws_lb.alb: {idle_timeout: soon}}   # bad\n"
        "overrides: {aws_lb.alb: {idle_timeout: 120}}    # good\n",
    ),
    Code(
        "TZ606",
        "A nested block has a value that is no block.",
        "A nested block is a mapping, or a list of mappings where it stands several times.",
        "overrides: {aws_lb.alb: {access_logs: true}}              # bad\n"
        "overrides: {aws_lb.alb: {access_logs: {enabled: true}}}   # good\n",
    ),
    Code("TZ607", "A nested block stands more often or less often than it may.", _OVERRIDE),
    Code(
        "TZ608",
        "A reference leads to a block that is not there.",
        "Terraform would refuse the configuration: every address that is read must be declared.",
    ),
    Code("TZ609", "A reference reads an attribute that its target does not have.", _OVERRIDE),
    Code(
        "TZ610",
        "A block waits for one that is not there.",
        "`depends_on` holds addresses of other blocks of the same environment.",
    ),
    Code(
        "TZ611",
        "Two blocks have the same address.",
        "CDKTF would merge them into one without a word, and half of them would be gone.",
    ),
    Code(
        "TZ612",
        "`lifecycle` names something that does not exist.",
        "A rule of `lifecycle` that Terraform does not know is refused, and an argument in "
        "`ignore_changes` that the type does not have protects nothing.",
    ),
    Code(
        "TZ613",
        "A name is no Terraform identifier.",
        "It begins with a letter or `_`, and holds letters, digits, `_` and `-`.",
    ),
    Code(
        "TZ614",
        "A block uses a provider that is not configured.",
        "Every alias stands beside the default provider, with a region of its own.",
    ),
    Code(
        "TZ615",
        "An argument is deprecated.",
        "It works with this version of the provider and is gone in a later one.",
        severity=Severity.WARNING,
    ),
    Code(
        "TZ616",
        "An ephemeral value goes where it would be stored.",
        "What comes from an ephemeral block may only go into write-only arguments, which are kept "
        "out of the state.",
    ),
    Code(
        "TZ617",
        "Blocks read each other in a circle.",
        "Terraform could create none of them first.",
    ),
    Code(
        "TZ618",
        "A move leads from a block that is there, or to one that is not.",
        "`moved` tells Terraform the new address of what it knows under an old one.",
    ),
    Code(
        "TZ619",
        "An output would print a sensitive value.",
        "Terraform refuses such outputs, and what an apply prints ends up in logs.",
    ),
)
