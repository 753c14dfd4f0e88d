"""IAM actions in plain words, as short as a diagram needs them."""

import re
from collections.abc import Iterable, Mapping

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
    for thing, of in verbs.items():
        things.setdefault(tuple(sorted(of, key=_place)), []).append(thing)
    phrases = [f"{_and(of)} {_and(named)}".strip() for of, named in things.items()]
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
