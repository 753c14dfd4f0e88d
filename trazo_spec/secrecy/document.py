"""Secrets in a spec: in values and keys at any depth, whether the language knows them or not."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from trazo_spec.diagnostics import Span, SpecPath
from trazo_spec.secrecy import join_overlaps, secrets_in
from trazo_spec.secrecy.names import Says, is_secret, leads_elsewhere, says
from trazo_spec.secrecy.secret import Secret
from trazo_spec.yaml.located import Located

_PROSE = frozenset({"description", "reason", "comment", "help"})
_OF_SECRET = frozenset({"description", "generate", "recovery_window_days"})
_NAMES = ("name", "Name", "key", "Key")
_VALUES = ("value", "Value")
_RANDOM_IN = frozenset({"environment", "command", "overrides"})
_ALIKE = 0.5
"""How alike a variable and the name of a secret are that belong together: `DB_PASSWORD` and
`database_password` (0.79), and not `hunter2secret` (0.25)."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A key or a value that is no list and no mapping, with the secrets in it."""

    path: SpecPath
    environment: str
    """The environment that changes it, empty in the base."""
    text: str
    span: Span
    """Where it is written."""
    at: Span
    """Where a finding points: the key, where the value has many lines."""
    secrets: tuple[Secret, ...]
    is_key: bool = False


@dataclass(frozen=True, slots=True)
class _Context:
    """What is known of a place from the keys above it."""

    components: frozenset[str]
    """Names of components; as a key below they name a link and no secret."""
    known: frozenset[str]
    """Names of secrets that the spec declares."""
    environment: str = ""
    path: SpecPath = ()
    name: str = ""
    """The name that a value here has."""
    above: str = ""
    """The key above that says that everything below it is secret."""

    def below(self, step: str | int) -> "_Context":
        return replace(self, path=(*self.path, step))


def leaves(document: Located) -> Iterator[Leaf]:
    """Every key and value that holds a secret, the base's first and then those of overlays."""
    parts = dict(document.value) if isinstance(document.value, dict) else {}
    overlays = parts.pop("environments", None)
    changes = overlays.value if overlays is not None else None
    per_environment = changes if isinstance(changes, dict) else {}
    documents = (document, *per_environment.values())
    context = _Context(_names(documents, "components"), _declared(documents))
    yield from _mapping(parts, context)
    if overlays is not None and not isinstance(changes, dict):
        yield from _below(overlays, context.below("environments"))
    for name, overlay in per_environment.items():
        yield from _key(name, overlay, context.below("environments"))
        yield from _below(overlay, replace(context, environment=name))


def _names(documents: tuple[Located, ...], part: str) -> frozenset[str]:
    nodes = (document.child(part) for document in documents)
    return frozenset(
        n for node in nodes if node and isinstance(node.value, dict) for n in node.value
    )


def _declared(documents: tuple[Located, ...]) -> frozenset[str]:
    components = (document.child("components") for document in documents)
    parts = [
        c
        for node in components
        if node and isinstance(node.value, dict)
        for c in node.value.values()
    ]
    return _names(tuple(p for p in parts if _is_security(p)), "secrets")


def _is_security(component: Located) -> bool:
    kind = component.child("kind")
    return kind is not None and kind.value == "security"


def _below(node: Located, context: _Context) -> Iterator[Leaf]:
    match node.value:
        case dict():
            yield from _mapping(node.value, context)
        case list():
            yield from _list(node.value, context)
        case str():
            yield from _value(node, node.value, context, _secrets(node.value, context))
        case bool() | None:
            return
        case number:
            text = str(number)
            name = context.name or context.above
            if is_secret(name, text):
                secret = Secret(0, len(text), f"the value of `{name}`", by_name=True)
                yield from _value(node, text, context, (secret,))


def _mapping(mapping: Mapping[str, Located], context: _Context) -> Iterator[Leaf]:
    named = _named_elsewhere(mapping)
    for key, child in mapping.items():
        yield from _key(key, child, context)
        inner = _named(context.below(key), key, child)
        if named and key in _VALUES:
            inner = replace(inner, name=named)
        yield from _below(child, inner)


def _named_elsewhere(mapping: Mapping[str, Located]) -> str:
    """The name in `{name: DB_PASSWORD, value: hunter2}`."""
    if not any(key in mapping for key in _VALUES):
        return ""
    names = (mapping[key].value for key in _NAMES if key in mapping)
    return next((name for name in names if isinstance(name, str)), "")


def _named(context: _Context, key: str, child: Located) -> _Context:
    """What a key says of what stands below it."""
    path, above = context.path, context.above
    if len(path) <= 2 and path[0] in ("components", "overrides", "checks", "traffic"):
        return context
    if path[0] == "components" and path[2:3] == ("secrets",):
        return _in_secrets(context, key, child)
    if path[0] == "components" and path[2:3] == ("uses",):
        return context
    if key in context.components and path[-2:-1] != ("environment",):
        return replace(context, name="")
    if key in _PROSE:
        return replace(context, name=key, above="")
    own = says(key)
    if own is Says.NOTHING and above and not leads_elsewhere(key):
        return replace(context, name=above)
    if isinstance(child.value, dict | list) and own is not Says.NOTHING:
        one = key.removesuffix("s")  # each of `passwords` is a password
        told = one if own is Says.MAYBE and says(one) is Says.SECRET else key
        return replace(context, name=told, above=told)
    return replace(context, name=key)


def _in_secrets(context: _Context, key: str, child: Located) -> _Context:
    """Below `secrets` stand names of secrets, or settings of them, and no values."""
    path = context.path
    if len(path) == 3:
        return replace(context, name="")
    if len(path) > 4 and path[-2:-1] != ("secrets",):
        return replace(context, name=key if key in _OF_SECRET else "secret value")
    named = isinstance(child.value, str) and _is_reference(key, child.value, context.known)
    return replace(context, name="" if named or isinstance(child.value, dict) else "secret")


def _is_reference(variable: str, value: str, known: frozenset[str]) -> bool:
    """Whether a text names a secret, rightly or with a slip of the pen."""
    if value in known or value.startswith("arn:"):
        return True
    if not value.replace("_", "").replace("-", "").isalnum() or len(value) > 64:
        return False
    words = (variable.lower(), *known)
    alike = any(SequenceMatcher(None, value.lower(), word).ratio() >= _ALIKE for word in words)
    return alike or not any(c.isdigit() or c.isupper() for c in value)


def _key(key: str, child: Located, context: _Context) -> Iterator[Leaf]:
    secrets = tuple(s for s in secrets_in(key) if s.likely)
    if secrets and child.key is not None:
        path = (*context.path, key)
        yield Leaf(path, context.environment, key, child.key, child.key, secrets, is_key=True)


def _list(items: list[Located], context: _Context) -> Iterator[Leaf]:
    """Each item alone, and texts as the words of one command."""
    words = [item.value if isinstance(item.value, str) else "" for item in items]
    together = _by_word(words) if sum(map(bool, words)) > 1 else {}
    for i, item in enumerate(items):
        inner = context.below(i)
        if isinstance(item.value, str):
            own = _secrets(item.value, inner)
            sure = [s for s in (*own, *together.get(i, ())) if s.likely]
            yield from _value(item, item.value, inner, join_overlaps(sure) or own)
        else:
            yield from _below(item, inner)


def _by_word(words: list[str]) -> dict[int, list[Secret]]:
    """The secrets of a command, each with the number of the word that holds it."""
    parts: dict[int, list[Secret]] = {}
    secrets = [s for s in secrets_in(" ".join(words)) if s.likely]
    start = 0
    for i, word in enumerate(words):
        end = start + len(word)
        for secret in secrets:
            if secret.start < end and secret.end > start:
                within = max(secret.start, start) - start, min(secret.end, end) - start
                parts.setdefault(i, []).append(replace(secret, start=within[0], end=within[1]))
        start = end + 1
    return parts


def _secrets(text: str, context: _Context) -> tuple[Secret, ...]:
    prose = context.name in _PROSE
    secrets = secrets_in(text, "" if prose else context.name, prose=prose)
    random = _RANDOM_IN & {*context.path}
    return tuple(s for s in secrets if s.likely or random)


def _value(
    node: Located, text: str, context: _Context, secrets: tuple[Secret, ...]
) -> Iterator[Leaf]:
    if secrets:
        yield Leaf(context.path, context.environment, text, node.span, node.label, secrets)
