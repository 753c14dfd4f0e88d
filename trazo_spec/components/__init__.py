"""The kinds of component, one module each."""

from typing import Annotated, TypeAlias, get_args

from pydantic import Field

from trazo_spec.components.alb import Alb
from trazo_spec.components.cloudfront import Cloudfront
from trazo_spec.components.dns import Dns
from trazo_spec.components.ecs import Ecs
from trazo_spec.components.iam import Iam
from trazo_spec.components.networking import Networking
from trazo_spec.components.rds import Rds
from trazo_spec.components.redis import Redis
from trazo_spec.components.s3 import S3
from trazo_spec.components.security import Security

AnyComponent: TypeAlias = Annotated[
    Alb | Cloudfront | Dns | Ecs | Iam | Networking | Rds | Redis | S3 | Security,
    Field(discriminator="kind"),
]

KINDS: dict[str, type[AnyComponent]] = {
    kind.model_fields["kind"].default: kind for kind in get_args(get_args(AnyComponent)[0])
}
"""Every kind by the name that a spec uses."""
