"""Who may do what to what, read from the policies of a plan, and actions in plain words."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from compiler.plan.plan import Block, Join, Json, Plan, Ref, Value

EVERYBODY = "*"


@dataclass(frozen=True, slots=True)
class Grant:
    """What somebody may do, or must not, to some things."""

    who: str
    """The address of a role, identity or distribution, the name of an AWS service, or `*`."""
    effect: str
    """`Allow` or `Deny`."""
    actions: tuple[str, ...]
    """IAM actions, sorted."""
    things: tuple[str, ...]
    """Addresses of blocks, ARNs as they were written, or `*`."""
    condition: tuple[str, ...]
    """When it holds, a key with its values each; empty for always."""
    policy: str
    """The address of the shared policy that says so; empty for one's own."""
    by_hand: bool = False
    """Whether somebody else has to say so, in a policy that is not ours."""


def role_grants(plan: Plan) -> tuple[Grant, ...]:
    """What each role may do, by its own policies and by shared ones."""
    blocks = {block.address: block for block in plan.blocks}
    grants: list[Grant] = []
    for block in plan.blocks:
        match block.type, block.body.get("role"):
            case "aws_iam_role_policy", Ref(address=role):
                grants += _merged(role, "", _statements(block.body["policy"]))
            case "aws_iam_role_policy_attachment", Ref(address=role):
                policy = block.body["policy_arn"]
                address = policy.address if isinstance(policy, Ref) else f"{policy}"
                grants += _merged(role, address, _statements(blocks[address].body["policy"]))
            case _:
                pass
    return tuple(grants)


def role_owners(plan: Plan) -> Mapping[str, tuple[str, str]]:
    """For the address of each role of a service: the service, and `execution` or `task`."""
    return {
        role.address: (block.name, kind)
        for block in plan.blocks
        if block.type == "aws_ecs_task_definition"
        for kind in ("execution", "task")
        if isinstance(role := block.body.get(f"{kind}_role_arn"), Ref)
    }


def bucket_grants(plan: Plan) -> tuple[Grant, ...]:
    """Whom the policies of buckets let in or keep out."""
    groups: dict[tuple[str, bool], list[Mapping[str, Value]]] = {}
    for policy, by_hand in _bucket_policies(plan):
        for statement in _statements(policy):
            groups.setdefault((_principal(statement), by_hand), []).append(statement)
    return tuple(
        grant
        for (who, by_hand), statements in sorted(groups.items(), key=lambda f: f[0])
        for grant in _merged(who, "", statements, by_hand=by_hand)
    )


def _bucket_policies(plan: Plan) -> Iterator[tuple[Value, bool]]:
    for block in plan.blocks:
        if block.type == "aws_s3_bucket_policy":
            yield block.body["policy"], False
    for output in plan.outputs:
        if output.name.endswith("_policy_statements"):
            yield output.value, True


def _statements(policy: Value) -> tuple[Mapping[str, Value], ...]:
    """The statements of a policy, or of a list that is to become a part of one."""
    document = policy.document if isinstance(policy, Json) else policy
    listed = document.get("Statement") if isinstance(document, Mapping) else document
    return tuple(s for s in _several(listed) if isinstance(s, Mapping))


def _several(value: Value) -> tuple[Value, ...]:
    """A value or a list of them as a list."""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(value)
    return () if value is None else (value,)


def _merged(
    who: str, policy: str, statements: Iterable[Mapping[str, Value]], *, by_hand: bool = False
) -> Iterator[Grant]:
    """One grant for all things with the same actions, whichever statements they stand in."""
    permissions: dict[tuple[str, tuple[str, ...], str], set[str]] = {}
    for statement in statements:
        condition = tuple(_conditions(statement.get("Condition"), who))
        for resource in _several(statement["Resource"]):
            key = (f"{statement['Effect']}", condition, _thing(resource))
            permissions.setdefault(key, set()).update(f"{a}" for a in _several(statement["Action"]))
    things: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[str]] = {}
    for (effect, condition, thing), allowed in permissions.items():
        things.setdefault((effect, condition, tuple(sorted(allowed))), []).append(thing)
    for (effect, condition, actions), resources in things.items():
        yield Grant(who, effect, actions, tuple(resources), condition, policy, by_hand)


def _thing(resource: Value) -> str:
    """What a resource of a statement is: objects are their bucket, streams their log."""
    match resource:
        case Ref(address=address, attribute="arn"):
            return address
        case Ref(address=address, attribute=attribute):
            return f"{address}.{attribute}"
        case Join(parts=(first, *_)):
            return _thing(first)
        case _:
            return f"{resource}"


def _principal(statement: Mapping[str, Value]) -> str:
    """Who a bucket's statement is about; AWS's services act for one thing where that is named."""
    match statement.get("Principal"), statement.get("Condition"):
        case {"AWS": Ref(address=address)}, _:
            return address
        case _, {"StringEquals": {"AWS:SourceArn": Ref(address=address)}}:
            return address
        case {"Service": service}, _:
            return f"{service}"
        case principal, _:
            return f"{principal}"


def _conditions(condition: Value, who: str) -> Iterator[str]:
    """Each key of a condition with its values, but for what only says who is meant."""
    if not isinstance(condition, Mapping):
        return
    for keys in condition.values():
        if isinstance(keys, Mapping):
            for key, value in keys.items():
                values = _several(value)
                if not any(isinstance(v, Ref) and v.address == who for v in values):
                    yield f"{key} is {', '.join(map(_value_words, values))}"


def _value_words(value: Value) -> str:
    match value:
        case Ref(address="data.aws_caller_identity.current"):
            return "this account"
        case Ref(address=address):
            return address.rpartition(".")[2]
        case _:
            return f"{value}"


def block_at(address: str, plan: Plan) -> Block | None:
    """The block of an address; None for what is no block, such as an ARN."""
    return next((b for b in plan.blocks if b.address == address), None)


# What the actions of our own statements are for, as verb and object.
# Source: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
_KNOWN: Mapping[str, tuple[str, str]] = {
    "ecr:BatchCheckLayerAvailability": ("pull", "images"),
    "ecr:BatchGetImage": ("pull", "images"),
    "ecr:GetAuthorizationToken": ("log in to", "registries"),
    "ecr:GetDownloadUrlForLayer": ("pull", "images"),
    "logs:CreateLogStream": ("write", "logs"),
    "logs:PutLogEvents": ("write", "logs"),
    "s3:*": ("do", "anything"),
    "s3:AbortMultipartUpload": ("write", "objects"),
    "s3:DeleteObject": ("delete", "objects"),
    "s3:GetObject": ("read", "objects"),
    "s3:ListBucket": ("list", "objects"),
    "s3:PutObject": ("write", "objects"),
    "secretsmanager:GetSecretValue": ("read", "secrets"),
    "ssmmessages:CreateControlChannel": ("open", "a shell"),
    "ssmmessages:CreateDataChannel": ("open", "a shell"),
    "ssmmessages:OpenControlChannel": ("open", "a shell"),
    "ssmmessages:OpenDataChannel": ("open", "a shell"),
}
_FIRST, _LAST = ("list", "read", "write"), "delete"
_MOST = 2
"""Of more different things to do, the first ones are named and the rest is counted."""


def action_words(actions: Iterable[str]) -> str:
    """What some actions do, as one phrase.

    >>> action_words(["s3:DeleteObject", "s3:GetObject", "s3:ListBucket", "s3:PutObject"])
    'list, read, write and delete objects'
    >>> action_words(["ses:SendEmail", "ses:SendRawEmail"])
    'send email and raw email'
    """
    verbs: dict[str, list[str]] = {}
    for verb, thing in map(_spoken, actions):
        if verb not in verbs.setdefault(thing, []):
            verbs[thing].append(verb)
    things: dict[tuple[str, ...], list[str]] = {}
    for thing, words in verbs.items():
        things.setdefault(tuple(sorted(words, key=_place)), []).append(thing)
    phrases = [f"{_and(words)} {_and(named)}".strip() for words, named in things.items()]
    more = len(phrases) - _MOST
    return ", ".join(phrases[:_MOST]) + (f" and {more} more" if more > 0 else "")


def _place(verb: str) -> tuple[int, str]:
    """Harmless verbs first."""
    return _FIRST.index(verb) if verb in _FIRST else len(_FIRST) + (verb == _LAST), verb


def _spoken(action: str) -> tuple[str, str]:
    """Verb and object of one action: the words of its name, unless we know better.

    >>> _spoken("sqs:ReceiveMessage")
    ('receive', 'message')
    """
    if action in _KNOWN:
        return _KNOWN[action]
    service, _, name = action.rpartition(":")
    if name == "*":
        return "do", f"anything in {service}" if service else "anything"
    verb, *others = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[*?]", name) or [name]
    return verb.lower(), " ".join(w if w.isupper() else w.lower() for w in others)


def _and(words: Iterable[str]) -> str:
    """Words as a list in a sentence."""
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
