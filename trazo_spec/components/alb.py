"""What may be written about an application load balancer."""

from typing import Annotated, Literal

from pydantic import Field

from trazo_spec.base import Name, Placed, Strict
from trazo_spec.components.certificate import Certificate
from trazo_spec.text import Hostname, UrlPath


class Route(Strict):
    """Which requests go to which service."""

    to: Name
    """The service that receives the requests."""
    host: Hostname | None = None
    """Match only requests for this host name; by default, any."""
    path: UrlPath | None = None
    """Match only requests for this path, with `*` and `?` as wildcards; by default, any."""


class AccessLogs(Strict):
    """Where access logs are stored."""

    enabled: bool = True
    """Whether logs are written."""
    bucket: Name
    """The `s3` component that stores them."""


class Alb(Placed):
    """A public HTTPS load balancer that distributes requests to services."""

    kind: Literal["alb"] = "alb"
    hostname: Hostname
    """The host name that users connect to; trazo creates a DNS record for it."""
    certificate: Certificate = Certificate()
    """The certificate of the HTTPS listener; by default, a new one for all host names of this load
    balancer.
    """
    routes: Annotated[tuple[Route, ...], Field(min_length=1)]
    """Which service receives which requests; the first match wins. A route without host and path
    takes all remaining requests; without such a route, they get a 404 response.
    """
    access_logs: AccessLogs | None = None
    """Where to store a log line for each request; by default, requests are not logged."""
    idle_timeout_s: Annotated[int, Field(ge=1, le=4000)] = 60
    """How long an idle connection stays open, in seconds."""
    tls_policy: Literal[
        "ELBSecurityPolicy-TLS13-1-2-2021-06",
        "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
        "ELBSecurityPolicy-TLS13-1-3-2021-06",
    ] = "ELBSecurityPolicy-TLS13-1-2-2021-06"
    """The AWS security policy with the accepted TLS versions and ciphers; all of them require TLS
    1.2 or newer.
    """
    deletion_protection: bool = True
    """Whether AWS refuses to delete the load balancer."""
