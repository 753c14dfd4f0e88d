"""What may be written about an application load balancer."""

from typing import Annotated, Literal

from pydantic import Field

from trazo_spec.base import Name, Placed, Strict
from trazo_spec.components.certificate import Certificate
from trazo_spec.text import Hostname, UrlPath


class Route(Strict):
    """Which requests go to which service."""

    to: Name
    """The service that answers."""
    host: Hostname | None = None
    """Only requests for this host name; left out, any."""
    path: UrlPath | None = None
    """Only requests for this path, `*` and `?` as wildcards; left out, any."""


class AccessLogs(Strict):
    """Where access logs are stored."""

    enabled: bool = True
    """Whether logs are written."""
    bucket: Name
    """The `s3` component that keeps them."""


class Alb(Placed):
    """A public HTTPS entry that spreads requests over services."""

    kind: Literal["alb"] = "alb"
    hostname: Hostname
    """The name that users call; a DNS record is made for it."""
    certificate: Certificate = Certificate()
    """The certificate of the HTTPS listener; left out, one for every host name of this load
    balancer.
    """
    routes: Annotated[tuple[Route, ...], Field(min_length=1)]
    """Which service receives which requests, first match wins; one without host and path takes all
    that is left, and without such a one the rest is answered with 404.
    """
    access_logs: AccessLogs | None = None
    """Where one line for each request is stored; left out, nowhere."""
    idle_timeout_s: Annotated[int, Field(ge=1, le=4000)] = 60
    """How long an idle connection stays open, in seconds."""
    tls_policy: Literal[
        "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        "ELBSecurityPolicy-TLS13-1-3-2021-06",
    ] = "ELBSecurityPolicy-TLS13-1-2-2021-06"
    """AWS's name for the TLS versions and ciphers that are accepted; all of them need TLS 1.2 or
    newer.
    """
    deletion_protection: bool = True
    """Whether AWS refuses to delete the load balancer."""
