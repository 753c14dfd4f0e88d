"""Private registries of ECR, as the name of an image tells them."""

import re
from dataclasses import dataclass

from compiler.aws.lists import dns_suffixes, partition

_IMAGE = re.compile(
    r"(?P<account>\d{12})\.dkr\.ecr(?:-fips)?\.(?P<region>[a-z0-9-]+)\.(?P<domain>[a-z][a-z0-9.-]*)/"
    r"(?P<repository>[a-z0-9._/-]+)(?:[:@].*)?"
)


@dataclass(frozen=True, slots=True)
class Registry:
    """Where a private image is."""

    account: str
    region: str
    domain: str
    """What the host ends in, such as `amazonaws.com`."""
    repository: str

    @property
    def arn(self) -> str:
        """The ARN of the repository."""
        place = f"{partition(self.region)}:ecr:{self.region}:{self.account}"
        return f"arn:{place}:repository/{self.repository}"


def registry(image: str) -> Registry | None:
    """The registry of an image in ECR, through its FIPS endpoint or not; None for any other image.

    >>> registry("123456789012.dkr.ecr.us-east-2.amazonaws.com/shop/web:7").repository
    'shop/web'
    """
    match = _IMAGE.fullmatch(image)
    if match is None or match["domain"] not in dns_suffixes():
        return None
    return Registry(match["account"], match["region"], match["domain"], match["repository"])
