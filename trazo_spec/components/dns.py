"""What may be written about a DNS zone."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from trazo_spec.base import Component, Lines, Strict
from trazo_spec.text import Hostname, is_below, refused


class Record(Strict):
    """A DNS record that no other component creates."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_*]([a-z0-9_.*-]*[a-z0-9_])?$|^@$")]
    """The name relative to the zone, or `@` for the zone itself."""
    type: Literal["A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT"]
    """The record type."""
    ttl_s: Annotated[int, Field(ge=0, le=2_147_483_647)] = 300
    """How long resolvers may cache the record, in seconds."""
    values: Annotated[tuple[Lines, ...], Field(min_length=1)]
    """The record's values in Route 53's format, but TXT values without quotes."""


class Dns(Component):
    """A Route 53 hosted zone with the records of the other components."""

    kind: Literal["dns"] = "dns"
    zone: Hostname | None = None
    """The domain of the zone; by default, the spec's `domain`."""
    existing: bool = False
    """Whether the zone already exists and is looked up instead of created."""
    delegate: bool = True
    """Whether to create the NS record of a new zone in the zone above it, where trazo knows that
    zone to be in the account.
    """
    parent: Hostname | None = None
    """The zone above it, if it is in the account; by default, a zone of the spec, of any
    environment in the same account.
    """
    records: tuple[Record, ...] = ()
    """Records that no other component creates."""

    @model_validator(mode="after")
    def _below_parent(self) -> Self:
        if self.zone and self.parent and not is_below(self.zone, self.parent):
            message = f"`{self.zone}` is not below the zone `{self.parent}`"
            advice = "`parent` is the end of `zone`, such as `acme.io` for `staging.acme.io`"
            raise refused("TZ200", message, advice)
        return self
