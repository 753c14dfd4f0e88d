"""What may be written about a content delivery network."""

from typing import Annotated, Literal

from pydantic import Field

from trazo_spec.base import Component, Name, Strict
from trazo_spec.components.certificate import Certificate
from trazo_spec.text import Hostname


class Hsts(Strict):
    """How long browsers use HTTPS only, as the Strict-Transport-Security header tells them."""

    max_age_days: Annotated[int, Field(ge=0, le=3650)] = 730
    """How long a browser remembers, in days; 0 makes it forget."""
    include_subdomains: bool = False
    """Whether it also holds for all host names below `hostname`, even those served elsewhere."""
    preload: bool = False
    """Whether browsers may ship with the domain in their lists; hard to undo."""


class Cloudfront(Component):
    """A CloudFront distribution that serves a private bucket over HTTPS."""

    kind: Literal["cloudfront"] = "cloudfront"
    hostname: Hostname
    """The host name that users connect to; trazo creates a DNS record for it."""
    certificate: Certificate = Certificate()
    """The certificate, always in us-east-1; by default, a new one for `hostname`."""
    origin: Name
    """The `s3` component that contains the files."""
    origin_access: Literal["oac", "oai"] = "oac"
    """How CloudFront authenticates to S3: origin access control, or the older origin access
    identity.
    """
    default_root_object: Annotated[str, Field(pattern=r"^[^/]\S*$")] | None = None
    """The file served for `/`."""
    single_page_app: bool = False
    """Whether to respond to requests for missing files with `default_root_object` and status 200.
    """
    price_class: Literal["PriceClass_100", "PriceClass_200", "PriceClass_All"] = "PriceClass_100"
    """The edge locations to use: those in North America and Europe, most of them, or all."""
    hsts: Hsts = Hsts()
    """How long browsers use HTTPS only."""
    content_security_policy: str = "default-src 'self'"
    """The Content-Security-Policy header of every response."""
