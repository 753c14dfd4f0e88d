"""The two sides of a permission as items, and the permission between them as a card."""

from collections.abc import Iterable, Mapping

from compiler.backends.diagram.model.lanes import Stop, Way
from compiler.backends.diagram.model.picture import Item
from compiler.backends.diagram.model.typeface import WORDS_WIDTH, wrapped
from compiler.backends.diagram.views.folding import folded_ways
from compiler.backends.diagram.views.grants import EVERYBODY, Grant, action_words, block_at
from compiler.backends.diagram.views.overview import USERS_ICON
from compiler.backends.diagram.views.supporting import (
    CERTIFICATE_ICON,
    LOGS_ICON,
    ROLE_ICON,
    SECRET_ICON,
)
from compiler.card import listed
from compiler.plan.plan import Block, Plan, Ref, Value

ROLES: Mapping[str, tuple[str, str]] = {
    "execution": ("Execution role", "used by ECS to start a task"),
    "task": ("Task role", "used by the code in a task"),
}
"""What the two roles of a service are called, and who takes them."""

_ANY_ICON = "aws.general.General"
_BALANCER_ICON = "aws.network.ElbApplicationLoadBalancer"
_BUCKET_ICON = "aws.storage.SimpleStorageServiceS3"
_CDN_ICON = "aws.network.CloudFront"
_TABLE_ICON = "aws.database.Dynamodb"
_KEEPS_DATA = (_BUCKET_ICON, _TABLE_ICON)
_SERVICES: Mapping[str, tuple[str, str]] = {
    "dynamodb": ("DynamoDB", _TABLE_ICON),
    "ecr": ("ECR", "aws.compute.EC2ContainerRegistry"),
    "events": ("EventBridge", "aws.integration.Eventbridge"),
    "kms": ("KMS", "aws.security.KeyManagementService"),
    "lambda": ("Lambda", "aws.compute.Lambda"),
    "s3": ("S3", _BUCKET_ICON),
    "secretsmanager": ("Secrets Manager", SECRET_ICON),
    "ses": ("SES", "aws.engagement.SimpleEmailServiceSes"),
    "sns": ("SNS", "aws.integration.SimpleNotificationServiceSns"),
    "sqs": ("SQS", "aws.integration.SimpleQueueServiceSqs"),
    "ssm": ("Systems Manager", "aws.management.SystemsManager"),
}
"""Name and icon of AWS's services, by what an ARN calls them."""

_SOURCE = "aws:SourceArn is "
_DELIVERIES: Mapping[str, tuple[str, str]] = {
    "logdelivery.elasticloadbalancing.amazonaws.com": (
        "Load balancer logs",
        "aws.network.ElbApplicationLoadBalancer",
    ),
    "logging.s3.amazonaws.com": ("S3 access logs", _BUCKET_ICON),
    "cloudfront.amazonaws.com": ("CloudFront", _CDN_ICON),
}
"""What AWS's own services do for us, and the icon of what they do it for."""


def role_item(id_: str, address: str, kind: str, plan: Plan) -> Item:
    """A role of a service with who takes it; its kind is `execution` or `task`."""
    role = block_at(address, plan)
    body = role.body if role else {}
    title, use = ROLES[kind]
    limit = body.get("permissions_boundary")
    bounded = (f"limited by {f'{limit}'.rpartition('/')[2]}",) if limit else ()
    return Item(id_, ROLE_ICON, title, (f"{body.get('name', '')}", use, *bounded))


def who_item(id_: str, who: str, conditions: Iterable[str]) -> Item:
    """Who a bucket's policy is about."""
    kind, _, name = who.partition(".")
    if who == EVERYBODY:
        return Item(id_, USERS_ICON, "Everybody", ("people, roles, AWS services",))
    if kind == "aws_cloudfront_origin_access_identity":
        return Item(id_, _CDN_ICON, "Origin access identity", (f"of CloudFront {name}",))
    if kind == "aws_cloudfront_distribution":
        how = ("through its origin access control",)
        return Item(id_, _CDN_ICON, f"CloudFront {name}", how)
    title, symbol = _DELIVERIES.get(who, (who, _ANY_ICON))
    sources = [c.removeprefix(_SOURCE) for c in conditions if c.startswith(_SOURCE)]
    details = tuple(f"of S3 {s}" for s in sources) or ("sent by AWS",)
    return Item(id_, symbol, title, details, tooltip=who, keeps_data=symbol in _KEEPS_DATA)


def thing_item(id_: str, thing: str, plan: Plan, users: str = "") -> Item:
    """What a permission is about; `users` says for whom, where that needs to be said."""
    shared = (users,) if users else ()
    block = block_at(thing, plan)
    if block is not None:
        return _of_block(id_, block, plan, shared)
    if thing == EVERYBODY:
        return Item(id_, _ANY_ICON, "Any resource", ("*",))
    if thing.startswith("aws_db_instance."):
        name = thing.split(".")[1]
        details = ("created and rotated by RDS", *shared)
        return Item(id_, SECRET_ICON, f"Credentials of {name}", details)
    return _of_arn(id_, thing)


def _of_block(id_: str, block: Block, plan: Plan, shared: tuple[str, ...]) -> Item:
    match block.type:
        case "aws_s3_bucket":
            title = f"S3 {block.name}" if block.mode == "managed" else f"Existing S3 {block.name}"
            return Item(id_, _BUCKET_ICON, title, shared, keeps_data=True)
        case "aws_cloudwatch_log_group":
            kept = f"kept {block.body.get('retention_in_days')} days"
            return Item(id_, LOGS_ICON, "CloudWatch Logs", (f"{block.body['name']}", kept))
        case "aws_secretsmanager_secret":
            details = (secret_origin(block, plan), *shared)
            return Item(id_, SECRET_ICON, f"{block.body['name']}", details)
        case _:
            return Item(id_, _ANY_ICON, block.name, (block.type, *shared))


def secret_origin(secret: Block, plan: Plan) -> str:
    """Where the value of a secret comes from."""
    filled = block_at(f"aws_secretsmanager_secret_version.{secret.name}", plan)
    return "filled by Terraform, not stored in its state" if filled else "its value is set manually"


def _of_arn(id_: str, arn: str) -> Item:
    """Something that is not ours, by its ARN."""
    _, _, service, _, _, name = (*arn.split(":", 5), "", "", "", "", "", "")[:6]
    title, symbol = _SERVICES.get(service, (service or arn, _ANY_ICON))
    details = (name.rpartition("repository/")[2] or arn,)
    return Item(id_, symbol, title, details, tooltip=arn, keeps_data=symbol in _KEEPS_DATA)


def certificate_item(id_: str, arn: Value, plan: Plan) -> Item:
    """The certificate of a listener or distribution."""
    if not isinstance(arn, Ref):
        tail = f"{arn}".rpartition("/")[2]
        return Item(id_, CERTIFICATE_ICON, "Existing certificate", (tail,), tooltip=f"{arn}")
    name = arn.address.rpartition(".")[2]
    block = block_at(f"aws_acm_certificate.{name}", plan)
    body = block.body if block else {}
    names = [f"{body.get('domain_name', name)}", *_texts(body.get("subject_alternative_names"))]
    region = plan.aliases.get(block.provider, plan.region) if block else plan.region
    details = (*listed(names[1:], 2), f"{region} · validated by DNS")
    return Item(id_, CERTIFICATE_ICON, names[0], details, tooltip="\n".join(names))


def _texts(value: Value) -> tuple[str, ...]:
    return tuple(f"{v}" for v in value) if isinstance(value, list | tuple) else ()


PERMISSIONS_ICON = "aws.security.IdentityAndAccessManagementIamPermissions"

# Columns, from the left.
WHO, MAY, WHAT = range(3)

# Chosen: what a reader still takes in.
MOST_THINGS = 6
_MOST_ACTION_LINES = 4

# Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-best-practices.html
_WITHOUT_TLS = ("aws:SecureTransport is false",)


def statement(
    id_: str, grant: Grant, plan: Plan, users: Mapping[str, str], most: int = MOST_THINGS
) -> Way:
    """What is permitted or forbidden, and to what.

    Args:
        id_: the id of the words; those of things begin with it.
        grant: the permission.
        plan: where the things are looked up.
        users: for some things, a line about who may use them.
        most: of more things than this, one stands for the rest.
    """
    named = wrapped([*(f"{a}," for a in grant.actions[:-1]), grant.actions[-1]], WORDS_WIDTH)
    shown = named if len(named) <= _MOST_ACTION_LINES else (*named[: _MOST_ACTION_LINES - 1], "…")
    words = action_words(grant.actions)
    title = f"May not {words}" if grant.effect == "Deny" else words[:1].upper() + words[1:]
    if grant.condition == _WITHOUT_TLS:
        title = f"{title} without TLS"
    shared = (f"by the policy {grant.policy.rpartition('.')[2]}",) if grant.policy else ()
    item = Item(
        id_,
        PERMISSIONS_ICON,
        title,
        (*shown, *(f"when {c}" for c in grant.condition), *shared),
        tooltip="\n".join((grant.effect, *grant.actions, *grant.condition)),
    )
    ways = [
        Way(
            Stop(thing_item(f"{id_}.{i}", t, plan, users.get(t, "")), WHAT, "beside"),
            dashed=grant.by_hand,
        )
        for i, t in enumerate(grant.things)
    ]
    names = [_thing_name(way.to.item) for way in ways]
    return Way(Stop(item, MAY, "words", folded_ways(ways, most, "resources", names)))


def _thing_name(item: Item) -> str:
    """What tells one thing from others: below a title such as `ECR`, the name of what is there."""
    return item.details[0] if item.title in ("ECR", "CloudWatch Logs") else item.title
