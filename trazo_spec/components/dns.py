"""What may be written about a DNS zone."""

from typing import Annotated, Literal

from pydantic import Field

from trazo_spec.base import Component, Lines, Strict
from trazo_spec.text import Hostname


class Record(Strict):
    """A DNS record that no other component makes."""

    name: Annotated[str, Field(pattern=r"^[a-z0-9_*]([a-z0-9_.*-]*[a-z0-9_])?$|^@$")]
    """The name below the zone, `@` for the zone itself."""
    type: Literal["A", "AAAA", "CAA", "CNAME", "MX", "NS", "SRV", "TXT"]
    """The record's type."""
    ttl_s: Annotated[int, Field(ge=0, le=2_147_483_647)] = 300
    """How long others may remember it, in seconds."""
    values: Annotated[tuple[Lines, ...], Field(min_length=1)]
    """The record's values as Route 53 takes them, TXT without quotes."""


class Dns(Component):
    """A hosted zone of Route 53 with the records of the other components."""

    kind: Literal["dns"] = "dns"
    zone: Hostname | None = None
    """The domain of the zone; left out, the spec's `domain`."""
    existing: bool = False
    """Whether the zone is there already and is looked up instead of made."""
    records: tuple[Record, ...] = ()
    """Records that no other component makes."""
