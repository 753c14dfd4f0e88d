"""What may be written about a content delivery network."""

from typing import Annotated, Literal

from pydantic import Field

from trazo_spec.base import Component, Name
from trazo_spec.components.certificate import Certificate
from trazo_spec.text import Hostname


class Cloudfront(Component):
    """A CloudFront distribution that serves a private bucket over HTTPS."""

    kind: Literal["cloudfront"] = "cloudfront"
    hostname: Hostname
    """The name that users call; a DNS record is made for it."""
    certificate: Certificate = Certificate()
    """The certificate, always in us-east-1; left out, one for `hostname`."""
    origin: Name
    """The `s3` component that holds the files."""
    origin_access: Literal["oac", "oai"] = "oac"
    """How CloudFront proves who it is to S3: origin access control, or the older origin access
    identity.
    """
    default_root_object: Annotated[str, Field(pattern=r"^[^/]\S*$")] | None = None
    """The file that is served for `/`."""
    single_page_app: bool = False
    """Whether a missing file is answered with `default_root_object` and status 200."""
    price_class: Literal["PriceClass_100", "PriceClass_200", "PriceClass_All"] = "PriceClass_100"
    """Where it is served from: America and Europe, most places, or everywhere."""
    content_security_policy: str = "default-src 'self'"
    """The Content-Security-Policy header of every answer."""
