"""What may be written about a DNS zone."""

from typing import Annotated, Literal

from pydantic import Field

from trazo_spec.base import Component, Lines, Strict
from trazo_spec.text import Hostname


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
    records: tuple[Record, ...] = ()
    """Records that no other component creates."""
